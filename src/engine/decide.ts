/** What a task comes to: its keys are asked, and its module decides by the answers, until it asks for nothing more. */
import { VpaiError } from '../base/error.ts'
import type { Context, Verdict } from '../modules/contract.ts'
import { keyId } from '../probes/batch.ts'
import type { Key, Seen } from '../probes/contract.ts'
import type { Attempt } from './attempt.ts'
import { type Actor, guardArguments } from './door.ts'
import { hideDigestsOfFile, hideDigestsOfSeen, hideGiven } from './hide-digests.ts'
import { leftoverKeys, settleLeftovers } from './leftover-guards.ts'
import { pendingReason } from './pending.ts'
import { Prediction } from './prediction.ts'
import type { Snapshot } from './snapshot.ts'

/** A module that still asks after this many rounds is broken. */
export const MAX_ROUNDS = 12

/** What it comes to; `late` in a dry run, when it looks at what an earlier task would leave and that cannot be told. */
export async function decided(
  { world, meter, snapshot, actor, ready, ahead }: Attempt,
  keys: Key[],
): Promise<Verdict | { readonly kind: 'late'; readonly reason: string }> {
  const { module, args } = ready
  const local = (name: string) => hideDigestsOfFile(world.secrets, ready.context.local(name))
  const context = { ...ready.context, local }
  hideGiven(world.secrets, args)
  let extra = ahead
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const reason = pendingReason({ actor, ready }, keys)
    if (reason !== null) return { kind: 'late', reason }
    if (snapshot && keys.length > 0) {
      guardArguments(world, actor, { text: keys.map(lookedUp).join('\0'), where: 'what is looked up' })
      await meter.spend('probe', snapshot.settled())
      const guards = await meter.spend('connect', leftoverKeys(actor))
      const missing = snapshot.missing(actor.identity, [...keys, ...guards])
      if (missing.length > 0) {
        const [first = [], ...groups] = extra(actor.host.nextReach())
        const more = snapshot.missing(actor.identity, first)
        const later = groups.map(group => snapshot.missing(actor.identity, group))
        await meter.spend('connect', actor.session())
        await meter.spend('probe', snapshot.ask(actor.identity, [[...missing, ...more], ...later]))
        // Another run is waited for; what was seen until then is old.
        await meter.spend('wait', actor.host.record?.admit() ?? Promise.resolve())
        const seen = snapshot.seen(actor.identity)
        if (await settleLeftovers(world, actor, { seen, check: context.check })) {
          snapshot.clear()
          continue
        }
      }
      hideDigestsOfSeen(world.secrets, keys, snapshot.seen(actor.identity))
      extra = () => []
    }
    const verdict = module.decide(args, snapshot ? seenBy(actor, snapshot, context) : NOTHING_SEEN, context)
    if (verdict.kind !== 'ask') return verdict
    keys.push(...verdict.keys)
  }
  return { kind: 'ask', keys: [] }
}

/** A dry run sees files as earlier tasks would leave them. */
function seenBy({ host, identity }: Actor, snapshot: Snapshot, { check }: Context): Seen {
  const seen = snapshot.seen(identity)
  return check ? new Prediction(seen, false, host.foreseen) : seen
}

/** What of a key programs on the host get as arguments; `env` of a script is not. */
export function lookedUp(key: Key): string {
  return key.kind === 'read' ? key.script : keyId(key)
}

const NOTHING_SEEN = {
  has: () => false,
  get: () => {
    throw new VpaiError('PROBE_NOT_ASKED', 'a controller module looked at a host')
  },
}
