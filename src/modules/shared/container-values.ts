/** Options of a container that are one value each: where `docker inspect` shows it, and the flag that sets it. */
import type { Value } from '../../base/value.ts'
import type { ContainerArgs } from './container-arguments.ts'
import { type ContainerOption, type ContainerSight, covers, type OptionName } from './container-wish.ts'
import { at, dictAt } from './docker-cli.ts'
import { bytesOf } from './docker-values.ts'

type Scalar = string | number | boolean

interface Row {
  readonly name: OptionName
  /** Dotted path in `docker inspect`. */
  readonly path: string
  readonly flag: string
  readonly updates?: boolean
  /** As docker counts it: bytes, billionths of a CPU. */
  readonly counted?: (value: Scalar) => Scalar
  readonly same?: (want: Value, have: Value) => boolean
}

const bytes = (value: Scalar) => bytesOf(String(value), true) ?? 0
const memory = { counted: bytes, updates: true }
const updates = true

const ROWS: readonly Row[] = [
  { name: 'auto_remove', path: 'HostConfig.AutoRemove', flag: '--rm' },
  { name: 'blkio_weight', path: 'HostConfig.BlkioWeight', flag: '--blkio-weight', updates },
  { name: 'cgroupns_mode', path: 'HostConfig.CgroupnsMode', flag: '--cgroupns' },
  { name: 'cgroup_parent', path: 'HostConfig.CgroupParent', flag: '--cgroup-parent' },
  { name: 'cpu_period', path: 'HostConfig.CpuPeriod', flag: '--cpu-period', updates },
  { name: 'cpu_quota', path: 'HostConfig.CpuQuota', flag: '--cpu-quota', updates },
  {
    name: 'cpus',
    path: 'HostConfig.NanoCpus',
    flag: '--cpus',
    updates,
    counted: value => Math.round(Number(value) * 1e9),
  },
  { name: 'cpuset_cpus', path: 'HostConfig.CpusetCpus', flag: '--cpuset-cpus', updates },
  { name: 'cpuset_mems', path: 'HostConfig.CpusetMems', flag: '--cpuset-mems', updates },
  { name: 'cpu_shares', path: 'HostConfig.CpuShares', flag: '--cpu-shares', updates },
  { name: 'domainname', path: 'Config.Domainname', flag: '--domainname' },
  { name: 'hostname', path: 'Config.Hostname', flag: '--hostname' },
  { name: 'init', path: 'HostConfig.Init', flag: '--init' },
  { name: 'interactive', path: 'Config.OpenStdin', flag: '--interactive' },
  { name: 'kernel_memory', path: 'HostConfig.KernelMemory', flag: '--kernel-memory', ...memory },
  { name: 'log_driver', path: 'HostConfig.LogConfig.Type', flag: '--log-driver' },
  { name: 'memory', path: 'HostConfig.Memory', flag: '--memory', ...memory },
  {
    name: 'memory_reservation',
    path: 'HostConfig.MemoryReservation',
    flag: '--memory-reservation',
    ...memory,
  },
  { name: 'memory_swap', path: 'HostConfig.MemorySwap', flag: '--memory-swap', ...memory },
  { name: 'memory_swappiness', path: 'HostConfig.MemorySwappiness', flag: '--memory-swappiness' },
  { name: 'oom_killer', path: 'HostConfig.OomKillDisable', flag: '--oom-kill-disable' },
  { name: 'oom_score_adj', path: 'HostConfig.OomScoreAdj', flag: '--oom-score-adj' },
  {
    name: 'pids_limit',
    path: 'HostConfig.PidsLimit',
    flag: '--pids-limit',
    updates,
    // Newer engines show no limit as nothing, older ones as it was written.
    same: (want, have) => covers(Math.max(0, Number(want)), have === -1 ? 0 : have),
  },
  { name: 'privileged', path: 'HostConfig.Privileged', flag: '--privileged' },
  { name: 'publish_all_ports', path: 'HostConfig.PublishAllPorts', flag: '--publish-all' },
  { name: 'read_only', path: 'HostConfig.ReadonlyRootfs', flag: '--read-only' },
  { name: 'runtime', path: 'HostConfig.Runtime', flag: '--runtime' },
  { name: 'shm_size', path: 'HostConfig.ShmSize', flag: '--shm-size', counted: bytes },
  { name: 'stop_signal', path: 'Config.StopSignal', flag: '--stop-signal' },
  { name: 'stop_timeout', path: 'Config.StopTimeout', flag: '--stop-timeout' },
  { name: 'tty', path: 'Config.Tty', flag: '--tty' },
  { name: 'user', path: 'Config.User', flag: '--user' },
  { name: 'userns_mode', path: 'HostConfig.UsernsMode', flag: '--userns' },
  { name: 'uts', path: 'HostConfig.UTSMode', flag: '--uts' },
  { name: 'volume_driver', path: 'HostConfig.VolumeDriver', flag: '--volume-driver' },
  { name: 'working_dir', path: 'Config.WorkingDir', flag: '--workdir' },
]

export const VALUE_OPTIONS: readonly ContainerOption[] = [
  ...ROWS.map(ofRow),
  restartPolicy(),
  { ...restartPolicy(), name: 'restart_retries', wish: retries, flags: () => [] },
  namespace('ipc_mode', 'HostConfig.IpcMode', '--ipc'),
  namespace('pid_mode', 'HostConfig.PidMode', '--pid'),
  {
    name: 'mac_address',
    wish: ({ mac_address }, container) =>
      valued(mac_address?.replaceAll('-', ':'), at(container, 'Config.MacAddress') ?? macOf(container)),
    flags: ({ mac_address }) => (mac_address ? ['--mac-address', mac_address.replaceAll('-', ':')] : []),
  },
  {
    name: 'platform',
    wish: ({ platform }, _container, sight) => valued(platform, platformOf(sight), samePlatform),
    flags: ({ platform }) => (platform ? ['--platform', platform] : []),
  },
]

function ofRow({ name, path, flag, updates, counted, same }: Row): ContainerOption {
  const scalar = (args: ContainerArgs) => args[name] as Scalar | undefined
  return {
    name,
    updates,
    wish(args, container) {
      const value = scalar(args)
      return valued(
        value === undefined || counted === undefined ? value : counted(value),
        at(container, path),
        same,
      )
    },
    flags(args) {
      const value = scalar(args)
      if (value === undefined) return []
      if (typeof value === 'boolean') return value ? [flag] : []
      return [`${flag}=${counted === bytes ? bytes(value) : value}`]
    },
  }
}

function valued(want: Scalar | undefined, have: Value, same: (want: Value, have: Value) => boolean = covers) {
  return want === undefined ? null : ({ kind: 'value', want, have, same } as const)
}

function restartPolicy(): ContainerOption {
  return {
    name: 'restart_policy',
    updates: true,
    wish: ({ restart_policy }, container) =>
      valued(restart_policy, at(container, 'HostConfig.RestartPolicy.Name') || 'no'),
    flags: ({ restart_policy, restart_retries }) =>
      restart_policy === undefined
        ? []
        : [`--restart=${restart_policy}${restart_retries ? `:${restart_retries}` : ''}`],
  }
}

function retries({ restart_retries }: ContainerArgs, container: Value) {
  return valued(restart_retries, at(container, 'HostConfig.RestartPolicy.MaximumRetryCount'))
}

/** A namespace that may be another container's: asked for by name, shown by id. */
function namespace(name: 'ipc_mode' | 'pid_mode', path: string, flag: string): ContainerOption {
  return {
    name,
    wish: (args, container, sight) => valued(withId(args[name], sight), at(container, path)),
    flags: args => (args[name] ? [`${flag}=${args[name]}`] : []),
  }
}

export function withId(mode: string | undefined, { ids }: ContainerSight): string | undefined {
  const name = mode?.startsWith('container:') ? mode.slice('container:'.length) : undefined
  return name === undefined ? mode : `container:${ids.get(name) ?? name}`
}

function macOf(container: Value): Value {
  const networks = Object.values(dictAt(container, 'NetworkSettings.Networks'))
  return networks.length === 0 ? null : at(networks[0], 'MacAddress')
}

function platformOf({ currentImage, container }: ContainerSight): string {
  const parts = [at(currentImage, 'Os'), at(currentImage, 'Architecture'), at(currentImage, 'Variant')]
  const known = parts.filter(part => typeof part === 'string' && part !== '')
  return known.length > 0 ? known.join('/') : String(at(container, 'Platform') ?? '')
}

/** `linux/amd64`, `amd64` and `linux` all mean an image for linux/amd64; what one does not say is not compared. */
export function samePlatform(want: Value, have: Value): boolean {
  const [os = '', architecture = '', variant = ''] = platformParts(String(want))
  const [hasOs = '', hasArchitecture = '', hasVariant = ''] = platformParts(String(have))
  const agree = (left: string, right: string) => left === '' || right === '' || left === right
  return agree(os, hasOs) && agree(architecture, hasArchitecture) && agree(variant, hasVariant)
}

const SYSTEMS = ['linux', 'windows', 'freebsd', 'darwin']
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  'x86-64': 'amd64',
}

function platformParts(platform: string): string[] {
  const words = platform.toLowerCase().split('/')
  const [os = '', architecture = '', variant = ''] = SYSTEMS.includes(words[0] ?? '') ? words : ['', ...words]
  const plain = ARCHITECTURES[architecture] ?? architecture
  return [os, plain, plain === 'arm64' && variant === 'v8' ? '' : variant]
}
