/**
 * systemd: state, enablement and mask of a unit; daemon-reload and daemon-reexec.
 *
 * Args     name, state started|stopped|restarted|reloaded, enabled, masked, daemon_reload,
 *          daemon_reexec, scope system|user|global, no_block, force.
 * Changes  one for each difference; daemon_reload runs each time and is no change.
 * Errors   the unit does not exist; the host does not run systemd; systemctl's own words.
 */

import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { type Context, defineModule, type RunAction, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, text } from './shared/arguments.ts'
import { wantedUnit } from './shared/declared.ts'
import { quietly } from './shared/quietly.ts'
import { fail } from './shared/results.ts'
import { unitSteps } from './shared/unit-decision.ts'

const schema = () =>
  argumentsOf(
    {
      name: text().optional(),
      state: choice(['started', 'stopped', 'restarted', 'reloaded']).optional(),
      enabled: bool().optional(),
      masked: bool().optional(),
      daemon_reload: bool().default(false),
      daemon_reexec: bool().default(false),
      scope: choice(['system', 'user', 'global']).default('system'),
      no_block: bool().default(false),
      force: bool().default(false),
    },
    { service: 'name', unit: 'name', 'daemon-reload': 'daemon_reload', 'daemon-reexec': 'daemon_reexec' },
  ).refine(
    args =>
      args.name !== undefined ||
      (args.state === undefined && args.enabled === undefined && args.masked === undefined),
    'state, enabled and masked need a name',
  )
export type SystemdArgs = z.output<ReturnType<typeof schema>>

/** A unit to ask for where none is named: tells whether systemd runs at all. */
const ANY_UNIT = 'basic.target'

export const systemd = defineModule<SystemdArgs>({
  name: 'systemd',
  aliases: ['systemd_service'],
  summary: 'State, enablement and mask of a systemd unit',
  args: schema,
  keys: args => [
    unitKey(args),
    ...(args.scope === 'global' && args.name !== undefined ? [globalKey(args.name)] : []),
  ],
  decide(args, seen, ctx) {
    const found = seen.get(unitKey(args))
    if (found.manager !== 'systemd') {
      return fail('this host does not run systemd; use the service module, which knows init scripts too')
    }
    const unit =
      args.scope === 'global' && args.name !== undefined
        ? { ...found, fileState: seen.get(globalKey(args.name)).stdout.trim() }
        : found
    const acts = args.state !== undefined || args.enabled !== undefined
    const missing = unit.load === 'not-found' && unit.fileState === ''
    if (acts && missing && !args.daemon_reload) {
      return fail(`Could not find the requested service ${args.name}: host`)
    }
    return verdictFor(args, unit, ctx)
  },
  declares: args => wantedUnit(args, args.scope),
  settles: 'restarted and reloaded act every time they are asked for',
})

function verdictFor(args: SystemdArgs, unit: Parameters<typeof unitSteps>[1], ctx: Context): Verdict {
  const name = args.name ?? ''
  const before: RunAction[] = [
    ...(args.daemon_reexec ? [systemctl(args, ['daemon-reexec'])] : []),
    ...(args.daemon_reload ? [systemctl(args, ['daemon-reload'])] : []),
  ]
  const result = {
    name,
    status: unit.properties,
    ...(args.enabled === undefined ? {} : { enabled: args.enabled }),
    ...(args.state === undefined ? {} : { state: args.state === 'stopped' ? 'stopped' : 'started' }),
  }
  const steps = args.name === undefined ? [] : unitSteps({ ...args, name }, unit)
  if (steps.length === 0) {
    return before.length === 0
      ? { kind: 'ok', result }
      : quietly(ctx, 'systemctl daemon-reload', before, result)
  }
  const flags = [...(args.no_block ? ['--no-block'] : [])]
  const actions = steps.map(({ verb }) =>
    systemctl(args, [verb, ...(args.force && verb === 'enable' ? ['--force'] : []), ...flags, name]),
  )
  return {
    kind: 'change',
    changes: steps.map(step => step.change),
    apply: [...before, ...actions],
    touches: [unitKey(args)],
    result,
  }
}

/** A user's own manager is found through its runtime directory, which a task's environment may lack. */
function systemctl(args: SystemdArgs, words: readonly string[]): RunAction {
  const failure = `Unable to ${words[0]} ${args.name ?? 'systemd'}`
  if (args.scope === 'system') return { do: 'run', argv: ['systemctl', ...words], failure }
  if (args.scope === 'global') return { do: 'run', argv: ['systemctl', '--global', ...words], failure }
  const script = `export XDG_RUNTIME_DIR="\${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"; exec "$@"`
  return { do: 'run', argv: ['/bin/sh', '-c', script, 'sh', 'systemctl', '--user', ...words], failure }
}

function unitKey(args: SystemdArgs) {
  const scope = args.scope === 'user' ? ('user' as const) : ('system' as const)
  return { kind: 'unit', name: args.name ?? ANY_UNIT, scope } as const satisfies Key
}

function globalKey(name: string) {
  const script = `systemctl --global is-enabled -- ${quote(name)} 2>/dev/null; true`
  return { kind: 'read', name: `global unit ${name}`, script } as const satisfies Key
}
