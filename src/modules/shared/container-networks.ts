/** Networks of a container: the one it is created in, the others it is connected to, and what differs. */
import { type Dict, isDict, type Value } from '../../base/value.ts'
import type { Change, RunAction } from '../contract.ts'
import type { ContainerArgs, WantedNetwork } from './container-arguments.ts'
import { withId } from './container-values.ts'
import type { ContainerOption } from './container-wish.ts'
import { dictAt, dockerWords, listAt, textAt } from './docker-cli.ts'

export const networkMode: ContainerOption = {
  name: 'network_mode',
  wish(args, container, sight) {
    const want = withId(modeOf(args), sight)
    return want === undefined
      ? null
      : { kind: 'value', want: plainMode(want), have: plainMode(textAt(container, 'HostConfig.NetworkMode')) }
  },
  flags: args => firstNetwork(args),
}

/** The mode asked for; with `networks` alone it is the first of them, as the docker program does it. */
function modeOf({ network_mode, networks, networks_cli_compatible }: ContainerArgs): string | undefined {
  return network_mode ?? (networks_cli_compatible ? networks?.[0]?.name : undefined)
}

/** Older engines show `default` as it was asked for, newer ones `bridge`. */
function plainMode(mode: string): string {
  return mode === 'default' || mode === '' ? 'bridge' : mode
}

function firstNetwork(args: ContainerArgs): string[] {
  const mode = modeOf(args)
  if (mode === undefined) return []
  const own = args.networks?.find(({ name }) => name === mode)
  return [`--network=${own === undefined ? mode : longForm(own)}`, ...others(args, mode), ...links(own)]
}

/** Only here can an address of the hardware be given; so all networks go here when another one has one. */
function others({ networks = [] }: ContainerArgs, mode: string): string[] {
  const rest = networks.filter(({ name }) => name !== mode)
  return rest.some(one => one.mac_address) ? rest.map(one => `--network=${longForm(one)}`) : []
}

function links(network: WantedNetwork | undefined): string[] {
  return (network?.links ?? []).map(link => `--link=${link}`)
}

function longForm(network: WantedNetwork): string {
  const {
    name,
    ipv4_address,
    ipv6_address,
    aliases = [],
    mac_address,
    driver_opts = {},
    gw_priority,
  } = network
  const fields = [
    ...(ipv4_address ? [`ip=${ipv4_address}`] : []),
    ...(ipv6_address ? [`ip6=${ipv6_address}`] : []),
    ...aliases.map(alias => `alias=${alias}`),
    ...(mac_address ? [`mac-address=${mac_address.replaceAll('-', ':')}`] : []),
    ...Object.entries(driver_opts).map(([key, value]) => `driver-opt=${key}=${value}`),
    ...(gw_priority === undefined ? [] : [`gw-priority=${gw_priority}`]),
  ]
  return fields.length === 0 ? name : [`name=${name}`, ...fields].join(',')
}

export interface NetworkSteps {
  readonly changes: readonly Change[]
  readonly actions: readonly RunAction[]
}

/** For a container that is there: what to connect, connect anew and disconnect. `strict` leaves no other network. */
export function networkSteps(args: ContainerArgs, container: Dict, strict: boolean): NetworkSteps {
  if (args.networks === undefined) return { changes: [], actions: [] }
  const there = dictAt(container, 'NetworkSettings.Networks')
  const differing = args.networks.filter(one => !isSame(one, there[one.name]))
  const extra = strict
    ? Object.keys(there).filter(name => !args.networks?.some(one => one.name === name))
    : []
  const change = (what: string, from: Value, to: Value): Change => ({ what, subject: args.name, from, to })
  return {
    changes: [
      ...differing.map(({ name }) =>
        change(`network ${name}`, isDict(there[name]) ? 'other settings' : null, name),
      ),
      ...extra.map(name => change(`network ${name}`, name, null)),
    ],
    actions: [
      ...differing.flatMap(one => [
        ...(isDict(there[one.name]) ? [disconnect(args, one.name)] : []),
        connect(args, one),
      ]),
      ...extra.map(name => disconnect(args, name)),
    ],
  }
}

/** For a container that was just made and not started: the networks beside the first. */
export function furtherNetworks(args: ContainerArgs): RunAction[] {
  const { networks, networks_cli_compatible } = args
  if (networks === undefined) return []
  const mode = modeOf(args)
  const madeIn =
    mode === undefined ? [] : [mode, ...(others(args, mode).length > 0 ? networks.map(one => one.name) : [])]
  const rest = networks.filter(({ name }) => !madeIn.includes(name))
  const first = plainMode(mode ?? '')
  const isReal = first !== 'host' && first !== 'none' && !first.startsWith('container:')
  const leaves = networks_cli_compatible && isReal && !networks.some(({ name }) => name === first)
  return [...rest.map(one => connect(args, one)), ...(leaves ? [disconnect(args, first)] : [])]
}

function isSame(want: WantedNetwork, have: Value | undefined): boolean {
  if (!isDict(have)) return false
  const matches = (wanted: string | undefined, path: string) =>
    wanted === undefined || textAt(have, path) === wanted
  const has = (wanted: readonly string[] | undefined, path: string) => {
    const there = listAt(have, path).map(String)
    return (wanted ?? []).every(one => there.includes(one))
  }
  const options = dictAt(have, 'DriverOpts')
  return (
    matches(want.ipv4_address, 'IPAMConfig.IPv4Address') &&
    matches(want.ipv6_address, 'IPAMConfig.IPv6Address') &&
    has(want.aliases, 'Aliases') &&
    has(
      want.links?.map(one => (one.includes(':') ? one : `${one}:${one}`)),
      'Links',
    ) &&
    (want.mac_address === undefined || sameMac(want.mac_address, textAt(have, 'MacAddress'))) &&
    (want.gw_priority === undefined || Number(textAt(have, 'GwPriority') || 0) === want.gw_priority) &&
    Object.entries(want.driver_opts ?? {}).every(([key, value]) => options[key] === value)
  )
}

/** A container that never ran has none yet. */
function sameMac(want: string, have: string): boolean {
  return have === '' || have.toLowerCase() === want.replaceAll('-', ':').toLowerCase()
}

function connect(args: ContainerArgs, network: WantedNetwork): RunAction {
  const {
    ipv4_address,
    ipv6_address,
    aliases = [],
    links: linked = [],
    driver_opts = {},
    gw_priority,
  } = network
  const argv = [
    ...dockerWords(args),
    ...['network', 'connect'],
    ...(ipv4_address ? ['--ip', ipv4_address] : []),
    ...(ipv6_address ? ['--ip6', ipv6_address] : []),
    ...aliases.flatMap(alias => ['--alias', alias]),
    ...linked.flatMap(link => ['--link', link]),
    ...Object.entries(driver_opts).flatMap(([key, value]) => ['--driver-opt', `${key}=${value}`]),
    ...(gw_priority === undefined ? [] : ['--gw-priority', String(gw_priority)]),
    ...['--', network.name, args.name],
  ]
  return { do: 'run', argv, failure: `docker could not connect ${args.name} to the network ${network.name}` }
}

function disconnect(args: ContainerArgs, network: string): RunAction {
  const argv = [...dockerWords(args), 'network', 'disconnect', '--', network, args.name]
  return { do: 'run', argv, failure: `docker could not disconnect ${args.name} from the network ${network}` }
}
