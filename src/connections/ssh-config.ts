import SSHConfig from 'ssh-config'
import { VpaiError } from '../base/error.ts'
import { expandTokens, type Tokens } from './ssh-config-tokens.ts'
import type { HostKeyPolicy, SshTarget } from './ssh-target.ts'

/** What `ssh_config` is read with. No file is read here: readSshConfig() gives the text. */
export interface SshConfigContext {
  /** The configuration, user's before system's, includes resolved. */
  readonly text: string
  readonly home: string
  readonly localUser: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly exists: (file: string) => boolean
}

/** What the project says of a host; goes before the configuration. */
export interface SshWish {
  /** What one would type after `ssh`. */
  readonly name: string
  readonly port?: number
  readonly user?: string
  readonly identityFiles?: readonly string[]
  /** `[user@]host[:port],...` or `none`. */
  readonly proxyJump?: string
  readonly hostKeys?: Partial<HostKeyPolicy>
  readonly password?: SshTarget['password']
  readonly passphrase?: SshTarget['passphrase']
  readonly connectTimeoutMs?: number
  readonly compression?: boolean
}

/**
 * The target that OpenSSH would connect to for this name. Understood: HostName, Port, User, IdentityFile,
 * IdentityAgent, IdentitiesOnly, ProxyJump, ProxyCommand of the form `ssh -W %h:%p jump`, UserKnownHostsFile,
 * GlobalKnownHostsFile, HostKeyAlias, StrictHostKeyChecking, ConnectTimeout, ServerAlive*, Compression, Match without
 * exec. `StrictHostKeyChecking no` is taken as accept-new: a changed key stays an error.
 * Throws SSH_PROXY_COMMAND, SSH_PROXY_LOOP, SSH_CONFIG_SYNTAX.
 */
export function sshTarget(wish: SshWish, context: SshConfigContext): SshTarget {
  return resolve(wish, { ...context, config: parse(context.text), depth: 0 })
}

interface Resolving extends SshConfigContext {
  readonly config: SSHConfig
  readonly depth: number
}

function parse(text: string): SSHConfig {
  try {
    // Canonicalisation would run nslookup.
    return SSHConfig.parse(text.replace(/^\s*CanonicalizeHostName\b.*$/gim, ''))
  } catch (error) {
    throw new VpaiError(
      'SSH_CONFIG_SYNTAX',
      `The ssh configuration cannot be read: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

function resolve(wish: SshWish, context: Resolving): SshTarget {
  const found = settings(wish, context)
  const user = wish.user ?? found.one('user') ?? context.localUser
  const port = wish.port ?? Number(found.one('port') ?? 22)
  const names: Tokens = {
    n: wish.name,
    h: wish.name,
    p: String(port),
    r: user,
    u: context.localUser,
    d: context.home,
  }
  const host = expandTokens(found.one('hostname') ?? wish.name, names, context.env)
  const tokens = { ...names, h: host }
  const file = (text: string) => expandTokens(text, tokens, context.env)
  const identitiesOnly = found.one('identitiesonly')?.toLowerCase() === 'yes'
  const timeout = found.one('connecttimeout')
  return {
    host,
    port,
    user,
    identityFiles: wish.identityFiles ?? identityFiles(found, file, context),
    identitiesOnly,
    agent: agent(found, file, context),
    password: wish.password,
    passphrase: wish.passphrase,
    hostKeys: { ...hostKeys(found, file, context), ...wish.hostKeys },
    proxyJump: jumps(wish, found, context),
    connectTimeoutMs: wish.connectTimeoutMs ?? (timeout === undefined ? undefined : Number(timeout) * 1000),
    keepalive: keepalive(found),
    compression: wish.compression ?? found.one('compression')?.toLowerCase() === 'yes',
  }
}

interface Settings {
  one(keyword: string): string | undefined
  all(keyword: string): readonly string[]
}

function settings(wish: SshWish, context: Resolving): Settings {
  const computed = context.config.compute(
    { Host: wish.name, User: wish.user },
    // Commands of a configuration are never run here.
    { ignoreCase: true, matchExec: false },
  ) as Readonly<Record<string, string | readonly string[] | undefined>>
  const all = (keyword: string): readonly string[] => {
    const value = computed[keyword]
    return value === undefined ? [] : typeof value === 'string' ? [value] : value
  }
  return { all, one: keyword => all(keyword)[0] }
}

type Expand = (text: string) => string

function identityFiles(found: Settings, file: Expand, context: Resolving): string[] {
  const given = found.all('identityfile')
  if (given.length > 0) return [...new Set(given.filter(name => name.toLowerCase() !== 'none').map(file))]
  const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => `${context.home}/.ssh/${name}`)
  return usual.filter(context.exists)
}

function agent(found: Settings, file: Expand, context: Resolving): string | null {
  const given = found.one('identityagent')
  if (given === undefined || given === 'SSH_AUTH_SOCK') return context.env.SSH_AUTH_SOCK || null
  if (given.toLowerCase() === 'none') return null
  return given.startsWith('$') && !given.startsWith('${')
    ? (context.env[given.slice(1)] ?? null)
    : file(given)
}

function hostKeys(found: Settings, file: Expand, context: Resolving): HostKeyPolicy {
  const files = (keyword: string, usual: readonly string[]) => {
    const given = found.all(keyword)
    return given.length === 0 ? usual : given.filter(name => name.toLowerCase() !== 'none').map(file)
  }
  const users = files('userknownhostsfile', [
    `${context.home}/.ssh/known_hosts`,
    `${context.home}/.ssh/known_hosts2`,
  ])
  const system = files('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'])
  const strictness = found.one('stricthostkeychecking')?.toLowerCase()
  return {
    pinned: [],
    knownHostsFiles: [...users, ...system],
    policy:
      strictness !== undefined && ['accept-new', 'no', 'off'].includes(strictness) ? 'accept-new' : 'strict',
    appendTo: users[0],
    alias: found.one('hostkeyalias'),
  }
}

function keepalive(found: Settings): SshTarget['keepalive'] {
  const interval = found.one('serveraliveinterval')
  if (interval === undefined) return undefined
  if (Number(interval) === 0) return null
  return { intervalMs: Number(interval) * 1000, countMax: Number(found.one('serveralivecountmax') ?? 3) }
}

/**
 * The hosts in between, the first one dialled from here. The way to the first is its own ProxyJump; those after it are
 * reached through the ones before them.
 */
function jumps(wish: SshWish, found: Settings, context: Resolving): SshTarget[] {
  const given = wish.proxyJump ?? found.one('proxyjump') ?? fromProxyCommand(wish, found)
  if (given === undefined || given.toLowerCase() === 'none') return []
  if (context.depth > 8)
    throw new VpaiError('SSH_PROXY_LOOP', `The jump hosts of ${wish.name} lead in a circle.`)
  return given.split(',').flatMap((hop, index) => {
    const parts = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?\/?$/.exec(hop.trim())
    if (parts === null)
      throw new VpaiError('SSH_CONFIG_SYNTAX', `"${hop}" is no jump host: [user@]host[:port] is expected.`)
    const [, user, name = '', port] = parts
    const hopWish: SshWish = {
      name: name.replace(/^\[|\]$/g, ''),
      user,
      port: port === undefined ? undefined : Number(port),
      proxyJump: index === 0 ? undefined : 'none',
      passphrase: wish.passphrase,
    }
    const target = resolve(hopWish, { ...context, depth: context.depth + 1 })
    return [...(target.proxyJump ?? []), { ...target, proxyJump: [] }]
  })
}

function fromProxyCommand(wish: SshWish, found: Settings): string | undefined {
  const command = found.one('proxycommand')
  if (command === undefined || command.toLowerCase() === 'none') return undefined
  const jump = /^(?:exec\s+)?ssh\s+(?:-q\s+)?(?:(\S+)\s+)?-W\s+"?\[?%h\]?:%p"?(?:\s+(\S+))?$/.exec(
    command.trim(),
  )
  const name = jump?.[1] ?? jump?.[2]
  if (name !== undefined && !name.startsWith('-')) return name
  throw new VpaiError('SSH_PROXY_COMMAND', `ProxyCommand of ${wish.name} cannot be used here: ${command}`, {
    hint: 'Use ProxyJump where the command only goes through another host, or the openssh connection.',
  })
}
