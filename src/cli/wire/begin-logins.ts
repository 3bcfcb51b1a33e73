/** Begins the logins that a run will probably need, as soon as the inventory is known. */
import { setImmediate as turn } from 'node:timers/promises'
import { matchHosts } from '../../inventory/pattern.ts'
import { loginMemory } from '../../state/logins.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project/open.ts'
import { limitOf, words } from '../run-settings.ts'
import { type ConnectSettings, isConnectionKind, sshTargetOf } from './connect.ts'
import { connectSettings } from './connect-settings.ts'
import { EarlyLogins } from './early-logins.ts'
import { hostTarget } from './host-target.ts'

export interface Coming {
  readonly io: Io
  readonly project: Project
  readonly options: Readonly<Record<string, unknown>>
  readonly playbooks: readonly string[]
  readonly within: string | undefined
}

/** null: passwords are to be asked for before anything else. */
export async function beginLogins(coming: Coming): Promise<ConnectSettings | null> {
  const { io, project, options } = coming
  const { ansible } = project
  const asks = [options.askPass ?? ansible.askPass, options.askBecomePass ?? ansible.becomeAskPass]
  if (asks.includes(true)) return null
  const settings = await connectSettings(io, project, options)
  const like = [coming.playbooks, words(options.tags), words(options.skipTags)]
  const early = new EarlyLogins({
    memory: loginMemory(project.stateDirectory, like),
    targetOf: async name => {
      const target = hostTarget(project, name)
      const kind = target.connection ?? settings.connection ?? 'ssh'
      return kind === 'local' || !isConnectionKind(kind) ? null : sshTargetOf(target, settings)
    },
    connect: async (target, during) => {
      const { connectSsh } = await import('../../connections/ssh.ts')
      return connectSsh(target, during)
    },
  })
  await early.begin(hostsOf(coming))
  // Sockets dial at the end of a turn.
  await turn()
  return { ...settings, early }
}

/** A limit that cannot be read is told of later. */
function hostsOf({ project, options, within }: Coming): readonly string[] {
  try {
    return matchHosts(project.inventory, 'all', limitOf(project, options, within)).hosts
  } catch {
    return []
  }
}
