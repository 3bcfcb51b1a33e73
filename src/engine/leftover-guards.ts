/** Guards of runs that did not come to their end: found along with the first look as root, settled before anything is decided. */
import { fireScript, LOOK, readStatus, toldScript } from '../guard/requests.ts'
import type { Key, Seen } from '../probes/contract.ts'
import type { Actor } from './door.ts'
import { type World, warn } from './world.ts'

const KEY = { kind: 'read', name: 'lock-out guards', script: LOOK } as const satisfies Key

/** What has to be asked along, once for each host and run. */
export async function leftoverKeys({ host, session }: Actor): Promise<readonly Key[]> {
  if (!host.isRemote || host.guardsSeen || (await session()).hello.uid !== 0) return []
  return [KEY]
}

/** true: the host is not what was looked at any more. */
export async function settleLeftovers(
  world: World,
  actor: Actor,
  { seen, check }: { seen: Seen; check: boolean },
): Promise<boolean> {
  const { host } = actor
  if (host.guardsSeen || !seen.has(KEY)) return false
  host.guardsSeen = true
  let hasChanged = false
  for (const found of readStatus(seen.get(KEY).stdout)) {
    if (found.is === 'owned') tell(`another run has a lock-out guard armed there, by process ${found.owner}`)
    else if (found.is === 'fired') await end(found.id, found.report)
    else if (check)
      tell('a run that was cut off left a lock-out guard; the next deploy undoes what it changed')
    else {
      await request(fireScript(found.id, 'the run that armed it was cut off'))
      await end(found.id, [])
      hasChanged = true
    }
  }
  return hasChanged

  function tell(text: string): void {
    warn(world, `${host.name}: ${text}`, { host: host.name })
  }

  async function request(script: string): Promise<string> {
    const reply = await (await actor.session()).request({ script })
    return reply.kind === 'done' ? reply.stdout.toString() : ''
  }

  /** Told here, and taken away. */
  async function end(id: string, known: readonly string[]): Promise<void> {
    const report = check ? known : (await request(toldScript(id))).split('\n')
    const [why = '', ...undone] = report.filter(line => line !== '')
    if (why === '')
      return tell(`the lock-out guard ${id} of an earlier run is still undoing what that changed`)
    const masked = undone.map(line => world.secrets.mask(line))
    world.emit({
      type: 'guard.fired',
      host: host.name,
      guard: id,
      reason: `an earlier run: ${world.secrets.mask(why)}`,
      undone: masked,
    })
  }
}
