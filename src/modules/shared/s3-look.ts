/** Looks at objects and lists in S3 by the rclone of the host. */
import { quoteAll } from '../../base/quote.ts'
import { isDict, type Value } from '../../base/value.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import { digest } from './digest.ts'
import { rcloneEnvironment, type S3Args } from './s3-arguments.ts'

export const MISSING = 'rclone is not there: install the package rclone'

/** `where`: bucket and what is below it. One object with `--stat`, or all below. */
export function lookS3(
  args: S3Args,
  where: string,
  flags: readonly string[],
): Key & { readonly kind: 'read' } {
  const env = rcloneEnvironment(args)
  const line = quoteAll(['rclone', 'lsjson', ...flags, `s3:${where}`])
  return {
    kind: 'read',
    name: `rclone ${digest('sha256', JSON.stringify([env, line]))}`,
    env,
    script: `command -v rclone >/dev/null || { echo '${MISSING}' >&2; exit 127; }\n${line}`,
  }
}

export function objectKey(args: S3Args, bucket: string, object: string): Key & { readonly kind: 'read' } {
  return lookS3(args, `${bucket}/${object}`, ['--stat', '--hash'])
}

export interface S3Object {
  readonly key: string
  readonly size: number
  /** null: the store does not know it (uploads in parts). */
  readonly md5: string | null
  /** Milliseconds since the epoch. */
  readonly time: number
}

/** null: there is none. */
export type S3Seen =
  | { readonly problem: string }
  | { readonly problem: null; readonly objects: readonly S3Object[] | null }

/** rclone ends with 3 or 4 where a bucket or an object is not there. */
export function readS3({ code, stdout, stderr }: ReadSeen): S3Seen {
  if (code === 3 || code === 4) return { problem: null, objects: null }
  if (code !== 0) return { problem: s3Complaint(stderr) || `rclone ended with exit code ${code}` }
  const value = JSON.parse(stdout.trim() || 'null') as Value
  const entries = (Array.isArray(value) ? value : [value]).filter(isDict)
  const objects = entries
    .filter(({ IsDir }) => IsDir !== true)
    .map(entry => ({
      key: String(entry.Path),
      size: Number(entry.Size),
      md5: isDict(entry.Hashes) && typeof entry.Hashes.md5 === 'string' ? entry.Hashes.md5 : null,
      time: Date.parse(String(entry.ModTime)),
    }))
  return { problem: null, objects }
}

/** The last line that says what went wrong, without time and level. */
export function s3Complaint(stderr: string): string {
  const lines = stderr
    .trim()
    .split('\n')
    .filter(line => /ERROR|Failed|not there|CRITICAL/.test(line))
  return (lines.at(-1) ?? stderr.trim()).replace(/^\S+ \S+ (ERROR|CRITICAL|NOTICE)\s*:\s*/, '')
}

/** Sum and time of a file of the host, as one line; nothing where there is none. */
export function localKey(path: string): Key & { readonly kind: 'read' } {
  return {
    kind: 'read',
    name: `md5 ${path}`,
    env: { F: path },
    script: '[ -f "$F" ] || exit 0\nmd5sum <"$F" | cut -c1-32 && stat -c %Y -- "$F"',
  }
}

/** null: there is no such file. Time in milliseconds since the epoch. */
export function readLocal({ stdout }: ReadSeen): { readonly md5: string; readonly time: number } | null {
  const [md5 = '', seconds = ''] = stdout.trim().split('\n')
  return md5 === '' ? null : { md5, time: Number(seconds) * 1000 }
}
