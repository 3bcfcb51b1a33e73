/** Options of a container that are lists, sets and mappings: where `docker inspect` shows them, and their flags. */
import type { Dict, Value } from '../../base/value.ts'
import type { ContainerArgs, WantedDeviceRequest } from './container-arguments.ts'
import { type ContainerOption, covers, type OptionName, type Wish } from './container-wish.ts'
import { at, dictAt, listAt, textsAt } from './docker-cli.ts'
import { bytesOf } from './docker-values.ts'

export const COLLECTION_OPTIONS: readonly ContainerOption[] = [
  texts('capabilities', 'HostConfig.CapAdd', '--cap-add', { plain: capability }),
  texts('cap_drop', 'HostConfig.CapDrop', '--cap-drop', { plain: capability }),
  texts('device_cgroup_rules', 'HostConfig.DeviceCgroupRules', '--device-cgroup-rule', { kind: 'list' }),
  texts('dns_opts', 'HostConfig.DnsOptions', '--dns-option'),
  texts('dns_servers', 'HostConfig.Dns', '--dns', { kind: 'list' }),
  texts('dns_search_domains', 'HostConfig.DnsSearch', '--dns-search', { kind: 'list' }),
  texts('groups', 'HostConfig.GroupAdd', '--group-add'),
  texts('links', 'HostConfig.Links', '--link', { plain: link }),
  texts('security_opts', 'HostConfig.SecurityOpt', '--security-opt', {
    plain: securityOption,
    same: sameSecurity,
  }),
  texts('volumes_from', 'HostConfig.VolumesFrom', '--volumes-from'),
  pairs('sysctls', 'HostConfig.Sysctls', '--sysctl'),
  pairs('storage_opts', 'HostConfig.StorageOpt', '--storage-opt'),
  pairs('log_options', 'HostConfig.LogConfig.Config', '--log-opt'),
  tmpfs(),
  etcHosts(),
  ulimits(),
  devices(),
  deviceRequests(),
  limits('device_read_bps', 'HostConfig.BlkioDeviceReadBps'),
  limits('device_write_bps', 'HostConfig.BlkioDeviceWriteBps'),
  limits('device_read_iops', 'HostConfig.BlkioDeviceReadIOps'),
  limits('device_write_iops', 'HostConfig.BlkioDeviceWriteIOps'),
]

interface TextsMore {
  readonly kind?: 'list' | 'set'
  /** One spelling for those that mean the same. */
  readonly plain?: (entry: string) => string
  readonly same?: (want: Value, have: Value) => boolean
}

function texts(name: OptionName, path: string, flag: string, more: TextsMore = {}): ContainerOption {
  const { kind = 'set', plain = entry => entry, same } = more
  const given = (args: ContainerArgs) => args[name] as readonly string[] | undefined
  return {
    name,
    wish(args, container): Wish | null {
      const want = given(args)?.map(plain)
      const have = listAt(container, path).map(entry => plain(String(entry)))
      return want === undefined ? null : { kind, want, have, ...(kind === 'set' && same ? { same } : {}) }
    },
    flags: args => (given(args) ?? []).map(entry => `${flag}=${entry}`),
  }
}

function pairs(name: OptionName, path: string, flag: string): ContainerOption {
  const given = (args: ContainerArgs) => args[name] as Readonly<Record<string, string>> | undefined
  return {
    name,
    wish(args, container) {
      const want = given(args)
      return want === undefined ? null : { kind: 'dict', want, have: textsAt(container, path) }
    },
    flags: args => Object.entries(given(args) ?? {}).map(([key, value]) => `${flag}=${key}=${value}`),
  }
}

function capability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '')
}

/** `db` and `db:db` are asked for; `/db:/web/db` is shown. */
function link(entry: string): string {
  const [target = '', alias = target] = entry.split(':')
  return `${target.replace(/^\//, '')}:${alias.replace(/^.*\//, '')}`
}

function securityOption(entry: string): string {
  const [name = '', ...rest] = entry.split(/[:=]/)
  if (name === 'no-new-privileges') return rest[0] === 'false' ? `${name}=false` : name
  return rest.length === 0 ? entry : `${name}=${entry.slice(name.length + 1)}`
}

/** A profile is asked for by its file and shown with its content. */
function sameSecurity(want: Value, have: Value): boolean {
  if (want === have) return true
  return /^seccomp=[/.~]/.test(String(want)) && String(have).startsWith('seccomp={')
}

function tmpfs(): ContainerOption {
  const split = (entry: string) => /^([^:]*):?(.*)$/s.exec(entry)?.slice(1) ?? []
  return {
    name: 'tmpfs',
    wish({ tmpfs: given }, container) {
      if (given === undefined) return null
      const want = given.map(split).map(([path = '', options = '']) => [path, options] as const)
      return { kind: 'dict', want: Object.fromEntries(want), have: textsAt(container, 'HostConfig.Tmpfs') }
    },
    flags: ({ tmpfs: given = [] }) => given.map(entry => `--tmpfs=${entry}`),
  }
}

function etcHosts(): ContainerOption {
  const entries = (given: Readonly<Record<string, string>>) =>
    Object.entries(given).map(([name, address]) => `${name}:${address}`)
  return {
    name: 'etc_hosts',
    wish: ({ etc_hosts }, container) =>
      etc_hosts === undefined
        ? null
        : {
            kind: 'set',
            want: entries(etc_hosts),
            have: listAt(container, 'HostConfig.ExtraHosts').map(one => String(one).replace('=', ':')),
          },
    flags: ({ etc_hosts = {} }) => entries(etc_hosts).map(entry => `--add-host=${entry}`),
  }
}

function ulimits(): ContainerOption {
  return {
    name: 'ulimits',
    wish({ ulimits: given }, container) {
      const want = given?.map(entry => {
        const [name = '', soft = '', hard = soft] = entry.split(':')
        return `${name}:${soft}:${hard}`
      })
      const have = listAt(container, 'HostConfig.Ulimits').map(
        one => `${at(one, 'Name')}:${at(one, 'Soft')}:${at(one, 'Hard')}`,
      )
      return want === undefined ? null : { kind: 'set', want, have }
    },
    flags: ({ ulimits: given = [] }) => given.map(entry => `--ulimit=${entry.replace(':', '=')}`),
  }
}

function devices(): ContainerOption {
  return {
    name: 'devices',
    wish({ devices: given }, container) {
      const want = given?.map(entry => {
        const [host = '', inside = host, permissions = 'rwm'] = entry.split(':')
        return /^[rwm]+$/.test(inside) ? `${host}:${host}:${inside}` : `${host}:${inside}:${permissions}`
      })
      const have = listAt(container, 'HostConfig.Devices').map(
        one => `${at(one, 'PathOnHost')}:${at(one, 'PathInContainer')}:${at(one, 'CgroupPermissions')}`,
      )
      return want === undefined ? null : { kind: 'set', want, have }
    },
    flags: ({ devices: given = [] }) => given.map(entry => `--device=${entry}`),
  }
}

type LimitName = 'device_read_bps' | 'device_write_bps' | 'device_read_iops' | 'device_write_iops'

function limits(name: LimitName, path: string): ContainerOption {
  const entries = (args: ContainerArgs) =>
    args[name]?.map(({ path: device, rate }) => `${device}:${bytesOf(String(rate)) ?? rate}`)
  return {
    name,
    wish(args, container) {
      const want = entries(args)
      const have = listAt(container, path).map(one => `${at(one, 'Path')}:${at(one, 'Rate')}`)
      return want === undefined ? null : { kind: 'set', want, have }
    },
    flags: args => (entries(args) ?? []).map(entry => `--${name.replaceAll('_', '-')}=${entry}`),
  }
}

function deviceRequests(): ContainerOption {
  return {
    name: 'device_requests',
    wish: ({ device_requests: given }, container) =>
      given === undefined
        ? null
        : {
            kind: 'set',
            want: given.map(requestWish),
            have: listAt(container, 'HostConfig.DeviceRequests').map(inOrder),
            same: covers,
          },
    flags: ({ device_requests: given = [] }) => given.map(one => `--gpus=${requestFlag(one)}`),
  }
}

function requestWish({ capabilities, count, device_ids, driver, options }: WantedDeviceRequest): Dict {
  return {
    ...(capabilities ? { Capabilities: capabilities.map(group => [...group].sort()) } : {}),
    ...(count === undefined ? {} : { Count: count }),
    ...(device_ids ? { DeviceIDs: device_ids } : {}),
    ...(driver === undefined ? {} : { Driver: driver }),
    ...(options ? { Options: options } : {}),
  }
}

function inOrder(request: Value): Dict {
  const groups = listAt(request, 'Capabilities').map(group =>
    Array.isArray(group) ? [...group].sort() : group,
  )
  return { ...dictAt({ request }, 'request'), Capabilities: groups }
}

/** A line of CSV, as the flag is read. */
function requestFlag({ capabilities, count, device_ids, driver, options = {} }: WantedDeviceRequest): string {
  const field = (name: string, values: readonly string[]) =>
    values.length === 0
      ? []
      : [values.length === 1 ? `${name}=${values[0]}` : `"${name}=${values.join(',')}"`]
  return [
    ...field('driver', driver ? [driver] : []),
    ...field('count', count === undefined ? [] : [count === -1 ? 'all' : String(count)]),
    ...field('device', device_ids ?? []),
    ...field('capabilities', capabilities?.[0] ?? []),
    ...field(
      'options',
      Object.entries(options).map(([key, value]) => `${key}=${value}`),
    ),
  ].join(',')
}
