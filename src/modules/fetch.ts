import type { z } from 'zod'
import { type Context, defineModule } from './contract.ts'
import { argumentsOf, bool, path } from './shared/arguments.ts'
import { digest } from './shared/digest.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'
import { baseName } from './shared/paths.ts'

const schema = () =>
  argumentsOf({
    src: path(),
    dest: path(),
    flat: bool().default(false),
    fail_on_missing: bool().default(true),
    validate_checksum: withoutEffect(
      bool().default(true),
      'the connection makes sure that all bytes arrive as they are',
    ),
  })

export type FetchArgs = z.output<ReturnType<typeof schema>>

/** Copies a file of the host to the controller: to dest/HOST/SRC, or to dest itself when flat. */
export const fetch = withHome<FetchArgs>(
  () => ['src'],
  defineModule({
    name: 'fetch',
    summary: 'Copies a file from the host',
    args: schema,
    settles: 'what is on the controller is known only when it is written',
    keys: args => [pathKey(args)],
    decide(args, seen, ctx) {
      const found = seen.get(pathKey(args))
      if (found.type === 'unknown')
        return { kind: 'fail', message: `${args.src} cannot be looked at: ${found.reason}` }
      if (found.type === 'absent') {
        const message = `the remote file does not exist, not transferring: ${args.src}`
        return args.fail_on_missing
          ? { kind: 'fail', message }
          : { kind: 'ok', result: { msg: message, file: args.src } }
      }
      if (found.type !== 'file')
        return {
          kind: 'fail',
          message: `remote file is a ${found.type}, fetch cannot work on it: ${args.src}`,
        }
      const dest = besidePlaybook(localPath(args, ctx.host), ctx)
      return {
        kind: 'opaque',
        summary: `fetches ${args.src} to ${dest}`,
        *apply() {
          const { bytes } = yield { do: 'read', path: args.src }
          const checksum = digest('sha1', bytes)
          const md5sum = digest('md5', bytes)
          const written = yield { do: 'writeLocal', path: dest, content: bytes }
          const changed = written.stdout !== 'unchanged'
          return {
            changed,
            ...(changed ? { src: args.src } : { src: args.src, file: args.src }),
            dest,
            checksum,
            md5sum,
            remote_checksum: checksum,
            remote_md5sum: null,
          }
        },
      }
    },
  }),
)

const pathKey = (args: FetchArgs) => ({ kind: 'path', path: args.src, follow: true }) as const

function localPath({ src, dest, flat }: FetchArgs, host: string): string {
  if (flat) return dest.endsWith('/') ? `${dest}${baseName(src)}` : dest
  return `${dest.replace(/\/$/, '')}/${host}/${src.replace(/^\/+/, '')}`
}

/** A relative dest lies beside the playbook, wherever the command was started. */
function besidePlaybook(dest: string, ctx: Context): string {
  const directory = ctx.variable('playbook_dir')
  return dest.startsWith('/') || typeof directory !== 'string' ? dest : `${directory}/${dest}`
}
