import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import type { LocalFile } from './contract.ts'
import { argumentsOf, bool, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { placedFile } from './shared/declared.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { withHome } from './shared/home.ts'
import { baseName, join } from './shared/paths.ts'
import { placeFile, placementKeys } from './shared/place-file.ts'
import { pythonPattern } from './shared/regex.ts'

const schema = () =>
  argumentsOf(
    {
      src: path(),
      dest: path(),
      delimiter: text().optional(),
      regexp: text().optional(),
      ignore_hidden: bool().default(false),
      remote_src: bool().default(true),
      backup: bool().default(false),
      validate: text().optional(),
      decrypt: bool().default(true),
      ...attributeShape(),
    },
    ATTRIBUTE_ALIASES,
  )

export type AssembleArgs = z.output<ReturnType<typeof schema>>

interface Fragment {
  readonly name: string
  readonly content: Uint8Array
}

/** Joins the files of a directory, in the order of their names, into one file. */
export const assemble = withHome<AssembleArgs>(
  args => (args.remote_src ? ['src', 'dest'] : ['dest']),
  defineFileModule({
    name: 'assemble',
    summary: 'Joins files into one',
    args: schema,
    declares: placedFile,
    settles: true,
    foreseeable: () => 'by files',
    local: args =>
      args.remote_src
        ? []
        : [{ name: 'src', kind: 'tree', path: args.src, options: { decrypt: args.decrypt } }],
    keys: args => [...placementKeys(args.dest, args), ...(args.remote_src ? [listKey(args.src)] : [])],
    decide(args, seen, ctx) {
      const fragments = args.remote_src ? remoteFragments(args, seen) : localFragments(args, ctx.local('src'))
      if (!Array.isArray(fragments)) return fragments as Exclude<typeof fragments, readonly Fragment[]>
      const content = joined(fragments, args.delimiter)
      return placeFile({ dest: args.dest, content, args, result: { src: args.src } }, seen, ctx)
    },
  }),
)

function listKey(src: string): Extract<Key, { kind: 'read' }> {
  return {
    kind: 'read',
    files: [src],
    name: `assemble ${src}`,
    script: `cd -- ${quote(src)} || exit 1; for f in * .[!.]* ..?*; do [ ! -f "$f" ] || printf '%s\\0' "$f"; done`,
  }
}

type NotYet =
  | { readonly kind: 'ask'; readonly keys: readonly Key[] }
  | { readonly kind: 'fail'; readonly message: string }

function remoteFragments(args: AssembleArgs, seen: Seen): readonly Fragment[] | NotYet {
  const listing = seen.get(listKey(args.src))
  if (listing.code !== 0)
    return { kind: 'fail', message: `Source (${args.src}) is not a directory that can be read` }
  const names = listing.stdout.split('\0').filter(name => name !== '' && isWanted(args, name))
  const keys = names.map(name => ({ kind: 'content', path: join(args.src, name) }) as const)
  const missing = keys.filter(key => !seen.has(key))
  if (missing.length > 0) return { kind: 'ask', keys: missing }
  const fragments: Fragment[] = []
  for (const [index, key] of keys.entries()) {
    const content = seen.get(key)
    if (content.state === 'present') fragments.push({ name: names[index] ?? '', content: content.bytes })
    else if (content.state !== 'absent') return { kind: 'fail', message: `${key.path} cannot be read` }
  }
  return fragments
}

function localFragments(args: AssembleArgs, source: LocalFile): readonly Fragment[] | NotYet {
  if (source.kind !== 'tree')
    return { kind: 'fail', message: `Source (${args.src}) is not a directory of the project` }
  return source.entries.flatMap(entry =>
    entry.type === 'file' && !entry.path.includes('/') && isWanted(args, entry.path)
      ? [{ name: entry.path, content: entry.content }]
      : [],
  )
}

function isWanted({ regexp, ignore_hidden }: AssembleArgs, name: string): boolean {
  if (ignore_hidden && baseName(name).startsWith('.')) return false
  return regexp === undefined || pythonPattern(regexp).test(name)
}

/** A fragment that does not end its last line gets a newline, and so does the delimiter. */
function joined(fragments: readonly Fragment[], delimiter: string | undefined): Uint8Array {
  const sorted = [...fragments].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  const between = delimiter?.replace(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter] ?? letter) ?? ''
  const separator = between === '' || between.endsWith('\n') ? between : `${between}\n`
  const parts: Uint8Array[] = []
  for (const { content } of sorted) {
    const previous = parts.at(-1)
    if (previous !== undefined && previous.at(-1) !== NEWLINE) parts.push(Buffer.from('\n'))
    if (parts.length > 0 && separator !== '') parts.push(Buffer.from(separator))
    parts.push(content)
  }
  return Buffer.concat(parts)
}

const NEWLINE = 10
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }
