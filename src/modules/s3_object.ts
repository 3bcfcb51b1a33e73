/**
 * s3_object: objects and buckets of S3 and what speaks like it, by the rclone of the host.
 *
 * Args     bucket, object, mode (get | put | delobj | delete | create | list | getstr | geturl | copy); src (a file of the host,
 *          else of the project), content, content_base64, dest, copy_src; overwrite, prefix, marker, max_keys, expiry,
 *          permission, metadata, headers, encrypt …; access_key, secret_key, session_token, profile, region, endpoint_url.
 * Changes  an object or a file whose MD5 is another; a bucket that is there or not. delete takes the bucket with all in it.
 * Errors   no rclone; an object that is not there; what the store says. Keys reach rclone in its environment.
 */
import { quote } from '../base/quote.ts'
import type { Seen } from '../probes/contract.ts'
import {
  type Context,
  defineModule,
  type Result,
  type RunAction,
  type Steps,
  type Verdict,
} from './contract.ts'
import { digest } from './shared/digest.ts'
import { withHome } from './shared/home.ts'
import { fail, failedResult, linesOf } from './shared/results.ts'
import { rcloneEnvironment, type S3Args, s3Schema, uploadFlags } from './shared/s3-arguments.ts'
import {
  localKey,
  lookS3,
  objectKey,
  readLocal,
  readS3,
  type S3Object,
  s3Complaint,
} from './shared/s3-look.ts'

export const s3Object = withHome<S3Args>(
  args => (['src', 'dest'] as const).filter(field => args[field]?.startsWith('~')),
  defineModule<S3Args>({
    name: 's3_object',
    aliases: ['aws_s3'],
    summary: 'Objects and buckets of S3, by rclone',
    args: s3Schema,
    settles: 'getstr, geturl and overwrite: always do it each time',
    local: args =>
      args.mode === 'put' && args.src !== undefined
        ? [{ name: 'src', kind: 'file', path: args.src, optional: true }]
        : [],
    keys: args => lookKeys(args),
    decide(args, seen, ctx): Verdict {
      const answer = readS3(seen.get(remoteKey(args)))
      if (answer.problem !== null) return fail(answer.problem)
      return MODES[args.mode]({ args, seen, ctx, there: answer.objects })
    },
  }),
)

/** What does not lie on the host travels as a file of the action. */
const UPLOAD = './upload'

interface Situation {
  readonly args: S3Args
  readonly seen: Seen
  readonly ctx: Context
  /** What is at the object, or in the bucket; null: there is no such thing. */
  readonly there: readonly S3Object[] | null
}

const MODES: Readonly<Record<S3Args['mode'], (situation: Situation) => Verdict>> = {
  get,
  put,
  copy,
  list,
  getstr,
  geturl,
  create: ({ args, there }) =>
    there !== null && args.object === undefined
      ? settledBucket('Bucket already exists.')
      : oneStep(args, ['mkdir', place(args)], {
          what: 'bucket',
          to: 'present',
          msg: 'Bucket created successfully',
        }),
  delete: ({ args, there }) =>
    there === null
      ? settledBucket('Bucket does not exist.')
      : oneStep(args, ['purge', `s3:${args.bucket}`], {
          what: 'bucket',
          to: null,
          msg: `Bucket ${args.bucket} and all keys have been deleted.`,
        }),
  delobj: ({ args, there }) =>
    there?.length
      ? oneStep(args, ['deletefile', place(args)], {
          what: 'object',
          to: null,
          msg: `Object deleted from bucket ${args.bucket}.`,
        })
      : { kind: 'ok', result: { msg: `Object does not exist in bucket ${args.bucket}.` } },
}

function lookKeys(args: S3Args) {
  const file = args.mode === 'put' ? args.src : args.mode === 'get' ? args.dest : undefined
  const source = args.copy_src?.object === undefined ? [] : [sourceKey(args)]
  return [
    remoteKey(args),
    ...(file === undefined ? [] : [localKey(file)]),
    ...(args.mode === 'copy' ? source : []),
  ]
}

function remoteKey(args: S3Args) {
  if (args.mode === 'list')
    return lookS3(args, args.bucket, ['-R', '--files-only', '--no-modtime', '--no-mimetype'])
  if (args.mode === 'create' || args.mode === 'delete') return lookS3(args, args.bucket, ['--no-modtime'])
  return objectKey(args, args.bucket, args.object ?? '')
}

function sourceKey(args: S3Args) {
  return objectKey(args, args.copy_src?.bucket ?? '', args.copy_src?.object ?? '')
}

const place = ({ bucket, object = '' }: S3Args) => `s3:${bucket}/${object}`.replace(/\/$/, '')
const settledBucket = (msg: string): Verdict => ({ kind: 'ok', result: { msg } })

/** Does what is there have to give way? */
function giveWay(
  overwrite: S3Args['overwrite'],
  from: { readonly md5: string | null; readonly time: number },
  to: { readonly md5: string | null; readonly time: number },
): boolean {
  if (overwrite === 'never') return false
  if (overwrite === 'latest') return from.time > to.time
  return overwrite === 'always' || from.md5 === null || from.md5 !== to.md5
}

function get({ args, seen, there }: Situation): Verdict {
  const dest = args.dest ?? ''
  const [object] = there ?? []
  if (object === undefined) return fail(`Key ${args.object} does not exist.`)
  const local = readLocal(seen.get(localKey(dest)))
  if (local !== null && !giveWay(args.overwrite, object, local))
    return {
      kind: 'ok',
      result: {
        msg: 'Local and remote object are identical, ignoring. Use overwrite=always parameter to force.',
      },
    }
  return {
    kind: 'change',
    changes: [{ what: 'content', subject: dest, from: local?.md5 ?? null, to: object.md5 }],
    apply: [rclone(args, ['copyto', '--ignore-times', place(args), dest])],
    result: { msg: 'GET operation complete' },
    touches: [localKey(dest), { kind: 'path', path: dest }],
  }
}

function put({ args, seen, ctx, there }: Situation): Verdict {
  const upload = uploadOf(args, ctx)
  const onHost = args.src === undefined ? null : readLocal(seen.get(localKey(args.src)))
  if (onHost === null && upload === null)
    return fail(`Local object "${args.src}" does not exist for PUT operation`)
  const source = onHost ?? { md5: digest('md5', upload ?? new Uint8Array()), time: ctx.now().getTime() }
  const [object] = there ?? []
  if (object !== undefined && !giveWay(args.overwrite, source, object))
    return {
      kind: 'ok',
      result: {
        msg: 'Local and remote object are identical, ignoring. Use overwrite=always parameter to force.',
      },
    }
  const copy = (from: string) => ['copyto', '--ignore-times', ...uploadFlags(args), from, place(args)]
  const action =
    onHost === null
      ? { ...rclone(args, copy(UPLOAD)), files: { upload: upload ?? new Uint8Array() } }
      : rclone(args, copy(args.src ?? ''))
  return {
    kind: 'change',
    changes: [{ what: 'object', subject: place(args), from: object?.md5 ?? null, to: source.md5 }],
    apply: [action],
    result: { msg: 'PUT operation complete' },
    touches: [objectKey(args, args.bucket, args.object ?? '')],
  }
}

/** What does not lie on the host; null: it should. */
function uploadOf(args: S3Args, ctx: Context): Uint8Array | null {
  if (args.content !== undefined) return new TextEncoder().encode(args.content)
  if (args.content_base64 !== undefined) return new Uint8Array(Buffer.from(args.content_base64, 'base64'))
  const file = args.src === undefined ? null : ctx.local('src')
  return file?.kind === 'file' ? file.content : null
}

function copy({ args, seen, there }: Situation): Verdict {
  const { copy_src: from } = args
  if (from?.object === undefined) return fail('mode copy needs copy_src.object: prefixes are not copied')
  const source = readS3(seen.get(sourceKey(args)))
  if (source.problem !== null) return fail(source.problem)
  const [object] = source.objects ?? []
  if (object === undefined) return fail(`Key ${from.object} does not exist in bucket ${from.bucket}.`)
  const [known] = there ?? []
  if (known !== undefined && !giveWay(args.overwrite === 'always' ? 'always' : 'different', object, known))
    return { kind: 'ok', result: { msg: 'ETag from source and destination are the same' } }
  return oneStep(args, ['copyto', '--ignore-times', `s3:${from.bucket}/${from.object}`, place(args)], {
    what: 'object',
    to: object.md5 ?? 'present',
    msg: `Object copied from bucket ${from.bucket} to bucket ${args.bucket}.`,
  })
}

function list({ args, there }: Situation): Verdict {
  if (there === null && !args.ignore_nonexistent_bucket)
    return fail(`Target bucket ${args.bucket} cannot be found`)
  const keys = (there ?? [])
    .map(({ key }) => key)
    .filter(key => key.startsWith(args.prefix) && key > args.marker)
    .sort()
  return { kind: 'ok', result: { msg: 'LIST operation complete', s3_keys: keys.slice(0, args.max_keys) } }
}

function getstr(situation: Situation): Verdict {
  const { args } = situation
  return asked(situation, ['cat', place(args)], stdout => ({
    msg: 'GET operation complete',
    contents: stdout,
  }))
}

function geturl(situation: Situation): Verdict {
  const { args } = situation
  return asked(situation, ['link', '--expire', `${args.expiry}s`, place(args)], stdout => ({
    msg: 'Download url:',
    url: linesOf(stdout)[0] ?? '',
    expiry: args.expiry,
  }))
}

function asked(
  { args, there }: Situation,
  words: readonly string[],
  told: (stdout: string) => Result,
): Verdict {
  if (!there?.length) return fail(`Key ${args.object} does not exist.`)
  const apply: Steps = function* () {
    const output = yield { ...rclone(args, words), readOnly: true, ok: 'any' }
    if (output.code !== 0) return failedResult(s3Complaint(output.stderr))
    return { ...told(output.stdout), changed: false }
  }
  return { kind: 'opaque', summary: `${args.mode} ${place(args)}`, changes: false, apply }
}

function oneStep(
  args: S3Args,
  words: readonly string[],
  { what, to, msg }: { readonly what: string; readonly to: string | null; readonly msg: string },
): Verdict {
  return {
    kind: 'change',
    changes: [{ what, subject: place(args), from: to === null ? 'present' : null, to }],
    apply: [rclone(args, words)],
    result: { msg },
    touches: [remoteKey(args)],
  }
}

function rclone(args: S3Args, words: readonly string[]): RunAction {
  const line = words.map(word => (word === UPLOAD ? '"$VPAI_FILES/upload"' : quote(word))).join(' ')
  return { do: 'run', script: `rclone ${line}`, env: rcloneEnvironment(args), failure: 'rclone failed' }
}
