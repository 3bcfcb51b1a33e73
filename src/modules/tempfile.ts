import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, choice, path, text } from './shared/arguments.ts'

const schema = () =>
  argumentsOf({
    state: choice(['file', 'directory']).default('file'),
    path: path().optional(),
    prefix: text().default('ansible.'),
    suffix: text().default(''),
  })

export type TempfileArgs = z.output<ReturnType<typeof schema>>

/** Makes a new file or directory that only its owner may read. */
export const tempfile = defineModule<TempfileArgs>({
  name: 'tempfile',
  summary: 'Makes a temporary file or directory',
  args: schema,
  settles: 'it makes a new one every time',
  keys: () => [],
  decide(args, _seen, ctx) {
    return {
      kind: 'opaque',
      summary: `makes a temporary ${args.state}`,
      changes: true,
      *apply() {
        const output = yield {
          do: 'run',
          script: makeScript(args, ctx.token(10)),
          failure: `The temporary ${args.state} could not be made`,
        }
        const isFile = args.state === 'file'
        return { path: output.stdout, state: args.state, mode: isFile ? '0600' : '0700', size: 0 }
      },
    }
  },
})

/** noclobber and mkdir both fail on a name that exists, so nobody can lay a trap. */
function makeScript({ state, path, prefix, suffix }: TempfileArgs, token: string): string {
  const directory = path === undefined ? '"${TMPDIR:-/tmp}"' : quote(path)
  return `d=${directory}; p=\${d%/}/${quote(`${prefix}${token}${suffix}`)}; umask 077
${state === 'file' ? 'set -C; : >"$p" || exit 1' : 'mkdir -- "$p" || exit 1'}
printf '%s' "$p"`
}
