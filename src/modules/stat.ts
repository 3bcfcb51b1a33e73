import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Dict } from '../base/value.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, bool, choice, path } from './shared/arguments.ts'
import { isPresent } from './shared/attributes.ts'
import { type ChecksumName, checksumKey, checksumOf } from './shared/checksum.ts'
import { withHome } from './shared/home.ts'
import { permissionBits, statResult } from './shared/stat-result.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      follow: bool().default(false),
      get_checksum: bool().default(true),
      checksum_algorithm: choice(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']).default('sha1'),
      get_mime: bool().default(true),
      get_attributes: bool().default(true),
      get_selinux_context: bool().default(false),
    },
    {
      dest: 'path',
      name: 'path',
      checksum: 'checksum_algorithm',
      checksum_algo: 'checksum_algorithm',
      mime: 'get_mime',
      mime_type: 'get_mime',
      'mime-type': 'get_mime',
      attr: 'get_attributes',
      attributes: 'get_attributes',
    },
  )

export type StatArgs = z.output<ReturnType<typeof schema>>

/** Tells what is at a path. The result's `stat` has the keys of Ansible's. */
export const stat = withHome<StatArgs>(
  () => ['path'],
  defineModule({
    name: 'stat',
    summary: 'Tells about a file or directory',
    args: schema,
    settles: true,
    foreseeable: () => 'only looks',
    keys(args) {
      const more = [...hashKeys(args), ...mimeKeys(args), ...flagKeys(args), ...contextKeys(args)]
      return [pathKey(args), accessKey(args), ...more]
    },
    decide(args, seen) {
      const found = seen.get(pathKey(args))
      if (found.type === 'unknown')
        return { kind: 'fail', message: `${args.path} cannot be looked at: ${found.reason}` }
      if (!isPresent(found)) return { kind: 'ok', result: { stat: { exists: false } } }
      const access = seen.get(accessKey(args)).stdout
      const checksum = hashKeys(args).map(key => checksumOf(seen.get(key)))[0]
      const isHashed = found.type === 'file' && checksum !== undefined && checksum !== null
      const [mimetype, charset] = mimeKeys(args).flatMap(key => mimeOf(seen.get(key).stdout))
      const stat: Dict = {
        ...statResult(args.path, found),
        ...permissionBits(access),
        ...(isHashed ? { checksum } : {}),
        ...(mimetype === undefined ? {} : { mimetype, charset: charset ?? 'unknown' }),
        ...flagsOf(flagKeys(args).map(key => seen.get(key).stdout)[0]),
        ...contextOf(contextKeys(args).map(key => seen.get(key).stdout)[0]),
      }
      return { kind: 'ok', result: { stat } }
    },
  }),
)

const pathKey = (args: StatArgs) =>
  ({ kind: 'path', path: args.path, follow: args.follow, accessed: true }) as const

/** r, w and x as the acting user has them: one built-in test each. */
const accessKey = (args: StatArgs) =>
  ({
    kind: 'read',
    name: `access ${args.path}`,
    script: `p=${quote(args.path)}; [ ! -r "$p" ] || printf r; [ ! -w "$p" ] || printf w; [ ! -x "$p" ] || printf x`,
  }) as const satisfies Key

const hashKeys = (args: StatArgs) =>
  args.get_checksum ? [checksumKey(args.path, args.checksum_algorithm as ChecksumName, args.follow)] : []

const mimeKeys = (args: StatArgs) =>
  args.get_mime
    ? [
        {
          kind: 'read',
          name: `mime ${args.follow} ${args.path}`,
          script: `command -v file >/dev/null 2>&1 && file ${args.follow ? '-L ' : ''}--brief --mime -- ${quote(args.path)} </dev/null 2>/dev/null`,
        } as const,
      ]
    : []

/** Flags of the file system, by lsattr of e2fsprogs. */
const flagKeys = (args: StatArgs) =>
  args.get_attributes
    ? [
        {
          kind: 'read',
          name: `flags ${args.path}`,
          script: `command -v lsattr >/dev/null 2>&1 && lsattr -vd -- ${quote(args.path)} 2>/dev/null; :`,
        } as const,
      ]
    : []

const contextKeys = (args: StatArgs) =>
  args.get_selinux_context
    ? [
        {
          kind: 'read',
          name: `context ${args.follow} ${args.path}`,
          script: `[ -d /sys/fs/selinux ] && stat ${args.follow ? '-L ' : ''}-c %C -- ${quote(args.path)} 2>/dev/null; :`,
        } as const,
      ]
    : []

/** `VERSION FLAGS PATH`, a flag for each letter that is no dash. */
function flagsOf(stdout: string | undefined): Dict {
  const [, version = '', flags = ''] = /^\s*(\d+)\s+([-A-Za-z]+)\s/.exec(stdout ?? '') ?? []
  if (flags === '') return stdout === undefined ? {} : { attr_flags: '', attributes: [], version: null }
  const set = flags.replaceAll('-', '')
  const attributes = [...set].map(letter => FLAG_NAMES[letter]).filter(name => name !== undefined)
  return { attr_flags: set, attributes, version }
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
}

/** Without SELinux the four parts are there and empty, as in Ansible. */
function contextOf(stdout: string | undefined): Dict {
  if (stdout === undefined) return {}
  const parts = stdout.trim().split(':')
  const [user, role, type] = parts
  if (type === undefined) return { selinux_context: [null, null, null, null] }
  return { selinux_context: [user ?? null, role ?? null, type, parts.slice(3).join(':') || null] }
}

function mimeOf(stdout: string): readonly string[] {
  const match = /^([\w.+-]+\/[\w.+-]+)(?:; charset=(\S+))?/.exec(stdout.trim())
  return match === null ? ['unknown', 'unknown'] : [match[1] ?? 'unknown', match[2] ?? 'unknown']
}
