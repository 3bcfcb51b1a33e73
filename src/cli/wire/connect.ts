/** From a host's variables and the command line to a connection: local, or SSH with the user's own configuration. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { isDict, type Value } from '../../base/value.ts'
import { ownHome, ownName } from '../../connections/own-account.ts'
import type { SshTarget } from '../../connections/ssh-target.ts'
import type { ConnectTarget, Reached } from '../../engine/world.ts'
import { SessionHost } from '../../session/host.ts'
import type { SoundProject } from '../../state/sound-project.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project/open.ts'
import type { AskPassword, EarlyLogins } from './early-logins.ts'
import { readSshArguments, type SshArguments } from './ssh-arguments.ts'

export interface ConnectSettings {
  readonly io: Io
  readonly project: Pick<Project, 'root' | 'ansible' | 'stateDirectory'>
  readonly user: string | null
  readonly privateKey: string | null
  readonly connection: string | null
  readonly timeoutS: number
  /** Typed once at the start (-k, -K), or asked for at the terminal when it turns out to be needed. */
  readonly loginPassword: (() => Promise<string>) | null
  readonly becomePassword: (() => Promise<string>) | null
  readonly passphrase: (file: string) => Promise<string>
  /** Logins that are under way already. */
  readonly early?: EarlyLogins
  /** Whether playbooks and roles are what they were when they had no error. */
  readonly sound?: SoundProject
}

export async function connect(target: ConnectTarget, settings: ConnectSettings): Promise<Reached> {
  // Flags are for what the inventory and the play leave open, as in Ansible; -e wins over both.
  const kind = target.connection ?? settings.connection ?? 'ssh'
  const becomePassword = async () => {
    const known = text(
      target.variables('ansible_become_password') ??
        target.variables('ansible_become_pass') ??
        target.variables('ansible_sudo_pass'),
    )
    return known ?? (settings.becomePassword ? settings.becomePassword() : null)
  }
  if (kind === 'local') {
    const { connectLocal } = await import('../../connections/local.ts')
    return {
      host: new SessionHost({ connection: connectLocal(), name: target.name, becomePassword }),
      user: ownName(settings.io.env),
    }
  }
  if (!isConnectionKind(kind)) {
    throw new VpaiError('CONNECTION_KIND', `${target.name}: connection ${kind} is not known`, {
      hint: 'Known: ssh, local.',
    })
  }
  return { ...(await logIn(target, settings, becomePassword)), isRemote: true }
}

/** Ansible's words for ssh are taken as well. */
export function isConnectionKind(kind: string): boolean {
  return ['ssh', 'smart', 'paramiko', 'local'].includes(kind)
}

async function logIn(
  target: ConnectTarget,
  settings: ConnectSettings,
  becomePassword: AskPassword,
): Promise<Reached> {
  const { connectSsh } = await import('../../connections/ssh.ts')
  const { name } = target
  const wanted = await sshTargetOf(target, settings)
  const reach = async (to: SshTarget): Promise<Reached> => {
    const host = new SessionHost({ connection: await connectSsh(to), name, becomePassword })
    void settings.early?.reached(name, to, host)
    return { host, user: to.user }
  }
  try {
    const early = await settings.early?.take(name, wanted, becomePassword)
    if (early) return { host: early, user: wanted.user }
    return await reach(wanted)
  } catch (caught) {
    const error = withName(caught, name)
    const first = await bootstrapTarget(target, settings)
    if (
      !first ||
      !(error instanceof VpaiError) ||
      !['SSH_REFUSED', 'SSH_TIMEOUT', 'SSH_AUTH_FAILED'].includes(error.code)
    )
      throw error
    return reach(first)
  }
}

/** What was dialled is an address; the person knows the host by its name in the inventory. */
function withName(error: unknown, name: string): unknown {
  if (!(error instanceof VpaiError) || error.code !== 'SSH_HOST_KEY_UNKNOWN') return error
  return new VpaiError(error.code, `${name}: ${error.message}`, {
    hint: `Look at it, then remember it: vpai trust ${name}`,
    cause: error,
  })
}

/** `bootstrap: {port, user}` of a host: how to log in before the first deploy has set it up. */
export async function bootstrapTarget(
  target: ConnectTarget,
  settings: ConnectSettings,
): Promise<SshTarget | null> {
  const bootstrap = target.variables('bootstrap')
  if (!isDict(bootstrap)) return null
  const port = bootstrap.port === undefined ? target.port : Number(bootstrap.port)
  const user = text(bootstrap.user) ?? target.remoteUser
  const variables = (name: string) =>
    name === 'ansible_port' || name === 'ansible_user' ? undefined : target.variables(name)
  return sshTargetOf(
    { ...target, variables, port, remoteUser: user },
    { ...settings, user: user ?? settings.user },
  )
}

export async function sshTargetOf(target: ConnectTarget, settings: ConnectSettings): Promise<SshTarget> {
  const [{ sshTarget }, { readSshConfig }] = await Promise.all([
    import('../../connections/ssh-config.ts'),
    import('../../connections/ssh-config-file.ts'),
  ])
  const { io, project } = settings
  const home = ownHome(io.env)
  const get = (...names: string[]) =>
    names.map(name => target.variables(name)).find(value => value !== undefined && value !== null)
  const args = argumentsOf(get, project)
  const key =
    text(get('ansible_ssh_private_key_file', 'ansible_private_key_file')) ??
    settings.privateKey ??
    project.ansible.privateKeyFile ??
    args.identityFile
  const password = text(get('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'))
  const timeoutS = number(get('ansible_ssh_timeout', 'ansible_timeout')) ?? settings.timeoutS
  return sshTarget(
    {
      name: text(get('ansible_host', 'ansible_ssh_host')) ?? target.name,
      port:
        number(get('ansible_port', 'ansible_ssh_port')) ??
        target.port ??
        project.ansible.remotePort ??
        args.port,
      user:
        text(get('ansible_user', 'ansible_ssh_user')) ??
        target.remoteUser ??
        settings.user ??
        project.ansible.remoteUser ??
        args.user,
      ...(key ? { identityFiles: [expandHome(key, home, project.root)] } : {}),
      ...(args.proxyJump ? { proxyJump: args.proxyJump } : {}),
      hostKeys: { ...hostKeysOf({ get, home, project }), trustAs: target.name },
      ...(password !== null
        ? { password: async () => password }
        : settings.loginPassword
          ? { password: settings.loginPassword }
          : {}),
      passphrase: settings.passphrase,
      connectTimeoutMs: timeoutS * 1000,
    },
    {
      text: await readSshConfig([path.join(home, '.ssh/config'), '/etc/ssh/ssh_config'], home),
      home,
      localUser: ownName(io.env),
      env: io.env,
      exists: existsSync,
    },
  )
}

type Get = (...names: string[]) => Value | undefined

/** Keys pinned in the inventory win; what `vpai trust` has pinned lies beside the project's state. */
function hostKeysOf({
  get,
  home,
  project,
}: {
  get: Get
  home: string
  project: ConnectSettings['project']
}): Partial<SshTarget['hostKeys']> {
  const pinned = [get('vpai_host_key', 'ansible_host_key') ?? []].flat().map(String)
  const own = path.join(project.root, 'inventory', 'known_hosts')
  const listed = text(get('vpai_known_hosts_file'))
  const accept =
    get('ansible_host_key_checking') === false ||
    project.ansible.hostKeyChecking === false ||
    String(get('vpai_host_keys') ?? '') === 'accept-new'
  return {
    pinned,
    knownHostsFiles: [
      ...(listed ? [path.resolve(project.root, listed)] : []),
      own,
      path.join(home, '.ssh/known_hosts'),
      '/etc/ssh/ssh_known_hosts',
    ],
    ...(accept ? { policy: 'accept-new' as const, appendTo: own } : {}),
  }
}

/** Among the ssh arguments Ansible users write, in the inventory and, weaker, in ansible.cfg. */
function argumentsOf(get: Get, { ansible }: ConnectSettings['project']): SshArguments {
  const { sshCommonArgs, sshExtraArgs, sshArgs } = ansible
  const common = text(get('ansible_ssh_common_args')) ?? sshCommonArgs
  const extra = text(get('ansible_ssh_extra_args')) ?? sshExtraArgs
  const own = text(get('ansible_ssh_args')) ?? sshArgs
  return readSshArguments([extra, common, own].filter(one => one !== undefined).join(' '))
}

function expandHome(file: string, home: string, root: string): string {
  return file.startsWith('~/') ? path.join(home, file.slice(2)) : path.resolve(root, file)
}

function text(value: Value | undefined): string | null {
  return value === undefined || value === null || value === '' ? null : String(value)
}

function number(value: Value | undefined): number | null {
  return value === undefined || value === null || value === '' ? null : Number(value)
}
