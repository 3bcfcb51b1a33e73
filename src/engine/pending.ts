/** Check mode: what unapplied changes would alter, by the keys that look at it. */

import type { Dict } from '../base/value.ts'
import type { Action, Output } from '../modules/contract.ts'
import { keyId } from '../probes/batch.ts'
import type { Key } from '../probes/contract.ts'
import type { Attempt } from './attempt.ts'

/** Check mode: an unapplied change would alter what this task looks at. */
export function pendingReason(
  { ready, actor }: Pick<Attempt, 'ready' | 'actor'>,
  keys: readonly Key[],
): string | null {
  if (!ready.context.check || actor.host.pending.size === 0) return null
  const hit = keys.find(key => actor.host.pending.has(pendingId(key)))
  return hit ? `an earlier task would change ${describe(hit)}` : null
}

/** Path and content of one file are one thing for what is pending. */
export function pendingId(key: Key): string {
  return key.kind === 'content' || key.kind === 'path' ? `path ${key.path}` : keyId(key)
}

function describe(key: Key): string {
  return 'path' in key ? key.path : 'name' in key ? `${key.kind} ${key.name}` : key.kind
}

export function touchedBy(apply: readonly Action[] | (() => Generator<Action, Dict, Output>)): Key[] {
  if (typeof apply === 'function') return []
  return apply.flatMap(action => ('path' in action ? [{ kind: 'path' as const, path: action.path }] : []))
}
