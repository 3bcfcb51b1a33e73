import type { z } from 'zod'
import type { Value } from '../base/value.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, bool, choice, int, list, text } from './shared/arguments.ts'
import { type ChecksumName, checksumKey, checksumOf } from './shared/checksum.ts'
import { type Found, findKey, readFound } from './shared/find-listing.ts'
import { matchesFile } from './shared/find-match.ts'
import { isUtf8, only } from './shared/honoured.ts'
import { mode } from './shared/mode.ts'
import { pythonPattern } from './shared/regex.ts'

const schema = () =>
  argumentsOf(
    {
      paths: list(),
      patterns: list().default([]),
      excludes: list().default([]),
      use_regex: bool().default(false),
      contains: text().optional(),
      read_whole_file: bool().default(false),
      file_type: choice(['any', 'directory', 'file', 'link']).default('file'),
      recurse: bool().default(false),
      depth: int().optional(),
      hidden: bool().default(false),
      follow: bool().default(false),
      age: text().optional(),
      age_stamp: choice(['atime', 'ctime', 'mtime']).default('mtime'),
      size: text().optional(),
      mode: mode().optional(),
      exact_mode: bool().default(true),
      get_checksum: bool().default(false),
      checksum_algorithm: choice(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']).default('sha1'),
      limit: int().optional(),
      encoding: only(text(), isUtf8, 'files are read as UTF-8').optional(),
    },
    {
      path: 'paths',
      name: 'paths',
      pattern: 'patterns',
      exclude: 'excludes',
      checksum: 'checksum_algorithm',
      checksum_algo: 'checksum_algorithm',
    },
  )

export type FindArgs = z.output<ReturnType<typeof schema>>

/** Lists files by name, age, size, mode or content. */
export const find = defineModule<FindArgs>({
  name: 'find',
  summary: 'Lists files',
  args: schema,
  settles: true,
  keys: args => args.paths.map(path => findKey(path, args)),
  decide(args, seen) {
    const skipped: Record<string, Value> = {}
    let examined = 0
    const found: Found[] = []
    for (const path of args.paths) {
      const listing = readFound(seen.get(findKey(path, args)))
      if (listing.problem !== null) skipped[path] = listing.problem
      examined += listing.files.length
      // One by one: a folder may hold more files than a call takes arguments.
      for (const file of listing.files) if (matchesFile(args, file, listing.now)) found.push(file)
    }
    const more = laterKeys(args, found).filter(key => !seen.has(key))
    if (more.length > 0) return { kind: 'ask', keys: more }
    const matched = found.filter(file => containsPattern(args, file, seen)).slice(0, args.limit)
    const files = matched.map(file => described(args, file, seen))
    const msg =
      Object.keys(skipped).length === 0
        ? 'All paths examined'
        : 'Not all paths examined, check warnings for details'
    return {
      kind: 'ok',
      result: { files, matched: files.length, examined, skipped_paths: skipped, msg },
      warnings: Object.entries(skipped).map(([path, why]) => `Skipped ${path}: ${why}`),
    }
  },
})

const contentKey = (path: string) => ({ kind: 'content', path }) as const
const hashKey = (args: FindArgs, path: string) => checksumKey(path, args.checksum_algorithm as ChecksumName)

function laterKeys(args: FindArgs, found: readonly Found[]): readonly Key[] {
  const regular = found.filter(file => file.stat.isreg === true)
  return [
    ...(args.contains === undefined ? [] : regular.map(file => contentKey(file.path))),
    ...(args.get_checksum ? regular.map(file => hashKey(args, file.path)) : []),
  ]
}

/** Line by line the pattern must begin at the line's start, as Python's re.match; in a whole file it is searched. */
function containsPattern(args: FindArgs, file: Found, seen: Seen): boolean {
  if (args.contains === undefined) return true
  if (file.stat.isreg !== true) return false
  const content = seen.get(contentKey(file.path))
  if (content.state !== 'present') return false
  const text = new TextDecoder().decode(content.bytes)
  if (args.read_whole_file) return pythonPattern(args.contains).test(text)
  const pattern = pythonPattern(`^(?:${args.contains})`)
  return text.split('\n').some(line => pattern.test(line))
}

function described(args: FindArgs, file: Found, seen: Seen): Value {
  if (!args.get_checksum || file.stat.isreg !== true) return file.stat
  return { ...file.stat, checksum: checksumOf(seen.get(hashKey(args, file.path))) }
}
