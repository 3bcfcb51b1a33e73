/** The frame of modules that change some text of a file: read, edit as text, place. Links are followed, but where it says so. */
import type { Dict } from '../../base/value.ts'
import type { Key, Seen } from '../../probes/contract.ts'
import type { Context, Verdict } from '../contract.ts'
import { type AttributeArgs, attributeResult, isPresent } from './attributes.ts'
import { placeFile, placementKeys } from './place-file.ts'

export interface EditArgs extends AttributeArgs {
  readonly path: string
  readonly backup: boolean
  readonly create?: boolean
  readonly validate?: string | undefined
  readonly encoding?: string | undefined
}

export interface Edited {
  readonly text: string
  /** What was done, for the result. */
  readonly msg: string
  readonly result?: Dict
}

/** What to do when there is no file: start with an empty one, fail, or be content. */
export type WhenAbsent = 'create' | 'fail' | 'ok'

export function editKeys(args: EditArgs): readonly Key[] {
  return [contentKey(args.path), ...placementKeys(args.path, args)]
}

/** `edit` gets the text ('' for an absent file) and returns the new one, or a sentence why it cannot. */
export function editFile(
  {
    args,
    whenAbsent,
    edit,
    follow = true,
  }: {
    readonly args: EditArgs
    readonly whenAbsent: WhenAbsent
    readonly edit: (text: string) => Edited | string
    /** False: a link is replaced by a file. */
    readonly follow?: boolean
  },
  seen: Seen,
  ctx: Context,
): Verdict {
  const { path } = args
  const content = seen.get(contentKey(path))
  const link = seen.get({ kind: 'path', path, follow: true, hash: true })
  if (link.type === 'directory')
    return { kind: 'fail', message: `Path ${path} is a directory !`, result: { rc: 256 } }
  if (content.state === 'unknown')
    return { kind: 'fail', message: `${path} cannot be read: ${content.reason}` }
  if (content.state === 'too-large')
    return { kind: 'fail', message: `${path} has ${content.size} bytes: too large to edit` }
  if (content.state === 'absent' && whenAbsent === 'fail')
    return { kind: 'fail', message: `Path ${path} does not exist !`, result: { rc: 257 } }
  if (content.state === 'absent' && whenAbsent === 'ok')
    return { kind: 'ok', result: { msg: `file ${path} not present`, path } }
  const coding = codingOf(content.state === 'present' ? content.bytes : new Uint8Array())
  const edited = edit(coding.text)
  if (typeof edited === 'string') return { kind: 'fail', message: edited }
  const isSame = content.state === 'present' && edited.text === coding.text
  const result = { path, msg: isSame ? '' : edited.msg, ...edited.result }
  const bytes = isSame ? content.bytes : coding.encode(edited.text)
  const verdict = placeFile({ dest: path, content: bytes, args, follow: follow || isSame, result }, seen, ctx)
  if (verdict.kind === 'ok' && isPresent(link))
    return { ...verdict, result: { ...result, ...attributeResult(link) } }
  if (verdict.kind === 'change' && isSame)
    return { ...verdict, result: { ...verdict.result, msg: 'ownership, perms or SE linux context changed' } }
  return verdict
}

const contentKey = (path: string) => ({ kind: 'content', path }) as const

interface Coding {
  readonly text: string
  readonly encode: (text: string) => Uint8Array
}

/** UTF-8, or else one character a byte: then what is not edited stays as it was, byte for byte. */
function codingOf(bytes: Uint8Array): Coding {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(buffer)) return { text, encode: edited => Buffer.from(edited, 'utf8') }
  return { text: buffer.toString('latin1'), encode: edited => Buffer.from(edited, 'latin1') }
}

/** Lines with their ends, as Python's splitlines(True) for \n and \r\n. */
export function linesWithEnds(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

export const withoutEnd = (line: string): string => line.replace(/[\r\n]+$/, '')
