import type { z } from 'zod'
import type { Resource } from '../base/resource.ts'
import type { Result, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { fileAt } from './shared/declared.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { fileKeys, linkKey } from './shared/file-keys.ts'
import { decideHard, decideLink } from './shared/file-links.ts'
import { decideAbsent, decideDirectory, decideFile } from './shared/file-states.ts'
import { decideTouch, touchKeys } from './shared/file-touch.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'

const STATES = ['absent', 'directory', 'file', 'hard', 'link', 'touch'] as const

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(STATES).optional(),
      src: path().optional(),
      recurse: bool().default(false),
      force: bool().default(false),
      follow: bool().default(true),
      access_time: text().optional(),
      access_time_format: text().default('%Y%m%d%H%M.%S'),
      modification_time: text().optional(),
      modification_time_format: text().default('%Y%m%d%H%M.%S'),
      ...attributeShape(),
      unsafe_writes: withoutEffect(bool().default(false), 'no content is written'),
    },
    { ...ATTRIBUTE_ALIASES, dest: 'path', name: 'path' },
  )
    .refine(args => args.src !== undefined || (args.state !== 'link' && args.state !== 'hard'), {
      message: 'src is required for state link and hard',
      path: ['src'],
    })
    .refine(args => args.state !== 'link' || args.attributes === undefined, {
      message: 'cannot be honoured: links have no attributes',
      path: ['attributes'],
    })
    .refine(args => args.src === undefined || args.state === undefined || /^(link|hard)$/.test(args.state), {
      message: 'src needs state link or hard',
      path: ['src'],
    })

export type FileArgs = z.output<ReturnType<typeof schema>>

/** Makes sure that a path is a directory, link, empty file or nothing, with owner and mode. */
export const file = withHome<FileArgs>(
  args => (args.state === 'hard' ? ['path', 'src'] : ['path']),
  defineFileModule({
    name: 'file',
    summary: 'Files, directories, links and their attributes',
    args: schema,
    declares: declaredBy,
    settles: true,
    recurses: args => args.recurse,
    foreseeable: args => (args.state === 'touch' ? 'no' : 'by files'),
    keys: args => [...fileKeys(args), ...(args.state === 'touch' ? touchKeys(args) : [])],
    decide(args, seen, ctx): Verdict {
      const link = seen.get(linkKey(args.path))
      if (link.type === 'unknown')
        return { kind: 'fail', message: `${args.path} cannot be looked at: ${link.reason}` }
      switch (stateOf(args, link.type)) {
        case 'absent':
          return decideAbsent(args, link)
        case 'directory':
          return decideDirectory(args, seen, ctx.user)
        case 'link':
          return decideLink(args, seen, ctx.user)
        case 'hard':
          return decideHard(args, seen)
        case 'touch':
          return decideTouch(args, seen, ctx.user)
        case 'file':
          return decideFile(args, seen)
      }
    },
  }),
)

/** Without a state: what is there already, or a directory where recursion is asked. */
function stateOf(args: FileArgs, found: string): (typeof STATES)[number] {
  if (args.state !== undefined) return args.state
  if (args.recurse || found === 'directory') return 'directory'
  if (found === 'link' && args.src !== undefined) return 'link'
  return 'file'
}

/** What only gets attributes, or is touched, may be somebody else's. */
function declaredBy({ state, path }: FileArgs, result: Result): readonly Resource[] {
  if (state === 'directory') return fileAt([result.path, path], 'directory')
  if (state === 'link') return fileAt([result.dest, path], 'link')
  return state === 'hard' ? fileAt([result.dest, path]) : []
}
