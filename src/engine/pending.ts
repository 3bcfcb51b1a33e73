/**
 * Check mode: what unapplied changes would alter, by the keys that look at it. Of files it is foreseen what they would
 * be, so that a task which is decided by files alone is decided as it will be; all else is known after apply.
 */
import type { Dict } from '../base/value.ts'
import type { Action, Output } from '../modules/contract.ts'
import { keyId } from '../probes/batch.ts'
import type { Key, Seen } from '../probes/contract.ts'
import type { Attempt } from './attempt.ts'
import type { HostState } from './host-state.ts'
import { Prediction } from './prediction.ts'
import type { Ready } from './prepare.ts'

/** An unapplied change would alter what this task looks at, in a way that cannot be told. */
export function pendingReason(
  { ready, actor }: Pick<Attempt, 'ready' | 'actor'>,
  keys: readonly Key[],
): string | null {
  if (!ready.context.check) return null
  const how = ready.module.foreseeable?.(ready.args) ?? 'no'
  const hit = keys.find(key => !isTold(actor.host, key, how))
  return hit ? `an earlier task would change ${describe(hit)}` : null
}

/** What is there may be told to whom it matters as a file; that nothing is there, to everybody who only looks. */
function isTold({ pending, foreseen }: HostState, key: Key, how: 'by files' | 'only looks' | 'no'): boolean {
  const file = key.kind === 'path' || key.kind === 'content' ? foreseen.at(key.path) : null
  // What an old answer says of a file that will be gone is not looked at.
  const isGone = (path: string) => how === 'only looks' && foreseen.at(path)?.is === 'absent'
  if (key.kind === 'read' && key.files?.some(path => foreseen.reaches(path) && !isGone(path))) return false
  if (file === null) return !pending.has(pendingId(key))
  if (how === 'no' || file.is === 'unknown') return false
  if (file.is === 'absent') return true
  if (how === 'only looks') return false
  return key.kind !== 'content' || file.is === 'made' || file.content !== null
}

/** What a task looks at that was not decided, it may change. */
export function leaveUndecided(host: HostState, keys: readonly Key[]): void {
  leaveOpen(
    host,
    keys.filter(key => key.kind !== 'facts'),
  )
}

/** What these keys look at may be anything afterwards. */
export function leaveOpen({ pending, foreseen }: HostState, keys: readonly Key[]): void {
  for (const key of keys) {
    pending.add(pendingId(key))
    if (key.kind === 'path' || key.kind === 'content') foreseen.set(key.path, { is: 'unknown' })
  }
}

/** Check mode: a task of which it is not known whether it runs may change what it looks at. */
export function leaveTaskOpen(host: HostState, ready: () => Ready): void {
  try {
    const { module, keys } = ready()
    if (!module.controller) leaveUndecided(host, keys)
  } catch {
    // What it would look at is not known either.
  }
}

/** What these actions would leave is told to the tasks after them, as far as it can be: the paths of which it is. */
export function foreseeFiles(
  host: HostState,
  actions: readonly Action[],
  at: { readonly keys: readonly Key[]; readonly seen: Seen; readonly isRoot: boolean },
): ReadonlySet<string> {
  const files = new Prediction(at.seen, at.isRoot, host.foreseen)
  return new Set(
    actions.flatMap(action => (files.apply(action, at.keys) && 'path' in action ? [action.path] : [])),
  )
}

/** Path and content of one file are one thing for what is pending. */
function pendingId(key: Key): string {
  return key.kind === 'content' || key.kind === 'path' ? `path ${key.path}` : keyId(key)
}

function describe(key: Key): string {
  return 'path' in key ? key.path : 'name' in key ? `${key.kind} ${key.name}` : key.kind
}

export function touchedBy(apply: readonly Action[] | (() => Generator<Action, Dict, Output>)): Key[] {
  if (typeof apply === 'function') return []
  return apply.flatMap(action => ('path' in action ? [{ kind: 'path' as const, path: action.path }] : []))
}
