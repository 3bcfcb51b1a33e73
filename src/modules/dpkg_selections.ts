/**
 * dpkg_selections: what dpkg is told to do with a package (hold it, for example).
 *
 * Args     name, selection (install, hold, deinstall, purge).
 * Changes  the selection.
 * Errors   dpkg does not know the package.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({ name: word(), selection: choice(['install', 'hold', 'deinstall', 'purge']) })
type Args = z.output<ReturnType<typeof schema>>

const DPKG = { kind: 'which', command: 'dpkg' } as const satisfies Key

export const dpkgSelections = defineModule<Args>({
  name: 'dpkg_selections',
  summary: 'What dpkg is told to do with a package',
  args: schema,
  keys: args => [DPKG, selectionKey(args)],
  decide(args, seen): Verdict {
    if (seen.get(DPKG).path === null)
      return fail('this host has no dpkg: dpkg_selections works on Debian and its relatives only')
    const now = seen.get(selectionKey(args)).stdout.trim().split(/\s+/)[1]
    if (now === undefined) return fail(`dpkg knows no package ${args.name} to select`)
    const result = { before: now, after: args.selection }
    if (now === args.selection) return { kind: 'ok', result }
    return {
      kind: 'change',
      changes: [{ what: 'selection', subject: args.name, from: now, to: args.selection }],
      apply: [
        {
          do: 'run',
          argv: ['dpkg', '--set-selections'],
          stdin: `${args.name} ${args.selection}\n`,
          failure: `dpkg refused the selection of ${args.name}`,
        },
      ],
      result,
      touches: [selectionKey(args)],
    }
  },
  settles: true,
})

function selectionKey({ name }: Args) {
  return {
    kind: 'read',
    name: `selection of ${name}`,
    script: `dpkg --get-selections ${quote(name)} 2>/dev/null; :`,
  } as const satisfies Key
}
