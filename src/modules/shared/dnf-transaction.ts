/** What dnf says it would do: `--assumeno` prints the transaction and does nothing. The table is alike in dnf 4 and 5. */
import { quoteAll } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { Change } from '../contract.ts'
import { complaint } from './results.ts'

export interface DnfCall {
  readonly tool: string
  readonly options: readonly string[]
  /** install, upgrade, remove or autoremove. */
  readonly verb: string
  readonly words: readonly string[]
}

export interface DnfStep {
  readonly kind: 'install' | 'upgrade' | 'downgrade' | 'remove' | 'other'
  /** name.arch */
  readonly package: string
  readonly version: string
  /** Asked for; false for what comes along as a dependency. */
  readonly isAsked: boolean
}

export function simulationKey(call: DnfCall): Extract<Key, { kind: 'read' }> {
  const { tool, options, verb, words } = call
  const line = quoteAll([tool, '--assumeno', ...options, verb, ...words])
  return { kind: 'read', name: `simulated ${line}`, script: `LC_ALL=C ${line} 2>&1` }
}

/** A text is dnf's reason why it cannot be done. */
export function readTransaction(seen: ReadSeen): readonly DnfStep[] | string {
  const steps = tableOf(seen.stdout)
  if (steps.length > 0 || seen.code === 0) return steps
  if (
    /^(No packages marked for removal|No match for argument)/m.test(seen.stdout) &&
    !/^Error/m.test(seen.stdout)
  )
    return []
  const errors = seen.stdout.split('\n').filter(line => !/^Last metadata|^Operation aborted/.test(line))
  return complaint({ stdout: errors.join('\n'), stderr: seen.stderr })
}

const HEADINGS: readonly (readonly [RegExp, DnfStep['kind']])[] = [
  [/^(Installing|Reinstalling)/, 'install'],
  [/^Upgrading/, 'upgrade'],
  [/^Downgrading/, 'downgrade'],
  [/^Removing/, 'remove'],
]

function tableOf(stdout: string): DnfStep[] {
  const steps: DnfStep[] = []
  let heading: { readonly kind: DnfStep['kind']; readonly isAsked: boolean } | null = null
  let waiting = ''
  for (const line of stdout.split('\n')) {
    if (/^Transaction Summary/.test(line)) break
    if (/^\S.*:$/.test(line)) {
      const kind = HEADINGS.find(([pattern]) => pattern.test(line))?.[1] ?? 'other'
      heading = { kind, isAsked: !/dependenc/i.test(line) }
      continue
    }
    if (heading === null || !line.startsWith(' ')) continue
    // A name that is too long for its column stands on a line of its own; "replacing …" lines belong to the one above.
    const fields = `${waiting}${line}`.trim().split(/\s+/)
    waiting = ''
    if (fields[0] === 'replacing') continue
    if (fields.length < 4) {
      if (fields.length === 1) waiting = `${line} `
      continue
    }
    const [name = '', arch = '', version = ''] = fields
    steps.push({ ...heading, package: `${name}.${arch}`, version })
  }
  return steps
}

export function changeOf({ kind, package: subject, version }: DnfStep): Change {
  if (kind === 'remove') return { what: 'package', subject, from: version, to: null }
  return { what: 'package', subject, from: kind === 'install' ? null : 'another version', to: version }
}

/** As Ansible's module says it. */
export function resultLine({ kind, package: name, version }: DnfStep): string {
  const at = name.lastIndexOf('.')
  const nevra = `${name.slice(0, at)}-${version}${name.slice(at)}`
  return `${kind === 'remove' ? 'Removed' : 'Installed'}: ${nevra}`
}
