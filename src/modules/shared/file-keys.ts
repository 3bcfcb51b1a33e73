import { quote } from '../../base/quote.ts'
import type { Key } from '../../probes/contract.ts'
import type { FileArgs } from '../file.ts'
import { ownerKeys } from './attributes.ts'
import { directoryOf, resolveFrom } from './paths.ts'
import { treeKey } from './tree-attributes.ts'

export const linkKey = (path: string) => ({ kind: 'path', path }) as const
export const followedKey = (path: string) => ({ kind: 'path', path, follow: true }) as const

/** What a link at `path` would lead to, and for a hard link the file itself. */
export function sourceKey(args: FileArgs) {
  const src = args.src ?? ''
  return followedKey(args.state === 'hard' ? src : resolveFrom(directoryOf(args.path), src))
}

/** Where a link is made. */
export const parentKey = (args: FileArgs) => followedKey(directoryOf(args.path))

/** Says something when the folder at `path` holds something. */
export function entriesKey(path: string) {
  const script = `ls -A -- ${quote(path)} | head -n 1`
  return { kind: 'read', name: `what is in ${path}`, script, files: [path] } as const
}

export function fileKeys(args: FileArgs): readonly Key[] {
  const isLink = args.state === 'link' || args.state === 'hard'
  return [
    linkKey(args.path),
    followedKey(args.path),
    ...(isLink ? [parentKey(args)] : []),
    ...(args.src === undefined ? [] : [sourceKey(args)]),
    ...(args.recurse ? [treeKey(args.path)] : []),
    ...ownerKeys(args),
  ]
}
