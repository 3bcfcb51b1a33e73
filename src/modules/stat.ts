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

/** Tells what is at a path. The result's `stat` has the keys of Ansible's; `attributes` is left out. */
export const stat = withHome<StatArgs>(
  () => ['path'],
  defineModule({
    name: 'stat',
    summary: 'Tells about a file or directory',
    args: schema,
    settles: true,
    foreseeable: () => 'only looks',
    keys(args) {
      return [pathKey(args), accessKey(args), ...hashKeys(args), ...mimeKeys(args)]
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
      }
      return { kind: 'ok', result: { stat } }
    },
  }),
)

const pathKey = (args: StatArgs) => ({ kind: 'path', path: args.path, follow: args.follow }) as const

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

function mimeOf(stdout: string): readonly string[] {
  const match = /^([\w.+-]+\/[\w.+-]+)(?:; charset=(\S+))?/.exec(stdout.trim())
  return match === null ? ['unknown', 'unknown'] : [match[1] ?? 'unknown', match[2] ?? 'unknown']
}
