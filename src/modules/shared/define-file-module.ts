/**
 * Modules that write files: what is told of attributes and SELinux contexts is carried out for them here, after what they
 * do themselves; none of them knows of it.
 */
import type { Action, Context, Module, Result, Steps, Verdict } from '../contract.ts'
import { defineModule } from '../contract.ts'
import type { AttributeArgs } from './attributes.ts'
import {
  asksHost,
  type HostPaths,
  hostAttributesAction,
  hostAttributesKey,
  hostChanges,
  unlocks,
} from './host-attributes.ts'

export interface FileModule<Args> extends Module<Args> {
  /** Files it writes, absolute; `result` null before it has decided. Left out: its `dest` or `path`. */
  readonly written?: (args: Args, result: Result | null, ctx: Context) => readonly string[]
  /** True: what is below them too. */
  readonly recurses?: (args: Args) => boolean
}

export function defineFileModule<Args extends AttributeArgs>(module: FileModule<Args>): Module<Args> {
  const { written = writtenAt, recurses, ...own } = module
  const inner = defineModule(own)
  const where = (args: Args, result: Result | null, ctx: Context): HostPaths => ({
    paths: written(args, result, ctx),
    follow: follows(args),
    recurse: recurses?.(args) ?? false,
  })
  const after =
    (args: Args, known: Result, ctx: Context): After =>
    result =>
      hostAttributesAction(args, where(args, { ...known, ...result }, ctx))
  return {
    ...inner,
    foreseeable: args => (asksHost(args) ? 'no' : (inner.foreseeable?.(args) ?? 'no')),
    keys(args, ctx) {
      const keys = inner.keys(args, ctx)
      const at = asksHost(args) ? where(args, null, ctx) : NOWHERE
      return at.paths.length === 0 ? keys : [...keys, hostAttributesKey(args, at)]
    },
    decide(args, seen, ctx): Verdict {
      const verdict = inner.decide(args, seen, ctx)
      if (!asksHost(args)) return verdict
      if (verdict.kind === 'opaque')
        return { ...verdict, apply: thenSet(verdict.apply, [], after(args, {}, ctx)) }
      if (verdict.kind !== 'ok' && verdict.kind !== 'change') return verdict
      const at = where(args, verdict.result ?? {}, ctx)
      if (at.paths.length === 0 || takesAway(verdict, at)) return verdict
      const key = hostAttributesKey(args, at)
      if (!seen.has(key)) return { kind: 'ask', keys: [key] }
      const changes = hostChanges(args, seen.get(key))
      if (typeof changes === 'string') return { kind: 'fail', message: changes }
      const set = hostAttributesAction(args, at)
      if (verdict.kind === 'ok')
        return changes.length === 0
          ? verdict
          : { ...verdict, kind: 'change', changes, apply: [set], result: told(verdict.result) }
      const first = unlocks(args) && changes.length > 0 ? [set] : []
      const apply =
        typeof verdict.apply === 'function'
          ? thenSet(verdict.apply, first, after(args, verdict.result ?? {}, ctx))
          : [...first, ...verdict.apply, set]
      return { ...verdict, changes: [...verdict.changes, ...changes], apply }
    },
  }
}

const NOWHERE: HostPaths = { paths: [], follow: false, recurse: false }

type After = (result: Result) => Action

function writtenAt(args: object, result: Result | null): readonly string[] {
  const given = 'dest' in args ? args.dest : 'path' in args ? args.path : null
  const path = [result?.dest, result?.path, given].find(one => typeof one === 'string' && one.startsWith('/'))
  return typeof path === 'string' ? [path] : []
}

/** Is the file gone afterwards? */
function takesAway(verdict: Verdict, { paths }: HostPaths): boolean {
  if (verdict.kind !== 'change') return false
  if (verdict.changes.some(change => change.to === null && paths.includes(change.subject))) return true
  if (typeof verdict.apply === 'function') return false
  return verdict.apply.some(action => action.do === 'remove' && paths.includes(action.path))
}

/** Only who is told not to does not follow a link at the place. */
function follows(args: object): boolean {
  if ('state' in args && args.state === 'link') return false
  return !('follow' in args) || args.follow !== false
}

/** What edits a file says nothing of a file whose text stays. */
function told(result: Result | undefined): Result {
  return result?.msg === ''
    ? { ...result, msg: 'ownership, perms or SE linux context changed' }
    : (result ?? {})
}

function thenSet(apply: Steps, first: readonly Action[], after: After): Steps {
  return function* () {
    for (const action of first) yield action
    const result = yield* apply()
    const { stdout } = yield after(result)
    return stdout.includes('changed') && result.changed === false ? { ...result, changed: true } : result
  }
}
