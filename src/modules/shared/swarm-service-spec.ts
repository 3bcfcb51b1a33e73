/** The specification of a swarm service, option by option, as the engine takes and shows it. */
import type { Dict, Value } from '../../base/value.ts'
import { bytesOf, nanosecondsOf } from './docker-values.ts'
import { splitWords } from './split-words.ts'
import type { ServiceArgs, ServiceMount } from './swarm-service-arguments.ts'

/** What names stand for in the swarm; a name that is not in it stays as it is. */
export interface ServiceNames {
  readonly secrets: ReadonlyMap<string, string>
  readonly configs: ReadonlyMap<string, string>
  readonly networks: ReadonlyMap<string, string>
  /** env and env_files together; null when neither is given. */
  readonly env: readonly string[] | null
}

export interface ServicePart {
  readonly option: string
  /** Dotted, in the specification. */
  readonly path: string
  readonly want: Value | undefined
  /** The order of the entries says nothing. */
  readonly isSet?: boolean
  /** Never shown: only that it differs. */
  readonly isHidden?: boolean
}

const CONTAINER = 'TaskTemplate.ContainerSpec'

export function serviceParts(args: ServiceArgs, names: ServiceNames): ServicePart[] {
  return [...containerParts(args, names), ...taskParts(args, names), ...outerParts(args)].filter(
    part => part.want !== undefined,
  )
}

function containerParts(args: ServiceArgs, names: ServiceNames): ServicePart[] {
  const part = (option: string, key: string, want: Value | undefined, more = {}): ServicePart => ({
    option,
    path: `${CONTAINER}.${key}`,
    want,
    ...more,
  })
  const isSet = true
  const hosts = Object.entries(args.hosts ?? {}).map(([name, address]) => `${address} ${name}`)
  return [
    part('image', 'Image', args.image),
    part('command', 'Command', typeof args.command === 'string' ? splitWords(args.command) : args.command),
    part('args', 'Args', args.args),
    part('env', 'Env', names.env ?? undefined, { isSet, isHidden: true }),
    part('container_labels', 'Labels', args.container_labels),
    part('cap_add', 'CapabilityAdd', args.cap_add?.map(capability), { isSet }),
    part('cap_drop', 'CapabilityDrop', args.cap_drop?.map(capability), { isSet }),
    part('dns', 'DNSConfig.Nameservers', args.dns),
    part('dns_search', 'DNSConfig.Search', args.dns_search),
    part('dns_options', 'DNSConfig.Options', args.dns_options),
    part('groups', 'Groups', args.groups, { isSet }),
    part('healthcheck', 'Healthcheck', health(args.healthcheck)),
    part('hostname', 'Hostname', args.hostname),
    part('hosts', 'Hosts', args.hosts === undefined ? undefined : hosts, { isSet }),
    part('init', 'Init', args.init),
    part('mounts', 'Mounts', args.mounts?.map(mountSpec), { isSet }),
    part(
      'configs',
      'Configs',
      args.configs?.map(one =>
        fileSpec('Config', one.config_name, one.config_id ?? names.configs.get(one.config_name), one),
      ),
      { isSet },
    ),
    part(
      'secrets',
      'Secrets',
      args.secrets?.map(one =>
        fileSpec('Secret', one.secret_name, one.secret_id ?? names.secrets.get(one.secret_name), one),
      ),
      { isSet },
    ),
    part('read_only', 'ReadOnly', args.read_only),
    part('stop_grace_period', 'StopGracePeriod', time(args.stop_grace_period)),
    part('stop_signal', 'StopSignal', args.stop_signal),
    part('sysctls', 'Sysctls', args.sysctls),
    part('tty', 'TTY', args.tty),
    part('user', 'User', args.user),
    part('working_dir', 'Dir', args.working_dir),
  ]
}

function taskParts(args: ServiceArgs, names: ServiceNames): ServicePart[] {
  const part = (option: string, key: string, want: Value | undefined, more = {}): ServicePart => ({
    option,
    path: `TaskTemplate.${key}`,
    want,
    ...more,
  })
  const { limits, reservations, logging, placement, restart_config: restart } = args
  const networks = args.networks?.map((one): Dict => {
    const { name, aliases, options } =
      typeof one === 'string' ? { name: one, aliases: undefined, options: undefined } : one
    return given({ Target: names.networks.get(name) ?? name, Aliases: aliases, DriverOpts: options })
  })
  return [
    part('limits.cpus', 'Resources.Limits.NanoCPUs', cpus(limits?.cpus)),
    part('limits.memory', 'Resources.Limits.MemoryBytes', bytes(limits?.memory)),
    part('reservations.cpus', 'Resources.Reservations.NanoCPUs', cpus(reservations?.cpus)),
    part('reservations.memory', 'Resources.Reservations.MemoryBytes', bytes(reservations?.memory)),
    part('logging.driver', 'LogDriver.Name', logging?.driver),
    part('logging.options', 'LogDriver.Options', logging?.options),
    part('placement.constraints', 'Placement.Constraints', placement?.constraints, { isSet: true }),
    part('placement.preferences', 'Placement.Preferences', placement?.preferences?.map(preference)),
    part('placement.replicas_max_per_node', 'Placement.MaxReplicas', placement?.replicas_max_per_node),
    part('restart_config.condition', 'RestartPolicy.Condition', restart?.condition),
    part('restart_config.delay', 'RestartPolicy.Delay', time(restart?.delay)),
    part('restart_config.max_attempts', 'RestartPolicy.MaxAttempts', restart?.max_attempts),
    part('restart_config.window', 'RestartPolicy.Window', time(restart?.window)),
    part('networks', 'Networks', networks, { isSet: true }),
  ]
}

function outerParts(args: ServiceArgs): ServicePart[] {
  const ports = args.publish?.map(({ published_port, target_port, protocol, mode }) =>
    given({ Protocol: protocol, TargetPort: target_port, PublishedPort: published_port, PublishMode: mode }),
  )
  const rolling = (option: 'update_config' | 'rollback_config', path: string): ServicePart[] => {
    const config = args[option]
    const part = (name: string, key: string, want: Value | undefined) => ({
      option: `${option}.${name}`,
      path: `${path}.${key}`,
      want,
    })
    return [
      part('parallelism', 'Parallelism', config?.parallelism),
      part('delay', 'Delay', time(config?.delay)),
      part('failure_action', 'FailureAction', config?.failure_action),
      part('monitor', 'Monitor', time(config?.monitor)),
      part('max_failure_ratio', 'MaxFailureRatio', config?.max_failure_ratio),
      part('order', 'Order', config?.order),
    ]
  }
  const replicas = args.mode === 'replicated' && args.replicas >= 0 ? args.replicas : undefined
  return [
    { option: 'labels', path: 'Labels', want: args.labels },
    { option: 'replicas', path: 'Mode.Replicated.Replicas', want: replicas },
    { option: 'endpoint_mode', path: 'EndpointSpec.Mode', want: args.endpoint_mode },
    { option: 'publish', path: 'EndpointSpec.Ports', want: ports, isSet: true },
    ...rolling('update_config', 'UpdateConfig'),
    ...rolling('rollback_config', 'RollbackConfig'),
  ]
}

function health(check: ServiceArgs['healthcheck']): Dict | undefined {
  if (check === undefined) return undefined
  const { test, interval, timeout, start_period, retries } = check
  if (test === undefined || test === '' || test[0] === 'NONE') return { Test: ['NONE'] }
  return given({
    Test: typeof test === 'string' ? ['CMD-SHELL', test] : test,
    Interval: time(interval),
    Timeout: time(timeout),
    StartPeriod: time(start_period),
    Retries: retries,
  })
}

function mountSpec(mount: ServiceMount): Dict {
  const { driver_config: driver } = mount
  return given({
    Type: mount.type,
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.readonly,
    BindOptions: group({ Propagation: mount.propagation }),
    VolumeOptions: group({
      NoCopy: mount.no_copy,
      Labels: mount.labels,
      DriverConfig: group({ Name: driver?.name, Options: driver?.options }),
    }),
    TmpfsOptions: group({ SizeBytes: bytes(mount.tmpfs_size), Mode: mount.tmpfs_mode }),
  })
}

interface Placed {
  readonly filename?: string
  readonly uid?: string
  readonly gid?: string
  readonly mode?: number
}

/** World-readable for root, as Ansible's module and the docker program have it. */
function fileSpec(kind: 'Config' | 'Secret', name: string, id: string | undefined, placed: Placed): Dict {
  const { filename = name, uid = '0', gid = '0', mode = 0o444 } = placed
  return given({
    File: { Name: filename, UID: uid, GID: gid, Mode: mode },
    [`${kind}ID`]: id,
    [`${kind}Name`]: name,
  })
}

function preference(one: Readonly<Record<string, string>>): Dict {
  return Object.fromEntries(
    Object.entries(one).map(([key, value]) => [
      key === 'spread' ? 'Spread' : key,
      { SpreadDescriptor: value },
    ]),
  )
}

function capability(name: string): string {
  const plain = name.toUpperCase()
  return plain === 'ALL' || plain.startsWith('CAP_') ? plain : `CAP_${plain}`
}

function cpus(count: number | undefined): number | undefined {
  return count === undefined ? undefined : Math.round(count * 1e9)
}

function bytes(written: string | undefined): number | undefined {
  return written === undefined ? undefined : (bytesOf(written) ?? 0)
}

function time(written: string | undefined): number | undefined {
  return written === undefined ? undefined : (nanosecondsOf(written) ?? 0)
}

function given(fields: Readonly<Record<string, Value | undefined>>): Dict {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Dict
}

function group(fields: Readonly<Record<string, Value | undefined>>): Dict | undefined {
  const inside = given(fields)
  return Object.keys(inside).length === 0 ? undefined : inside
}

/** What the engine is sent: nothing but what was asked for; the engine's defaults for the rest. */
export function serviceSpec(args: ServiceArgs, parts: readonly ServicePart[], replicas: number): Dict {
  const mode: Dict = args.mode === 'global' ? { Global: {} } : { Replicated: { Replicas: replicas } }
  return parts.reduce<Dict>((spec, { path, want }) => placedAt(spec, path.split('.'), want ?? null), {
    Name: args.name,
    Mode: mode,
  })
}

function placedAt(tree: Dict, [key = '', ...rest]: readonly string[], value: Value): Dict {
  const inside = tree[key]
  const below =
    inside !== null && typeof inside === 'object' && !Array.isArray(inside) ? (inside as Dict) : {}
  return { ...tree, [key]: rest.length === 0 ? value : placedAt(below, rest, value) }
}
