import type { z } from 'zod'
import { argumentsOf, bool, choice, int, list, text, word } from './arguments.ts'
import type { FieldValue } from './deb822-text.ts'
import { mode } from './mode.ts'

export const deb822Schema = () =>
  argumentsOf({
    name: word(),
    state: choice(['present', 'absent']).default('present'),
    mode: mode().default(0o644),
    types: list().default(['deb']),
    uris: list().optional(),
    suites: list().optional(),
    components: list().optional(),
    architectures: list().optional(),
    languages: list().optional(),
    targets: list().optional(),
    signed_by: text().optional(),
    enabled: bool().optional(),
    trusted: bool().optional(),
    allow_downgrade_to_insecure: bool().optional(),
    allow_insecure: bool().optional(),
    allow_weak: bool().optional(),
    by_hash: bool().optional(),
    check_date: bool().optional(),
    check_valid_until: bool().optional(),
    date_max_future: int().optional(),
    inrelease_path: text().optional(),
    pdiffs: bool().optional(),
    install_python_debian: bool().default(true),
  })
    .refine(
      args => args.types.every(type => type === 'deb' || type === 'deb-src'),
      'types must be of: deb, deb-src',
    )
    .refine(
      args => args.state === 'absent' || (args.uris !== undefined && args.suites !== undefined),
      'needs uris and suites when the state is present',
    )

export type Deb822Args = z.output<ReturnType<typeof deb822Schema>>

/** What is written to the file. */
export function fieldsOf(args: Deb822Args): Record<string, FieldValue | undefined> {
  const { state: _state, mode: _mode, install_python_debian: _install, ...fields } = args
  return fields
}
