/**
 * One file with known content at one path: what copy, template, assemble and every editing module end in.
 *
 * A link at the path is replaced, or followed when asked; what it leads to then is the file. A content change is one put;
 * the file's other attributes stay, or become what is asked. Texts for a diff are asked only when wanted.
 */
import type { Dict } from '../../base/value.ts'
import type { Key, PathSeen, Seen } from '../../probes/contract.ts'
import type { Action, Change, Context, FileAttributes, Verdict } from '../contract.ts'
import {
  type AttributeArgs,
  attributeChanges,
  attributeResult,
  isPresent,
  ownerKeys,
  predictedResult,
  wantedAttributes,
} from './attributes.ts'
import { digest } from './digest.ts'
import { directoryOf } from './paths.ts'

export interface Placement {
  /** Absolute; not a directory. */
  readonly dest: string
  readonly content: Uint8Array
  readonly args: AttributeArgs & { readonly backup?: boolean; readonly validate?: string | undefined }
  /** false: a file that is there stays as it is. */
  readonly force?: boolean
  readonly follow?: boolean
  /** Directories made before, so their absence is fine. */
  readonly madeBefore?: readonly Action[]
  /** What to add to the result. */
  readonly result?: Dict
}

export function placementKeys(dest: string, args: AttributeArgs): readonly Key[] {
  return [linkKey(dest), fileKey(dest), parentKey(dest), ...ownerKeys(args)]
}

export function placeFile(placement: Placement, seen: Seen, ctx: Context): Verdict {
  const { dest, args } = placement
  const missing = placementKeys(dest, args).filter(key => !seen.has(key))
  if (missing.length > 0) return { kind: 'ask', keys: missing }
  const link = seen.get(linkKey(dest))
  const problem = obstacle(placement, seen)
  if (problem !== null) return { kind: 'fail', message: problem }
  const replacesLink = link.type === 'link' && placement.follow !== true
  const current: PathSeen = replacesLink ? { type: 'absent' } : seen.get(fileKey(dest))
  if (placement.force === false && (link.type === 'link' || isPresent(current)))
    return { kind: 'ok', result: { ...placement.result, dest, msg: 'file already exists' } }
  const wanted = wantedAttributes(args, seen, { current })
  if (wanted.problem !== null) return { kind: 'fail', message: wanted.problem }
  const { problem: _none, ...attributes } = wanted
  const found: Found = {
    path: link.type === 'link' && !replacesLink && link.resolved ? link.resolved : dest,
    current,
    replacesLink,
    attributes,
  }
  return compare(placement, found, { seen, ctx })
}

interface Found {
  readonly path: string
  readonly current: PathSeen
  readonly replacesLink: boolean
  readonly attributes: FileAttributes
}

const linkKey = (path: string) => ({ kind: 'path', path, hash: true }) as const
const fileKey = (path: string) => ({ kind: 'path', path, follow: true, hash: true }) as const
const parentKey = (path: string) => ({ kind: 'path', path: directoryOf(path), follow: true }) as const
const contentKey = (path: string) => ({ kind: 'content', path, limit: DIFF_LIMIT }) as const

/** Larger files are compared by their hash and shown without a diff. */
const DIFF_LIMIT = 1024 * 1024

function obstacle({ dest, follow, madeBefore = [] }: Placement, seen: Seen): string | null {
  const link = seen.get(linkKey(dest))
  const file = seen.get(fileKey(dest))
  const parent = seen.get(parentKey(dest))
  if (link.type === 'unknown') return `${dest} cannot be looked at: ${link.reason}`
  if (link.type === 'link' && follow !== true) return null
  if (file.type === 'unknown') return `${dest} cannot be looked at: ${file.reason}`
  if (isPresent(file) && file.type !== 'file') return `${dest} is a ${file.type}, not a file`
  if (file.type !== 'absent' || madeBefore.length > 0) return null
  if (parent.type === 'absent') return `Destination directory ${directoryOf(dest)} does not exist`
  return parent.type === 'directory' ? null : `${directoryOf(dest)} is not a directory`
}

function compare(
  placement: Placement,
  found: Found,
  { seen, ctx }: { readonly seen: Seen; readonly ctx: Context },
): Verdict {
  const { dest, content, args, madeBefore = [] } = placement
  const { current, attributes } = found
  const sha256 = digest('sha256', content)
  const differs = current.type !== 'file' || current.sha256 !== sha256
  const attributeEdits = attributeChanges(dest, current, attributes)
  const about: Dict = { ...placement.result, dest, checksum: digest('sha1', content) }
  if (!differs && attributeEdits.length === 0 && isPresent(current))
    return { kind: 'ok', result: { ...about, path: dest, ...attributeResult(current) } }
  if (differs && ctx.diff && current.type === 'file' && !seen.has(contentKey(dest)))
    return { kind: 'ask', keys: [contentKey(dest)] }
  const predicted = { ...attributes, size: content.length, state: 'file', maker: ctx.user }
  return {
    kind: 'change',
    changes: [
      ...(differs ? [contentChange(placement, found, { sha256, seen, ctx })] : []),
      ...attributeEdits,
    ],
    apply: [
      ...madeBefore,
      differs ? put(placement, found) : { do: 'attributes', path: found.path, ...attributes },
    ],
    result: {
      ...about,
      ...(differs ? { md5sum: digest('md5', content) } : {}),
      ...predictedResult(current, args, predicted),
    },
    touches: [linkKey(dest), contentKey(dest)],
  }
}

function put({ content, args }: Placement, { path, attributes }: Found): Action {
  return {
    do: 'put',
    path,
    content,
    ...attributes,
    ...(args.backup ? { backup: true } : {}),
    ...(args.validate === undefined ? {} : { validate: args.validate }),
    ...(args.unsafe_writes ? { unsafe: true } : {}),
  }
}

function contentChange(
  { dest, content }: Placement,
  { current, replacesLink }: Found,
  { sha256, seen, ctx }: { readonly sha256: string; readonly seen: Seen; readonly ctx: Context },
): Change {
  const from = replacesLink ? 'link' : current.type === 'file' ? shortHash(current.sha256) : null
  const change: Change = { what: 'content', subject: dest, from, to: shortHash(sha256) }
  if (!ctx.diff) return change
  const old = current.type === 'file' ? seen.get(contentKey(dest)) : { state: 'absent' as const }
  const before = old.state === 'present' ? plainText(old.bytes) : old.state === 'absent' ? '' : null
  const after = content.length > DIFF_LIMIT ? null : plainText(content)
  return before === null || after === null ? change : { ...change, diff: { before, after, label: dest } }
}

const shortHash = (sha256: string | undefined): string =>
  sha256 === undefined ? 'unreadable' : `sha256:${sha256.slice(0, 12)}`

/** null for bytes that are no text. */
function plainText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
