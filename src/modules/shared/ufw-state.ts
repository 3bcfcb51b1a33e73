/** What ufw's files say. */
import type { ContentSeen, Key, Seen } from '../../probes/contract.ts'
import type { UfwArgs } from './ufw-arguments.ts'
import { parseRules, type Services, type UfwRule } from './ufw-rules.ts'

export interface UfwState {
  readonly enabled: boolean
  readonly ipv6: boolean
  /** off, low, medium, high, full */
  readonly logging: string
  /** allow, deny or reject. */
  readonly policies: { readonly incoming: string; readonly outgoing: string; readonly routed: string }
  readonly v4: readonly UfwRule[]
  readonly v6: readonly UfwRule[]
}

const FILES = {
  v4: '/etc/ufw/user.rules',
  v6: '/etc/ufw/user6.rules',
  settings: '/etc/ufw/ufw.conf',
  defaults: '/etc/default/ufw',
} as const

const contentKey = (path: string) => ({ kind: 'content', path }) as const

/** Prints `no` when the kernel has no chains of ufw, and nothing when it cannot be told. */
export const ACTIVE_KEY = {
  kind: 'read',
  name: 'ufw active',
  script: `PATH=$PATH:/usr/sbin:/sbin
if command -v iptables >/dev/null 2>&1 && iptables -w 5 -n -L INPUT >/dev/null 2>&1; then
iptables -w 5 -n -L ufw-user-input >/dev/null 2>&1 || echo no; fi`,
} as const satisfies Key

/** Which local port this connection came to; empty behind sudo. */
export const SSH_KEY = {
  kind: 'read',
  name: 'ssh connection',
  script: `printf '%s' "\${SSH_CONNECTION-}"`,
} as const satisfies Key

export function ufwKeys(args: UfwArgs): Key[] {
  const names = serviceNames(args)
  return [
    { kind: 'which', command: 'ufw' },
    ...Object.values(FILES).map(contentKey),
    ...(args.state === 'enabled' ? [ACTIVE_KEY, SSH_KEY] : []),
    ...(names.length === 0 ? [] : [SERVICES_KEY]),
  ]
}

const SERVICES_KEY = { kind: 'content', path: '/etc/services' } as const satisfies Key

function serviceNames({ to_port, from_port }: UfwArgs): string[] {
  return [to_port, from_port].filter(
    port => port !== undefined && port !== 'any' && !/^\d/.test(port),
  ) as string[]
}

export function servicesSeen(args: UfwArgs, seen: Seen): Services {
  const services = new Map<string, string[]>()
  if (serviceNames(args).length === 0) return services
  for (const line of textOf(seen.get(SERVICES_KEY)).split('\n')) {
    const [name = '', port = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!/^\d+\/(tcp|udp)$/.test(port)) continue
    for (const one of [name, ...aliases]) services.set(one, [...(services.get(one) ?? []), port])
  }
  return services
}

/** A text says why the files cannot be read. */
export function readUfw(seen: Seen): UfwState | string {
  const contents = Object.values(FILES).map(path => ({ path, content: seen.get(contentKey(path)) }))
  const dark = contents.find(({ content }) => content.state === 'unknown')
  if (dark?.content.state === 'unknown')
    return `${dark.path} cannot be read: ${dark.content.reason}; does the task need become?`
  const text = (path: string) => textOf(seen.get(contentKey(path)))
  const [settings, defaults] = [text(FILES.settings), text(FILES.defaults)]
  const policy = (chain: string, fallback: string) =>
    POLICIES[settingOf(defaults, `DEFAULT_${chain}_POLICY`)?.toUpperCase() ?? ''] ?? fallback
  return {
    enabled: settingOf(settings, 'ENABLED') === 'yes',
    ipv6: settingOf(defaults, 'IPV6') === 'yes',
    logging: settingOf(settings, 'LOGLEVEL') ?? 'off',
    policies: {
      incoming: policy('INPUT', 'deny'),
      outgoing: policy('OUTPUT', 'allow'),
      routed: policy('FORWARD', 'deny'),
    },
    v4: parseRules(text(FILES.v4), false),
    v6: parseRules(text(FILES.v6), true),
  }
}

const POLICIES: Readonly<Record<string, string>> = { ACCEPT: 'allow', DROP: 'deny', REJECT: 'reject' }

function textOf(content: ContentSeen): string {
  return content.state === 'present' ? new TextDecoder().decode(content.bytes) : ''
}

/** The last NAME=value counts, as for a shell. */
function settingOf(text: string, name: string): string | null {
  const found = [...text.matchAll(new RegExp(`^\\s*${name}\\s*=\\s*["']?([^"'\\s#]*)`, 'gim'))]
  return found.at(-1)?.[1]?.toLowerCase() ?? null
}
