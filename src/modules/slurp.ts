import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, path } from './shared/arguments.ts'
import { withHome } from './shared/home.ts'

const schema = () => argumentsOf({ src: path() }, { path: 'src' })

export type SlurpArgs = z.output<ReturnType<typeof schema>>

/** Reads a whole file; `content` is base64. Files over 64 MiB are refused. */
export const slurp = withHome<SlurpArgs>(
  () => ['src'],
  defineModule({
    name: 'slurp',
    summary: 'Reads a file from the host',
    args: schema,
    settles: true,
    keys: args => [contentKey(args)],
    decide(args, seen) {
      const content = seen.get(contentKey(args))
      switch (content.state) {
        case 'absent':
          return { kind: 'fail', message: `file not found: ${args.src}` }
        case 'unknown':
          return { kind: 'fail', message: `${args.src} cannot be read: ${content.reason}` }
        case 'too-large':
          return { kind: 'fail', message: `${args.src} has ${content.size} bytes, more than slurp takes` }
        case 'present': {
          const base64 = Buffer.from(content.bytes).toString('base64')
          return { kind: 'ok', result: { content: base64, encoding: 'base64', source: args.src } }
        }
      }
    },
  }),
)

const contentKey = (args: SlurpArgs) =>
  ({ kind: 'content', path: args.src, limit: 64 * 1024 * 1024 }) as const
