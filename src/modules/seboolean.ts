/**
 * seboolean: a switch of the SELinux policy.
 *
 * Args     name, state, persistent (over a reboot), ignore_selinux_state.
 * Changes  the switch.
 * Errors   SELinux is off; the policy has no such switch. Whether it is persistent, semanage tells where it is there.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    name: word(),
    state: bool(),
    persistent: bool().default(false),
    ignore_selinux_state: bool().default(false),
  })
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'setsebool' } as const satisfies Key

export const seboolean = defineModule<Args>({
  name: 'seboolean',
  summary: 'A switch of the SELinux policy',
  args: schema,
  keys: args => [TOOL, stateKey(args)],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null)
      return fail('this host has no setsebool: install the package policycoreutils')
    const { stdout } = seen.get(stateKey(args))
    const isOff = /^disabled$/m.test(stdout)
    if (isOff && !args.ignore_selinux_state) return fail('SELinux is disabled on this host')
    const now = /^live (on|off)$/m.exec(stdout)?.[1]
    const kept = /^kept (on|off)$/m.exec(stdout)?.[1]
    if (now === undefined && !isOff) return fail(`the SELinux policy has no boolean ${args.name}`)
    const wanted = args.state ? 'on' : 'off'
    const result = { name: args.name, persistent: args.persistent, state: args.state }
    if ((isOff || now === wanted) && (!args.persistent || (kept ?? now) === wanted))
      return { kind: 'ok', result }
    const flags = args.persistent ? ['-P'] : []
    return {
      kind: 'change',
      changes: [
        { what: 'boolean', subject: args.name, from: (now === wanted ? kept : now) ?? null, to: wanted },
      ],
      apply: [
        {
          do: 'run',
          argv: ['setsebool', ...flags, args.name, wanted],
          failure: `${args.name} could not be set`,
        },
      ],
      result,
      touches: [stateKey(args)],
    }
  },
  settles: true,
})

/** disabled, or the switch as it is and, by semanage, as it will be after a reboot: "name (on , off) …". */
function stateKey({ name }: Args) {
  const word = quote(name)
  return {
    kind: 'read',
    name: `boolean ${name}`,
    script: `if command -v selinuxenabled >/dev/null 2>&1 && ! selinuxenabled; then echo disabled; fi
getsebool ${word} 2>/dev/null | sed -n 's/^.* --> \\(on\\|off\\)$/live \\1/p'
semanage boolean -l -n 2>/dev/null | awk -v n=${word} '$1 == n' | sed -n 's/^[^(]*([a-z ]*, *\\(on\\|off\\) *).*/kept \\1/p'; :`,
  } as const satisfies Key
}
