/**
 * service: a service, whatever runs services there (systemd, OpenRC, init scripts).
 *
 * Args     name, state started|stopped|restarted|reloaded, enabled, arguments, sleep (pause between
 *          stop and start of a restart by an init script), runlevel (of OpenRC), pattern (in the list of processes: what an
 *          init script runs), use (auto, or what the host must run services with).
 * Changes  one for each difference.
 * Errors   the service does not exist; nothing on the host runs services, or something else than `use` says.
 */

import type { z } from 'zod'
import type { Key, Seen, UnitSeen } from '../probes/contract.ts'
import { type Context, defineModule, type RunAction, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, text, word } from './shared/arguments.ts'
import { wantedUnit } from './shared/declared.ts'
import { fail } from './shared/results.ts'
import { initAction, type UnitStep, unitSteps } from './shared/unit-decision.ts'
import { systemd } from './systemd.ts'

const schema = () =>
  argumentsOf(
    {
      name: word(),
      state: choice(['started', 'stopped', 'restarted', 'reloaded']).optional(),
      enabled: bool().optional(),
      arguments: text().default(''),
      sleep: int().optional(),
      pattern: text().optional(),
      runlevel: text().default('default'),
      use: choice(['auto', 'service', 'systemd', 'sysvinit', 'openrc']).default('auto'),
    },
    { args: 'arguments' },
  ).refine(args => args.state !== undefined || args.enabled !== undefined, 'needs state or enabled')
type Args = z.output<ReturnType<typeof schema>>

export const service = defineModule<Args>({
  name: 'service',
  aliases: ['sysvinit'],
  summary: 'State and enablement of a service, with or without systemd',
  args: schema,
  keys: args => [unitKey(args)],
  decide(args, seen, ctx): Verdict {
    const found = seen.get(unitKey(args))
    if (!['auto', 'service', found.manager].includes(args.use))
      return fail(`${args.name}: use says ${args.use}, and this host runs services by ${found.manager}`)
    if (looksAround(args, found) && !seen.has(PROCESSES)) return { kind: 'ask', keys: [PROCESSES] }
    const unit = looksAround(args, found) ? withPattern(args, found, seen.get(PROCESSES).stdout) : found
    switch (unit.manager) {
      case 'systemd':
        return bySystemd(args, seen, ctx)
      case 'none':
        return fail(`${args.name}: nothing on this host runs services (no systemd, OpenRC or /etc/init.d)`)
      default: {
        if (unit.load === 'not-found') return fail(`Could not find the requested service ${args.name}: host`)
        const steps = unitSteps(args, unit)
        const result = { name: args.name, ...(args.state ? { state: args.state } : {}) }
        if (steps.length === 0) return { kind: 'ok', result }
        const { manager } = unit
        const apply = steps.flatMap(step => initActions(args, step, manager))
        return {
          kind: 'change',
          changes: steps.map(step => step.change),
          apply,
          touches: [unitKey(args)],
          result,
        }
      }
    }
  },
  declares: args => wantedUnit(args, 'system'),
  settles: 'restarted and reloaded act every time they are asked for',
})

/** What runs, a line each; without ps (a bare busybox has one) from /proc. */
const PROCESSES = {
  kind: 'read',
  name: 'processes',
  script: `ps -eo args= 2>/dev/null || ps -o args 2>/dev/null || for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <"$f"; echo; done 2>/dev/null; :`,
} as const satisfies Key

/** Only scripts that say nothing of themselves need it. */
function looksAround(args: Args, unit: UnitSeen): boolean {
  return args.pattern !== undefined && (unit.manager === 'sysvinit' || unit.manager === 'openrc')
}

function withPattern({ pattern = '' }: Args, unit: UnitSeen, processes: string): UnitSeen {
  return { ...unit, active: processes.includes(pattern) ? 'active' : 'inactive' }
}

function bySystemd(args: Args, seen: Seen, ctx: Context): Verdict {
  const { name, state, enabled } = args
  const wish = systemd
    .args()
    .parse({ name, ...(state ? { state } : {}), ...(enabled === undefined ? {} : { enabled }) })
  return systemd.decide(wish, seen, ctx)
}

function initActions(args: Args, { verb }: UnitStep, manager: 'sysvinit' | 'openrc'): RunAction[] {
  const name = args.name.replace(/\.service$/, '')
  const more = { manager, words: args.arguments, runlevel: args.runlevel }
  if (verb === 'restart' && args.sleep !== undefined) {
    return [
      initAction('stop', name, more),
      { do: 'run', argv: ['sleep', String(args.sleep)] },
      initAction('start', name, more),
    ]
  }
  return [initAction(verb, name, more)]
}

function unitKey(args: Args) {
  return { kind: 'unit', name: args.name, scope: 'system' } as const satisfies Key
}
