import type { z } from 'zod'
import type { Result, Steps, Verdict } from './contract.ts'
import { argumentsOf, bool, list, path } from './shared/arguments.ts'
import {
  ATTRIBUTE_ALIASES,
  attributeResult,
  attributeShape,
  ownerKeys,
  wantedAttributes,
} from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { extractAction, namesKey, readExtraction, sameKey } from './shared/extract.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'
import { asksHost } from './shared/host-attributes.ts'
import { join } from './shared/paths.ts'

const schema = () =>
  argumentsOf(
    {
      src: path(),
      dest: path(),
      remote_src: bool().optional(),
      copy: bool().optional(),
      creates: path().optional(),
      exclude: list().default([]),
      include: list().default([]),
      extra_opts: list().default([]),
      keep_newer: bool().default(false),
      list_files: bool().default(false),
      validate_certs: bool().default(true),
      decrypt: bool().default(true),
      ...attributeShape(),
      unsafe_writes: withoutEffect(bool().default(false), 'tar and unzip write the files themselves'),
    },
    ATTRIBUTE_ALIASES,
  ).refine(args => args.include.length === 0 || args.exclude.length === 0, 'give one of include and exclude')

export type UnarchiveArgs = z.output<ReturnType<typeof schema>>

/** Unpacks a tar or zip archive by the host's own programs. */
export const unarchive = withHome<UnarchiveArgs>(
  args => [
    'dest',
    ...(isRemote(args) && !isUrl(args.src) ? (['src'] as const) : []),
    ...(args.creates === undefined ? [] : (['creates'] as const)),
  ],
  defineFileModule({
    name: 'unarchive',
    summary: 'Unpacks an archive',
    args: schema,
    written: ({ dest }, result) => [dest, ...namesIn(result).map(name => join(dest, name))],
    settles: 'what an archive would change is known only where tar can compare',
    local: args =>
      isRemote(args)
        ? []
        : [{ name: 'src', kind: 'file', path: args.src, options: { decrypt: args.decrypt } }],
    keys: args => [
      pathKey(args.dest),
      ...(args.creates === undefined ? [] : [pathKey(args.creates)]),
      ...(isRemote(args) && !isUrl(args.src) ? [pathKey(args.src), sameKey(args)] : []),
      ...ownerKeys(args),
    ],
    decide(args, seen, ctx): Verdict {
      if (args.creates !== undefined && seen.get(pathKey(args.creates)).type !== 'absent')
        return { kind: 'skip', reason: `skipped, since ${args.creates} exists` }
      const dest = seen.get(pathKey(args.dest))
      if (dest.type !== 'directory')
        return { kind: 'fail', message: `dest '${args.dest}' must be an existing dir` }
      const wanted = wantedAttributes(args, seen, { current: { type: 'absent' } })
      if (wanted.problem !== null) return { kind: 'fail', message: wanted.problem }
      const result = { dest: args.dest, src: args.src, ...attributeResult(dest) }
      // What gets attributes has to be known by name.
      const lists = args.list_files || asksHost(args)
      const isOnHost = isRemote(args) && !isUrl(args.src)
      if (isOnHost && seen.get(pathKey(args.src)).type === 'absent')
        return { kind: 'fail', message: `Source '${args.src}' does not exist` }
      const same = isOnHost ? seen.get(sameKey(args)).stdout.trim() : 'unknown'
      if (same === 'same') {
        const list = namesKey(args)
        if (lists && !seen.has(list)) return { kind: 'ask', keys: [list] }
        const files: Result = lists ? { files: linesOf(seen.get(list).stdout) } : {}
        return { kind: 'ok', result: { ...result, ...files } }
      }
      const source = isRemote(args) ? null : ctx.local('src')
      if (source !== null && source.kind !== 'file')
        return { kind: 'fail', message: `${args.src} was not found in the project` }
      const archive = source === null ? null : source.content
      const apply: Steps = function* () {
        const output = yield extractAction(args, wanted, archive)
        return { ...result, ...readExtraction(output, lists) }
      }
      if (same !== 'differs')
        return { kind: 'opaque', summary: `unpacks ${args.src} into ${args.dest}`, apply }
      return {
        kind: 'change',
        changes: [{ what: 'content', subject: args.dest, from: null, to: args.src }],
        apply,
        result,
        touches: [pathKey(args.dest)],
      }
    },
  }),
)

const pathKey = (path: string) => ({ kind: 'path', path, follow: true }) as const
const namesIn = (result: Result | null): readonly string[] =>
  Array.isArray(result?.files) ? result.files.map(String) : []
const linesOf = (text: string): string[] => text.split('\n').filter(line => line !== '')
const isUrl = (src: string): boolean => /^(https?|ftp):\/\//.test(src)

/** `copy: no` is the older way to say remote_src. */
function isRemote(args: UnarchiveArgs): boolean {
  return args.remote_src ?? (args.copy === false || isUrl(args.src))
}
