import type { HostAction } from '../actions/index.ts'
import type { Actor } from './door.ts'
import type { Change, Entered } from './host-record.ts'
import type { Request, Session } from './ports.ts'

/** The lines that keep the host's record true; null for what only looks. */
export async function enterRecord(
  actor: Actor,
  {
    action,
    session,
    token,
    script,
    stdin,
  }: {
    readonly action: HostAction
    readonly session: Session
    readonly token: string
    readonly script: string
    readonly stdin?: Request['stdin']
  },
): Promise<Entered | null> {
  const isCommand = action.do === 'run' && action.about !== undefined && action.detached === undefined
  const looks = action.do === 'read' || (action.do === 'run' && (action.readOnly === true || actor.isLook))
  const login = actor.host.loginUser ?? ''
  const record = looks ? null : await actor.record()
  if (record === null) return null
  const { identity, taskId, taskName } = actor
  const intents: Change['intents'] = [
    { kind: 'task', name: actor.isSilent ? taskId : taskName },
    ...(action.do === 'put' ? [{ kind: 'put', token, directory: directoryOf(action.path) } as const] : []),
  ]
  const notifies = actor.notifies()
  return record.enter({
    user: identity.user ?? login,
    session,
    taskId,
    taskName,
    notifies,
    intents,
    script,
    command: isCommand ? { stdin } : null,
  })
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}
