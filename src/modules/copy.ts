import { z } from 'zod'
import type { Resource } from '../base/resource.ts'
import type { Value } from '../base/value.ts'
import type { Seen } from '../probes/contract.ts'
import type { Context, LocalFile, Result, Verdict } from './contract.ts'
import { argumentsOf, bool, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { copyRemote, remoteKeys } from './shared/copy-remote.ts'
import { copyTree } from './shared/copy-tree.ts'
import { fileAt, placedFile, treeAt } from './shared/declared.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { destinationFor } from './shared/destination.ts'
import { digest } from './shared/digest.ts'
import { withHome } from './shared/home.ts'
import { mode } from './shared/mode.ts'
import { baseName, directoryOf, join } from './shared/paths.ts'
import { placeFile } from './shared/place-file.ts'
import { toJson } from './shared/to-json.ts'

const schema = () =>
  argumentsOf(
    {
      src: path().optional(),
      content: z.custom<Value>(value => value !== undefined).optional(),
      dest: path(),
      backup: bool().default(false),
      force: bool().default(true),
      follow: bool().default(false),
      local_follow: bool().default(true),
      remote_src: bool().default(false),
      directory_mode: mode().optional(),
      validate: text().optional(),
      checksum: text().optional(),
      decrypt: bool().default(true),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, thirsty: 'force' },
  ).refine(args => (args.src === undefined) !== (args.content === undefined), {
    message: 'give one of src and content',
  })

export type CopyArgs = z.output<ReturnType<typeof schema>>

/** Writes a file or tree from the project, from a text, or from elsewhere on the host. */
export const copy = withHome<CopyArgs>(
  args => (args.remote_src ? ['dest', 'src'] : ['dest']),
  defineFileModule({
    name: 'copy',
    summary: 'Copies files to the host',
    args: schema,
    declares: declaredBy,
    written: writtenBy,
    settles: true,
    foreseeable: () => 'by files',
    local: args =>
      args.src === undefined || args.remote_src
        ? []
        : [
            {
              name: 'src',
              kind: args.src.endsWith('/') ? 'tree' : 'file',
              path: args.src,
              options: { follow: args.local_follow, decrypt: args.decrypt },
            },
          ],
    keys: args => (args.remote_src ? remoteKeys(args) : destinationFor(args.dest, args).keys),
    decide(args, seen, ctx) {
      if (args.remote_src && args.src !== undefined) return copyRemote({ ...args, src: args.src }, seen, ctx)
      if (args.src === undefined) return placeContent(args, seen, ctx)
      return placeLocal({ ...args, src: args.src }, ctx.local('src'), { seen, ctx })
    },
  }),
)

interface Sight {
  readonly seen: Seen
  readonly ctx: Context
}

function placeContent(args: CopyArgs, seen: Seen, ctx: Context): Verdict {
  if (destinationFor(args.dest, args).resolve('x', seen) !== args.dest)
    return { kind: 'fail', message: `content needs a file as dest, and ${args.dest} is a directory` }
  if (args.mode === 'preserve') return { kind: 'fail', message: 'mode: preserve has no meaning with content' }
  const content = new TextEncoder().encode(contentText(args.content))
  return placeFile({ dest: args.dest, content, args, force: args.force, follow: args.follow }, seen, ctx)
}

/** Lists and mappings are written as JSON. */
function contentText(content: Value | undefined): string {
  if (typeof content === 'boolean') return content ? 'True' : 'False'
  return typeof content === 'string' ? content : toJson(content ?? '')
}

function placeLocal(args: CopyArgs & { readonly src: string }, source: LocalFile, sight: Sight): Verdict {
  if (source.kind === 'tree') return copyTree(args, source, sight)
  if (source.kind !== 'file') return { kind: 'fail', message: `${args.src} was not found in the project` }
  if (args.checksum !== undefined && args.checksum !== digest('sha1', source.content))
    return {
      kind: 'fail',
      message: 'Copied file does not match the expected checksum. Transfer failed.',
      result: { checksum: digest('sha1', source.content), expected_checksum: args.checksum },
    }
  const { seen, ctx } = sight
  const dest = destinationFor(args.dest, args).resolve(baseName(args.src), seen)
  const parent = { kind: 'path', path: directoryOf(dest), follow: true } as const
  if (!seen.has(parent)) return { kind: 'ask', keys: [parent] }
  const makesParent = args.dest.endsWith('/') && seen.get(parent).type === 'absent'
  const bits = typeof args.directory_mode === 'number' ? { mode: args.directory_mode } : {}
  return placeFile(
    {
      dest,
      content: source.content,
      args: { ...args, mode: args.mode === 'preserve' ? source.mode : args.mode },
      force: args.force,
      follow: args.follow,
      madeBefore: makesParent ? [{ do: 'mkdir', path: directoryOf(dest), ...bits }] : [],
      result: { src: args.src },
    },
    seen,
    ctx,
  )
}

/** What is only put where nothing is stays as it was. Of a folder of the project it is the folder and all that is no link. */
function writtenBy(args: CopyArgs, result: Result | null, ctx: Context): readonly string[] {
  if (!args.force && result?.msg === 'file already exists') return []
  if (result === null) return []
  const { src = '', dest } = args
  const into = typeof result.dest === 'string' ? result.dest : dest
  const tree = args.src === undefined || args.remote_src ? null : ctx.local('src')
  if (tree?.kind !== 'tree') return [into]
  const root = src.endsWith('/') ? into : join(into, baseName(src))
  return [root, ...tree.entries.flatMap(entry => (entry.type === 'link' ? [] : [join(root, entry.path)]))]
}

/** A folder of the project is all its entries; one that is copied on the host is only known as a whole. */
function declaredBy(args: CopyArgs, result: Result, ctx: Context): readonly Resource[] {
  if (!args.force) return []
  if (args.remote_src && result.state === 'directory') return treeAt(result.dest)
  const isTree = args.src !== undefined && !args.remote_src && result.checksum === undefined
  if (!isTree) return placedFile(args, result)
  const tree = ctx.local('src')
  const { src = '', dest } = args
  const into = typeof result.dest === 'string' ? result.dest : dest
  if (tree.kind !== 'tree') return []
  const root = src.endsWith('/') ? into : join(into, baseName(src))
  const entries = [{ type: 'directory', path: '' } as const, ...tree.entries]
  return entries.flatMap(entry => fileAt([join(root, entry.path)], entry.type))
}
