/** synchronize in mode pull: files of the host written here, compared by their hashes. Owners are not kept here. */
import type { Seen } from '../../probes/contract.ts'
import type { Context, LocalFile, Result, Verdict } from '../contract.ts'
import { digest } from './digest.ts'
import { baseName, directoryOf } from './paths.ts'
import { fail } from './results.ts'
import { type SourceEntry, takingPart } from './sync-plan.ts'
import { type RemoteTree, readRemoteTree, remoteTreeKey } from './sync-tree.ts'
import type { SyncTask } from './sync-verdict.ts'

export function pullVerdict({ args, options, found }: SyncTask, seen: Seen, _ctx: Context): Verdict {
  const source = args.src.replace(/\/+$/, '')
  const question = { hash: true, users: [], groups: [] }
  const key = remoteTreeKey({ path: source, ...question })
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  const tree = readRemoteTree(seen.get(key))
  if (tree.root === 'absent') return fail(`${source} does not exist on the host`)
  const folder = tree.root === 'file' ? directoryOf(source) : source
  const parent = remoteTreeKey({ path: folder, ...question })
  if (!seen.has(parent)) return { kind: 'ask', keys: [parent] }
  const under = args.src.endsWith('/') || tree.root === 'file' ? '' : baseName(source)
  const all = entriesOf(readRemoteTree(seen.get(parent)), under)
  const name = baseName(source)
  const wanted = takingPart(tree.root === 'file' ? all.filter(one => one.path === name) : all, options)
  const link = wanted.find(one => one.type === 'link')
  if (link !== undefined)
    return fail(`${link.path} is a link, which mode pull does not carry: set links: false to leave links out`)
  const isTaken = (one: Hashed) => options.recursive || tree.root === 'file' || !one.path.includes('/')
  const intoFolder = tree.root !== 'file' || args.dest.endsWith('/') || found.kind === 'tree'
  const due = wanted.filter(
    one => one.type === 'file' && isTaken(one) && one.sha256 !== localHash(found, one.path),
  )
  const places = due.map(one => ({
    from: `${folder}/${under === '' ? one.path : one.path.slice(under.length + 1)}`,
    to: intoFolder ? `${args.dest.replace(/\/$/, '')}/${one.path}` : args.dest,
    one,
  }))
  const result: Result = { rc: 0, msg: due.map(one => `file ${one.path}`).join('\n') }
  if (due.length === 0) return { kind: 'ok', result }
  return {
    kind: 'change',
    changes: places.map(({ to }) => ({ what: 'file', subject: to, from: null, to: 'as on the host' })),
    apply: function* () {
      for (const { from, to, one } of places) {
        const { bytes } = yield { do: 'read', path: from }
        const mode = options.perms ? { mode: one.mode } : {}
        yield { do: 'writeLocal', path: to, content: bytes, ...mode }
      }
      return result
    },
    result,
  }
}

type Hashed = SourceEntry & { readonly sha256?: string | undefined }

function entriesOf(tree: RemoteTree, under: string): readonly Hashed[] {
  return [...tree.entries]
    .filter(([path]) => path !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, entry]) => {
      const full = under === '' ? path : `${under}/${path}`
      const { type, mode, sha256 } = entry
      return type === 'other' ? [] : [{ type, mode, sha256, path: full }]
    })
}

function localHash(found: LocalFile, path: string): string | null {
  if (found.kind === 'file') return digest('sha256', found.content)
  if (found.kind !== 'tree') return null
  const entry = found.entries.find(one => one.path === path)
  return entry?.type === 'file' ? digest('sha256', entry.content) : null
}
