/** A request as curl's or wget's configuration, and the answer read back from status, headers and body. */
import type { Output, RunAction } from '../contract.ts'
import { bytesOf } from './content-text.ts'
import { toJson } from './to-json.ts'
import type { UriArgs } from './uri-arguments.ts'

export interface UriExtras {
  /** Content of `src`, where it is a file of the project. */
  readonly upload: Uint8Array | undefined
  readonly isSecret: (text: string) => boolean
}

/** Everything that may be secret stands in files of the action's private directory. */
export function uriAction(args: UriArgs, { upload, isSecret }: UriExtras): RunAction {
  const body = upload ?? bodyOf(args)
  const isShown = isSecret(args.url)
  const simple =
    Object.keys(args.headers).length === 0 &&
    !args.force &&
    args.url_username === undefined &&
    body === null &&
    args.unix_socket === undefined &&
    !isShown
  return {
    do: 'run',
    script: SCRIPT,
    ok: 'any',
    timeoutS: args.timeout + 30,
    env: {
      SIMPLE: simple && args.method === 'GET' ? '1' : '',
      LIMIT: String(args.timeout),
      WHY: isShown ? `; ${BUSYBOX_SHOWS}` : '',
    },
    files: {
      curlrc: bytesOf(curlConfig(args, body !== null)),
      wgetrc: bytesOf(wgetConfig(args, body !== null)),
      url: bytesOf(args.url),
      ...(body === null ? {} : { body }),
    },
  }
}

/** busybox wget knows no file of URLs. */
export const BUSYBOX_SHOWS =
  'busybox wget takes the URL, in which a secret stands, as an argument, where every user can read it'

/**
 * Prints one line of meta data, the headers, a mark and the body. Not every busybox wget knows -T, hence timeout.
 */
const SCRIPT = `cd "$VPAI_FILES" || exit 96
: >headers; : >out
if command -v curl >/dev/null 2>&1; then
  m=$(curl -q -K curlrc -D headers -o out -w '%{http_code} %{url_effective}' 2>err); r=$?
elif wget --version 2>/dev/null | grep -q GNU; then
  wget --config=wgetrc -S --content-on-error -O out -i url 2>err; r=$?; [ "$r" != 8 ] || r=0
  sed -n 's/^  //p' err >headers
  m="$(sed -n 's/^HTTP[^ ]* \\([0-9]*\\).*/\\1/p' headers | tail -n 1) $(cat url)"
elif command -v wget >/dev/null 2>&1 && [ -n "$SIMPLE" ]; then
  t=; ! command -v timeout >/dev/null 2>&1 || t="timeout $LIMIT"
  $t wget -S -O out "$(cat url)" 2>err; r=$?
  sed -n 's/^  //p' err >headers
  m="$(sed -n 's/^HTTP[^ ]* \\([0-9]*\\).*/\\1/p' headers | tail -n 1) $(cat url)"
  case $m in ' '*) m="200 $(cat url)"; [ "$r" = 0 ] || m=;; [1-5]*) r=0;; esac
else
  echo "there is neither curl nor GNU wget on the host$WHY" >&2; exit 97
fi
if [ "$r" != 0 ]; then cat err >&2; exit "$r"; fi
printf '%s\\n' "$m"; cat headers; printf '\\n==body\\n'; cat out`

export interface Response {
  /** What went wrong on the way; null when there was an answer. */
  readonly problem: string | null
  readonly status: number
  readonly reason: string
  readonly url: string
  /** Lower case, dashes as underscores, as Ansible names them; with cookies and cookies_string. */
  readonly headers: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly body: Uint8Array
}

const MARK = '\n==body\n'

export function readResponse(output: Output): Response {
  const raw = Buffer.from(output.bytes.length > 0 ? output.bytes : bytesOf(output.stdout))
  const at = raw.indexOf(MARK)
  const none = { status: -1, reason: '', url: '', headers: {}, body: new Uint8Array() }
  if (output.code !== 0 || at < 0) {
    return { ...none, problem: output.stderr.trim() || `the request ended with exit code ${output.code}` }
  }
  const [meta = '', ...rest] = raw.subarray(0, at).toString('utf8').split(/\r?\n/)
  const [status = '', url = ''] = meta.split(' ')
  // After redirects and "100 Continue" the last block of headers is the answer's.
  const start = rest.findLastIndex(line => /^HTTP\//.test(line))
  const block = rest.slice(Math.max(start, 0)).filter(line => line.trim() !== '')
  const reason = /^HTTP\S* \d+ ?(.*)$/.exec(block[0] ?? '')?.[1] ?? ''
  return {
    problem: null,
    status: Number(status),
    reason,
    url,
    headers: headersOf(block),
    body: raw.subarray(at + MARK.length),
  }
}

function headersOf(lines: readonly string[]): Response['headers'] {
  const headers: Record<string, string | Record<string, string>> = {}
  const cookies: Record<string, string> = {}
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? []
    if (name === '') continue
    const key = name.toLowerCase().replaceAll('-', '_')
    const before = headers[key]
    headers[key] = typeof before === 'string' ? `${before}, ${value}` : value
    const [, cookie = '', content = ''] = key === 'set_cookie' ? (/^([^=;]+)=([^;]*)/.exec(value) ?? []) : []
    if (cookie !== '') cookies[cookie] = content
  }
  const text = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return { ...headers, cookies, cookies_string: text }
}

function bodyOf(args: UriArgs): Uint8Array | null {
  const { body } = args
  if (body === undefined || body === null) return null
  if (args.body_format === 'form-urlencoded' && typeof body === 'object') return bytesOf(formText(body))
  if (args.body_format === 'json' && typeof body !== 'string') return bytesOf(toJson(body))
  return bytesOf(typeof body === 'object' ? toJson(body) : String(body))
}

function formText(body: object): string {
  const pairs = Array.isArray(body) ? (body as [unknown, unknown][]) : Object.entries(body)
  const flat = pairs.flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((item): [string, string] => [String(key), String(item)]),
  )
  return new URLSearchParams(flat).toString()
}

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  'form-urlencoded': 'application/x-www-form-urlencoded',
}

function headerLines(args: UriArgs, hasBody: boolean): string[] {
  const given = Object.entries(args.headers)
  const typed = given.some(([name]) => name.toLowerCase() === 'content-type')
  const type = TYPES[args.body_format]
  return [
    ...given.map(([name, value]) => `${name}: ${value}`),
    ...(type && hasBody && !typed ? [`Content-Type: ${type}`] : []),
    ...(args.force ? ['Cache-Control: no-cache'] : []),
  ]
}

function curlConfig(args: UriArgs, hasBody: boolean): string {
  const lines: string[] = ['silent', 'show-error', 'globoff']
  const set = (option: string, value: string | undefined) => {
    if (value !== undefined)
      lines.push(
        `${option} = "${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`,
      )
  }
  set('url', args.url)
  if (args.method === 'HEAD') lines.push('head')
  else set('request', args.method)
  for (const header of headerLines(args, hasBody)) set('header', header)
  set('user-agent', args.http_agent)
  if (hasBody) set('data-binary', '@body')
  else if (args.src !== undefined) set('data-binary', `@${args.src}`)
  if (args.url_username !== undefined) set('user', `${args.url_username}:${args.url_password ?? ''}`)
  set('max-time', String(args.timeout))
  if (follows(args)) lines.push('location', 'max-redirs = 10')
  if (!args.validate_certs) lines.push('insecure')
  if (args.decompress) lines.push('compressed')
  if (!args.use_proxy) set('noproxy', '*')
  set('cacert', args.ca_path)
  set('cert', args.client_cert)
  set('key', args.client_key)
  set('ciphers', args.ciphers?.join(':'))
  set('unix-socket', args.unix_socket)
  return `${lines.join('\n')}\n`
}

function wgetConfig(args: UriArgs, hasBody: boolean): string {
  const lines = [
    `method = ${args.method}`,
    `timeout = ${args.timeout}`,
    'tries = 1',
    `user_agent = ${args.http_agent}`,
  ]
  for (const header of headerLines(args, hasBody)) lines.push(`header = ${header}`)
  if (hasBody) lines.push('body_file = body')
  else if (args.src !== undefined) lines.push(`body_file = ${args.src}`)
  if (args.url_username !== undefined)
    lines.push(
      `user = ${args.url_username}`,
      `password = ${args.url_password ?? ''}`,
      'auth_no_challenge = on',
    )
  lines.push(`max_redirect = ${follows(args) ? 10 : 0}`)
  if (!args.validate_certs) lines.push('check_certificate = off')
  if (args.ca_path !== undefined) lines.push(`ca_certificate = ${args.ca_path}`)
  if (!args.use_proxy) lines.push('use_proxy = off')
  return `${lines.join('\n')}\n`
}

function follows(args: UriArgs): boolean {
  if (
    args.follow_redirects === 'all' ||
    args.follow_redirects === 'yes' ||
    args.follow_redirects === 'urllib2'
  )
    return true
  return args.follow_redirects === 'safe' && (args.method === 'GET' || args.method === 'HEAD')
}
