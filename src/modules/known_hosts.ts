/**
 * known_hosts: host keys that a user of the host trusts.
 *
 * Args     name (host, or [host]:port), key (line or lines "host type blob"), path (default
 *          ~/.ssh/known_hosts), state, hash_host.
 * Changes  one for the host's lines; a key of the same type that differs is replaced.
 * Errors   a key that is not for this host.
 */
import { createHmac } from 'node:crypto'
import type { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { type Context, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { withHome } from './shared/home.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      name: word(),
      key: text().optional(),
      path: path().default('~/.ssh/known_hosts'),
      state: choice(['present', 'absent']).default('present'),
      hash_host: bool().default(false),
    },
    { host: 'name' },
  ).refine(
    args => args.state === 'absent' || args.key !== undefined,
    'needs a key when the host is to be present',
  )
type Args = z.output<ReturnType<typeof schema>>

export const knownHosts = withHome<Args>(
  () => ['path'],
  defineModule<Args>({
    name: 'known_hosts',
    summary: 'Host keys that a user of the host trusts',
    args: schema,
    keys: args => [fileKey(args), { kind: 'path', path: directoryOf(args.path), follow: true }],
    decide(args, seen, ctx): Verdict {
      const before = contentText(seen.get(fileKey(args)), args.path)
      const lines = (before ?? '').split('\n')
      if (lines.at(-1) === '') lines.pop()
      const wanted = (args.key ?? '')
        .split('\n')
        .map(parse)
        .filter(entry => entry !== null)
      const stranger =
        args.state === 'present' && (wanted.length === 0 || wanted.some(entry => !names(entry, args.name)))
      if (stranger)
        return fail(
          `Host parameter does not match hashed host field in supplied key: ${args.name} is not in ${args.key}`,
        )
      const after = args.state === 'absent' ? without(lines, args) : withKeys(lines, wanted, args, ctx)
      const result = { name: args.name, path: args.path, state: args.state }
      if (after.join('\n') === lines.join('\n')) return { kind: 'ok', result }
      const content = after.length === 0 ? '' : `${after.join('\n')}\n`
      const [from, to] =
        args.state === 'absent' ? ['present', null] : [before === null ? null : 'other', 'present']
      const missing = seen.get({ kind: 'path', path: directoryOf(args.path), follow: true }).type === 'absent'
      return {
        kind: 'change',
        changes: [
          {
            what: 'host key',
            subject: args.name,
            from,
            to,
            diff: { before: before ?? '', after: content, label: args.path },
          },
        ],
        apply: [
          ...(missing ? [{ do: 'mkdir', path: directoryOf(args.path), mode: 0o700 } as const] : []),
          {
            do: 'put',
            path: args.path,
            content: bytesOf(content),
            ...(before === null ? { mode: 0o644 } : {}),
          },
        ],
        result,
      }
    },
    settles: true,
  }),
)

interface Entry {
  readonly hosts: string
  readonly type: string
  readonly blob: string
  readonly marker: string
}

function parse(line: string): Entry | null {
  const match = /^(@[\w-]+\s+)?(\S+)\s+(\S+)\s+([A-Za-z0-9+/]+=*)/.exec(line.trim())
  if (match === null || line.trim().startsWith('#')) return null
  return {
    marker: (match[1] ?? '').trim(),
    hosts: match[2] ?? '',
    type: match[3] ?? '',
    blob: match[4] ?? '',
  }
}

function without(lines: readonly string[], args: Args): string[] {
  const blobs = (args.key ?? '').split('\n').map(line => parse(line)?.blob)
  return lines.filter(line => {
    const entry = parse(line)
    const hit = entry !== null && names(entry, args.name)
    return !hit || (args.key !== undefined && !blobs.includes(entry.blob))
  })
}

function withKeys(
  ...[lines, wanted, args, ctx]: readonly [readonly string[], readonly Entry[], Args, Context]
): string[] {
  const out = [...lines]
  for (const entry of wanted) {
    const mine = (line: string) => {
      const other = parse(line)
      return (
        other !== null &&
        names(other, args.name) &&
        other.type === entry.type &&
        other.marker === entry.marker
      )
    }
    const right = (line: string) =>
      parse(line)?.blob === entry.blob && parse(line)?.hosts.startsWith('|1|') === args.hash_host
    if (out.some(line => mine(line) && right(line)) && out.filter(mine).length === 1) continue
    const at = out.findIndex(mine)
    const host = args.hash_host ? hashed(args.name, ctx.token(20)) : args.name
    const line = `${entry.marker === '' ? '' : `${entry.marker} `}${host} ${entry.type} ${entry.blob}`
    const kept = out.filter(other => !mine(other))
    kept.splice(at < 0 ? kept.length : at, 0, line)
    out.splice(0, out.length, ...kept)
  }
  return out
}

function names(entry: Entry, host: string): boolean {
  const [, , salt, hash] = entry.hosts.split('|')
  if (entry.hosts.startsWith('|1|') && salt !== undefined)
    return mac(host, Buffer.from(salt, 'base64')) === hash
  return entry.hosts.split(',').includes(host)
}

function hashed(host: string, salt: string): string {
  const bytes = Buffer.from(salt)
  return `|1|${bytes.toString('base64')}|${mac(host, bytes)}`
}

function mac(host: string, salt: Buffer): string {
  return createHmac('sha1', salt).update(host).digest('base64')
}

function directoryOf(file: string): string {
  return file.replace(/\/[^/]*$/, '') || '/'
}

function fileKey(args: Args) {
  return { kind: 'content', path: args.path } as const satisfies Key
}
