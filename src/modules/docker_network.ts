/**
 * docker_network: a network of the Docker engine, there or not, with its driver, subnets and containers.
 *
 * Args     name, state (present | absent), driver, driver_options, internal, attachable, enable_ipv4, enable_ipv6, labels,
 *          scope, ingress, config_only, config_from, ipam_driver, ipam_driver_options, ipam_config (subnet, gateway,
 *          iprange, aux_addresses), connected, appends, force.
 * Changes  create, remove, connect and disconnect. Options of an existing network cannot be changed in place: a
 *          difference removes it and makes it anew, its containers taken out before and put back after.
 * Errors   what docker says; a network that differs and is in use without `force: true` is refused.
 */

import { z } from 'zod'
import type { ReadSeen } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Steps, type Verdict } from './contract.ts'
import { bool, choice, list, listOf, textDict, word } from './shared/arguments.ts'
import { ofOwnEngine } from './shared/declared.ts'
import { dockerArguments, dockerKey, dockerWords, problemOf, readInspected } from './shared/docker-cli.ts'
import {
  networkDifferences,
  parseNetwork,
  type SeenNetwork,
  type WantedNetwork,
} from './shared/network-state.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments(
    {
      name: word(),
      state: choice(['present', 'absent']).default('present'),
      driver: word().default('bridge'),
      driver_options: textDict().default({}),
      internal: bool().optional(),
      attachable: bool().optional(),
      config_from: word().optional(),
      config_only: bool().optional(),
      enable_ipv4: bool().optional(),
      enable_ipv6: bool().optional(),
      ingress: bool().optional(),
      scope: choice(['local', 'global', 'swarm']).optional(),
      labels: textDict().default({}),
      ipam_driver: word().optional(),
      ipam_driver_options: textDict().default({}),
      ipam_config: listOf(
        z.strictObject({
          subnet: word().optional(),
          gateway: word().optional(),
          iprange: word().optional(),
          aux_addresses: textDict().optional(),
        }),
      ).optional(),
      connected: list().default([]),
      appends: bool().default(false),
      force: bool().default(false),
    },
    { network_name: 'name', containers: 'connected', incremental: 'appends' },
  )
type Args = z.output<ReturnType<typeof schema>>

export const dockerNetwork = defineModule<Args>({
  name: 'docker_network',
  summary: 'A network of the Docker engine',
  args: schema,
  keys: args => [inspectKey(args)],
  declares: args =>
    args.state === 'absent' ? [] : ofOwnEngine(args, [{ kind: 'network', name: args.name }]),
  settles: true,
  decide(args, seen): Verdict {
    const answer = seen.get(inspectKey(args))
    if (answer.code !== 0 && !isAbsent(answer))
      return fail(`docker does not tell about the network ${args.name}: ${problemOf(answer)}`)
    const found = answer.code === 0 ? parseNetwork(answer.stdout) : null
    return args.state === 'absent' ? absent(args, found) : present(args, found)
  },
})

function inspectKey(args: Args) {
  return dockerKey(args, ['network', 'inspect', '--', args.name])
}

function isAbsent({ stderr }: ReadSeen): boolean {
  return /no such network|network .* not found/i.test(stderr)
}

function absent(args: Args, found: SeenNetwork | null): Verdict {
  if (!found) return { kind: 'ok', result: { network: null } }
  const changes: Change[] = [{ what: 'state', subject: args.name, from: 'present', to: 'absent' }]
  return {
    kind: 'change',
    changes,
    apply: [...leave(args, found.containers), remove(args)],
    result: { network: null },
  }
}

function present(args: Args, found: SeenNetwork | null): Verdict {
  if (!found) {
    const changes: Change[] = [{ what: 'state', subject: args.name, from: 'absent', to: 'present' }]
    return { kind: 'change', changes, apply: telling(args, [create(args), ...join(args, args.connected)]) }
  }
  const changes = networkDifferences(wanted(args), found)
  if (changes.length === 0) return members(args, found)
  if (found.containers.length > 0 && !args.force) {
    const what = changes.map(change => change.what).join(', ')
    return fail(
      `the network ${args.name} differs in ${what}, and ${found.containers.join(', ')} use it; force: true makes it anew`,
    )
  }
  const back = [...new Set([...found.containers, ...args.connected])]
  return {
    kind: 'change',
    changes,
    apply: telling(args, [
      ...leave(args, found.containers),
      ...[remove(args), create(args), ...join(args, back)],
    ]),
  }
}

function members(args: Args, found: SeenNetwork): Verdict {
  const missing = args.connected.filter(name => !found.containers.includes(name))
  const extra =
    args.connected.length === 0 || args.appends
      ? []
      : found.containers.filter(name => !args.connected.includes(name))
  if (missing.length + extra.length === 0) return { kind: 'ok', result: { network: found.raw } }
  const to = [...found.containers.filter(name => !extra.includes(name)), ...missing]
  const changes: Change[] = [{ what: 'containers', subject: args.name, from: [...found.containers], to }]
  return { kind: 'change', changes, apply: telling(args, [...leave(args, extra), ...join(args, missing)]) }
}

/** Ends with what the engine then says of the network. */
function telling(args: Args, actions: readonly Action[]): Steps {
  return function* () {
    for (const action of actions) yield action
    const list = readInspected(
      yield { do: 'run', script: inspectKey(args).script, ok: 'any', readOnly: true },
    )
    return { network: 'found' in list ? (list.found[0] ?? null) : null }
  }
}

function wanted(args: Args): WantedNetwork {
  const { driver, driver_options, internal, attachable, enable_ipv6, labels, ipam_driver, ipam_config } = args
  return {
    driver,
    options: driver_options,
    internal,
    attachable,
    ipv6: enable_ipv6,
    ipv4: args.enable_ipv4,
    scope: args.scope,
    ingress: args.ingress,
    configOnly: args.config_only,
    configFrom: args.config_from,
    ipamOptions: args.ipam_driver_options,
    labels,
    ipamDriver: ipam_driver,
    ipam: ipam_config,
  }
}

function create(args: Args): Action {
  const flag = (name: string, on: boolean | undefined) => (on ? [name] : [])
  const pairs = (name: string, dict: Readonly<Record<string, string>>) =>
    Object.entries(dict).map(([key, value]) => `--${name}=${key}=${value}`)
  const ipam = (args.ipam_config ?? []).flatMap(({ subnet, gateway, iprange, aux_addresses }) => [
    ...(subnet ? [`--subnet=${subnet}`] : []),
    ...(gateway ? [`--gateway=${gateway}`] : []),
    ...(iprange ? [`--ip-range=${iprange}`] : []),
    ...pairs('aux-address', aux_addresses ?? {}),
  ])
  const argv = [
    ...[...dockerWords(args), 'network', 'create', `--driver=${args.driver}`],
    ...flag('--internal', args.internal),
    ...flag('--attachable', args.attachable),
    ...flag('--ipv6', args.enable_ipv6),
    ...(args.enable_ipv4 === undefined ? [] : [`--ipv4=${args.enable_ipv4}`]),
    ...flag('--ingress', args.ingress),
    ...flag('--config-only', args.config_only),
    ...(args.config_from ? [`--config-from=${args.config_from}`] : []),
    ...(args.scope ? [`--scope=${args.scope}`] : []),
    ...pairs('opt', args.driver_options),
    ...pairs('label', args.labels),
    ...(args.ipam_driver ? [`--ipam-driver=${args.ipam_driver}`] : []),
    ...pairs('ipam-opt', args.ipam_driver_options),
    ...ipam,
    ...['--', args.name],
  ]
  return { do: 'run', argv, failure: `docker could not make the network ${args.name}` }
}

function remove(args: Args): Action {
  return {
    do: 'run',
    argv: [...dockerWords(args), 'network', 'rm', '--', args.name],
    failure: `docker could not remove the network ${args.name}`,
  }
}

function leave(args: Args, containers: readonly string[]): Action[] {
  return containers.map(name => ({
    do: 'run',
    argv: [...dockerWords(args), 'network', 'disconnect', '--force', '--', args.name, name],
  }))
}

function join(args: Args, containers: readonly string[]): Action[] {
  return containers.map(name => ({
    do: 'run',
    argv: [...dockerWords(args), 'network', 'connect', '--', args.name, name],
  }))
}
