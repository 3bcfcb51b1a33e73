/**
 * service: a service, whatever runs services there (systemd, OpenRC, init scripts).
 *
 * Args     name, state started|stopped|restarted|reloaded, enabled, arguments, sleep (pause between
 *          stop and start of a restart by an init script); pattern, runlevel and use are taken and not needed.
 * Changes  one for each difference.
 * Errors   the service does not exist; nothing on the host runs services.
 */

import type { z } from 'zod'
import type { Key, Seen } from '../probes/contract.ts'
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
      runlevel: text().optional(),
      use: text().optional(),
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
    const unit = seen.get(unitKey(args))
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

function bySystemd(args: Args, seen: Seen, ctx: Context): Verdict {
  const { name, state, enabled } = args
  const wish = systemd
    .args()
    .parse({ name, ...(state ? { state } : {}), ...(enabled === undefined ? {} : { enabled }) })
  return systemd.decide(wish, seen, ctx)
}

function initActions(args: Args, { verb }: UnitStep, manager: 'sysvinit' | 'openrc'): RunAction[] {
  const name = args.name.replace(/\.service$/, '')
  if (verb === 'restart' && args.sleep !== undefined) {
    return [
      initAction('stop', name, manager, args.arguments),
      { do: 'run', argv: ['sleep', String(args.sleep)] },
      initAction('start', name, manager, args.arguments),
    ]
  }
  return [initAction(verb, name, manager, args.arguments)]
}

function unitKey(args: Args) {
  return { kind: 'unit', name: args.name, scope: 'system' } as const satisfies Key
}
