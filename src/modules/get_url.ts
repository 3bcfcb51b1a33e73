import type { z } from 'zod'
import type { Key, PathSeen, Seen } from '../probes/contract.ts'
import type { Context, Steps, Verdict } from './contract.ts'
import { argumentsOf, bool, float, list, path, text, textDict } from './shared/arguments.ts'
import {
  ATTRIBUTE_ALIASES,
  attributeChanges,
  attributeResult,
  attributeShape,
  isPresent,
  ownerKeys,
  predictedResult,
  wantedAttributes,
} from './shared/attributes.ts'
import { type ChecksumName, checksumKey, checksumOf } from './shared/checksum.ts'
import { placedFile } from './shared/declared.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { downloadAction, readDownload } from './shared/download.ts'
import { withHome } from './shared/home.ts'
import { only, withoutEffect } from './shared/honoured.ts'
import { directoryOf, join } from './shared/paths.ts'

const schema = () =>
  argumentsOf(
    {
      url: text(),
      dest: path(),
      checksum: text().default(''),
      force: bool().default(false),
      backup: bool().default(false),
      timeout: float().default(10),
      headers: textDict().default({}),
      url_username: text().optional(),
      url_password: text().optional(),
      force_basic_auth: withoutEffect(
        bool().default(false),
        'the login goes with the first request in any case',
      ),
      http_agent: text().default('ansible-httpget'),
      validate_certs: bool().default(true),
      use_proxy: bool().default(true),
      use_netrc: bool().default(true),
      use_gssapi: only(
        bool().default(false),
        on => !on,
        'curl of the host may know no Kerberos; use curl in a command',
      ),
      client_cert: path().optional(),
      client_key: path().optional(),
      ciphers: text().optional(),
      decompress: bool().default(true),
      tmp_dest: path().optional(),
      unredirected_headers: only(
        list(),
        names => names.every(name => /^(authorization|cookie)$/i.test(name)),
        'but for Authorization and Cookie, which never follow to another host',
      ).optional(),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, username: 'url_username', password: 'url_password' },
  ).refine(args => args.checksum === '' || CHECKSUM.test(args.checksum), {
    message: 'must be an algorithm, a colon, and the sum or the URL of a list of sums',
    path: ['checksum'],
  })

const CHECKSUM =
  /^(md5|sha1|sha224|sha256|sha384|sha512):(?:[0-9a-fA-F]{32,128}|(?:https?|ftp|file):\/\/\S+)$/

export type GetUrlArgs = z.output<ReturnType<typeof schema>>

/** Downloads a file to the host, by its own curl or wget. */
export const getUrl = withHome<GetUrlArgs>(
  () => ['dest'],
  defineFileModule({
    name: 'get_url',
    summary: 'Downloads a file to the host',
    args: schema,
    declares: (args, result) => placedFile({ dest: args.dest }, result),
    settles: 'with force, the file is downloaded every time',
    keys: args => [...lookKeys(args, args.dest), ...ownerKeys(args)],
    decide(args, seen, ctx): Verdict {
      const isDirectory = args.dest.endsWith('/') || seen.get(pathKey(args.dest)).type === 'directory'
      const dest = isDirectory ? join(args.dest, nameIn(args.url)) : args.dest
      const missing = lookKeys(args, dest).filter(key => !seen.has(key))
      return missing.length > 0
        ? { kind: 'ask', keys: missing }
        : decideDownload({ ...args, dest }, seen, ctx)
    },
  }),
)

const pathKey = (path: string) => ({ kind: 'path', path, follow: true }) as const

function lookKeys(args: GetUrlArgs, dest: string): readonly Key[] {
  const sum = givenSum(args)
  return [
    pathKey(dest),
    pathKey(directoryOf(dest)),
    ...(sum === null ? [] : [checksumKey(dest.replace(/\/+$/, ''), sum.algorithm)]),
  ]
}

/** A sum that is written out; null without one, and for the URL of a list. */
function givenSum({
  checksum,
}: GetUrlArgs): { readonly algorithm: ChecksumName; readonly sum: string } | null {
  const match = /^(\w+):([0-9a-fA-F]+)$/.exec(checksum)
  return match === null ? null : { algorithm: match[1] as ChecksumName, sum: (match[2] ?? '').toLowerCase() }
}

/** The last part of the URL's path, as Ansible names a file in a directory. */
function nameIn(url: string): string {
  const path = url.replace(/[?#].*$/, '').replace(/^\w+:\/\/[^/]*/, '')
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name === '' ? 'index.html' : decodeURIComponent(name)
}

function decideDownload(args: GetUrlArgs, seen: Seen, ctx: Context): Verdict {
  const { dest, url } = args
  const current = seen.get(pathKey(dest))
  if (current.type === 'unknown')
    return { kind: 'fail', message: `${dest} cannot be looked at: ${current.reason}` }
  if (seen.get(pathKey(directoryOf(dest))).type !== 'directory')
    return { kind: 'fail', message: `Destination directory ${directoryOf(dest)} does not exist` }
  const wanted = wantedAttributes(args, seen, { current })
  if (wanted.problem !== null) return { kind: 'fail', message: wanted.problem }
  const { problem: _none, ...attributes } = wanted
  const sum = givenSum(args)
  const isRight = sum !== null && checksumOf(seen.get(checksumKey(dest, sum.algorithm))) === sum.sum
  const stays = isPresent(current) && (isRight || (!args.force && args.checksum === ''))
  if (isPresent(current) && stays) {
    const changes = attributeChanges(dest, current, attributes)
    const result = { url, dest, msg: 'file already exists' }
    if (changes.length === 0) return { kind: 'ok', result: { ...result, ...attributeResult(current) } }
    return {
      kind: 'change',
      changes,
      apply: [{ do: 'attributes', path: dest, follow: true, ...attributes }],
      result: { ...result, ...predictedResult(current, args, { ...attributes, state: 'file' }) },
    }
  }
  return download(args, { current, attributes, isKnown: sum !== null || !isPresent(current) }, ctx)
}

interface Target {
  readonly current: PathSeen
  readonly attributes: { readonly mode?: number; readonly owner?: number; readonly group?: number }
  /** Is it certain that the file will change? */
  readonly isKnown: boolean
}

function download(args: GetUrlArgs, { current, attributes, isKnown }: Target, ctx: Context): Verdict {
  const { dest, url } = args
  function* apply(): ReturnType<Steps> {
    const output = yield downloadAction(args, attributes, ctx)
    return { url, dest, state: 'file', ...readDownload(output) }
  }
  if (!isKnown) return { kind: 'opaque', summary: `downloads ${url} to ${dest}`, apply }
  const from = isPresent(current) ? current.type : null
  return {
    kind: 'change',
    changes: [{ what: 'content', subject: dest, from, to: args.checksum === '' ? url : args.checksum }],
    apply,
    result: { url, dest },
    touches: [
      { kind: 'path', path: dest },
      { kind: 'content', path: dest },
    ],
  }
}
