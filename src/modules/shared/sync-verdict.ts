/** synchronize in mode push: the project's tree, the host's tree, and the verdict about the difference. */
import type { Seen } from '../../probes/contract.ts'
import type { Context, LocalEntry, LocalFile, Verdict } from '../contract.ts'
import type { SynchronizeArgs } from '../synchronize.ts'
import { baseName, directoryOf } from './paths.ts'
import { fail } from './results.ts'
import type { SyncOptions } from './sync-options.ts'
import { planSync, type SourceEntry, takingPart } from './sync-plan.ts'
import { pushActions, syncChanges, toldSteps } from './sync-push.ts'
import { readRemoteTree, remoteTreeKey } from './sync-tree.ts'

export interface SyncTask {
  readonly args: SynchronizeArgs
  readonly options: SyncOptions
  readonly found: LocalFile
}

export function pushVerdict({ args, options, found }: SyncTask, seen: Seen, ctx: Context): Verdict {
  if (found.kind === 'missing' || found.kind === 'vars')
    return fail(`${args.src} was not found in the project`)
  const kind = { kind: 'path', path: args.dest, follow: true } as const
  if (found.kind === 'file' && !args.dest.endsWith('/') && !seen.has(kind))
    return { kind: 'ask', keys: [kind] }
  const intoFolder = args.dest.endsWith('/') || (seen.has(kind) && seen.get(kind).type === 'directory')
  const { root, under, sources } = transferOf({ args, options, found }, intoFolder)
  const wanted = takingPart(sources, options)
  const key = remoteTreeKey({
    path: root,
    hash: options.checksum || !options.times,
    users: names(
      wanted.map(one => one.stat?.user),
      options.chown.user,
    ),
    groups: names(
      wanted.map(one => one.stat?.group),
      options.chown.group,
    ),
  })
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  const answer = seen.get(key)
  if (answer.code !== 0 && /Permission denied/.test(answer.stderr))
    return fail(`${root} cannot be looked at: ${answer.stderr.trim().split('\n')[0]}`)
  const tree = readRemoteTree(answer)
  if (tree.root === 'file') return fail(`${root} is not a folder on the host`)
  const steps = planSync({ sources, tree, options, isRoot: ctx.user === 'root', under })
  if (typeof steps === 'string') return fail(steps)
  const told = toldSteps(steps).map(step => `${step.kind} ${step.path}`.trim())
  const result = { rc: 0, msg: told.join('\n') }
  if (steps.length === 0) return { kind: 'ok', result }
  return {
    kind: 'change',
    changes: syncChanges(root, steps),
    apply: pushActions(root, steps, { isRootThere: tree.root !== 'absent' }),
    result: { ...result, stdout_lines: told },
    touches: [key, kind],
  }
}

interface Transfer {
  /** The folder of the host that paths of the transfer begin in. */
  readonly root: string
  /** The part of it that the transfer is about. */
  readonly under: string
  readonly sources: readonly SourceEntry[]
}

/** A slash at the end of src means the folder's contents; without one the folder itself goes into dest. */
function transferOf({ args, options, found }: SyncTask, intoFolder: boolean): Transfer {
  if (found.kind === 'file') {
    const name = intoFolder ? baseName(args.src) : baseName(args.dest)
    const root = intoFolder ? args.dest : directoryOf(args.dest)
    const { content, mode, stat } = found
    return { root, under: name, sources: [{ type: 'file', path: name, content, mode, stat }] }
  }
  const entries = found.kind === 'tree' ? found.entries : []
  const under = args.src.endsWith('/') ? '' : baseName(args.src)
  const sources = entries.map(entry => sourceOf(entry, under))
  if (options.recursive) return { root: args.dest, under, sources }
  // rsync passes folders over when it is not recursive; with dirs it makes those of the top.
  const isTop = ({ path }: SourceEntry) =>
    path === under || !path.slice(under === '' ? 0 : under.length + 1).includes('/')
  return { root: args.dest, under, sources: args.dirs ? sources.filter(isTop) : [] }
}

function sourceOf(entry: LocalEntry, under: string): SourceEntry {
  const path = entry.path === '' ? under : under === '' ? entry.path : `${under}/${entry.path}`
  return entry.type === 'link' ? { ...entry, path, mode: 0o777 } : { ...entry, path }
}

function names(all: readonly (string | null | undefined)[], forced: string | undefined): readonly string[] {
  const given = forced === undefined ? all : [forced]
  return [...new Set(given.filter(name => name !== null && name !== undefined))].sort()
}
