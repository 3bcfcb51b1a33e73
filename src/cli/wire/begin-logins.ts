/** Begins the logins that a run will probably need, as soon as it is known that the project has no errors. */
import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { matchHosts } from '../../inventory/pattern.ts'
import { askedFolder, loginMemory } from '../../state/logins.ts'
import { SoundProject } from '../../state/sound-project.ts'
import type { Io } from '../io.ts'
import { knownNames } from '../project/load-options.ts'
import type { Project } from '../project/open.ts'
import { limitOf, words } from '../run-settings.ts'
import { VERSION } from '../version.ts'
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
    isSecret: text => project.registry.taints(text),
    connect: async (target, during) => {
      const { connectSsh } = await import('../../connections/ssh.ts')
      return connectSsh(target, during)
    },
  })
  const folder = askedFolder(project.stateDirectory, like)
  const sound = new SoundProject(folder, project.root, knownBefore(coming))
  // Errors of a project are told before any host is spoken to: what had none and is the same has none.
  if (sound.isKnown()) {
    await early.begin(hostsOf(coming))
    // Sockets dial at the end of a turn.
    await turn()
  }
  return { ...settings, early, sound }
}

/** A digest of all that errors of playbooks and roles hang on besides their files. */
function knownBefore({ project, options }: Coming): string {
  const { names, hasDynamicNames } = knownNames(project)
  const hash = createHash('sha256')
  hash.update(JSON.stringify([VERSION, [...names].sort(), hasDynamicNames, words(options.rolesPath)]))
  for (const [file, content] of project.sources.entries())
    hash.update(JSON.stringify([file, content.length])).update(content)
  return hash.digest('hex')
}

/** A limit that cannot be read is told of later. */
function hostsOf({ project, options, within }: Coming): readonly string[] {
  try {
    return matchHosts(project.inventory, 'all', limitOf(project, options, within)).hosts
  } catch {
    return []
  }
}
