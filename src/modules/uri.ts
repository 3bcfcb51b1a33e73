/**
 * uri: one HTTP request from the host.
 *
 * Args     url, method, body, body_format json|form-urlencoded|raw, src, headers, url_username,
 *          url_password, force_basic_auth, status_code, return_content, dest (+ mode, owner, group), timeout,
 *          validate_certs, ca_path, client_cert, client_key, follow_redirects, unix_socket, http_agent, creates, removes.
 * Changes  never, but for a `dest` whose content is another afterwards.
 * Errors   another status than asked for; no answer (status -1); neither curl nor wget on the host.
 *          Header values, body and password travel in a private file, never as arguments.
 */
import { defineModule, type Result, type Steps, type Verdict } from './contract.ts'
import { digest } from './shared/digest.ts'
import { failedResult } from './shared/results.ts'
import { type UriArgs, uriSchema } from './shared/uri-arguments.ts'
import { readResponse, type UriExtras, uriAction } from './shared/uri-request.ts'

export const uri = defineModule<UriArgs>({
  name: 'uri',
  summary: 'One HTTP request from the host',
  args: uriSchema,
  local: args =>
    args.src === undefined || args.remote_src ? [] : [{ name: 'src', kind: 'file', path: args.src }],
  keys: args =>
    [args.creates, args.removes]
      .filter(path => path !== undefined)
      .map(path => ({ kind: 'path', path, follow: true })),
  decide(args, seen, ctx): Verdict {
    const exists = (path: string) => seen.get({ kind: 'path', path, follow: true }).type !== 'absent'
    const idle = (msg: string): Verdict => ({ kind: 'ok', result: { stdout: msg, msg } })
    if (args.creates !== undefined && exists(args.creates))
      return idle(`skipped, since ${args.creates} exists`)
    if (args.removes !== undefined && !exists(args.removes))
      return idle(`skipped, since ${args.removes} does not exist`)
    const upload = args.src === undefined || args.remote_src ? null : ctx.local('src')
    if (upload !== null && upload.kind !== 'file')
      return { kind: 'fail', message: `${args.src} is not a file of the project` }
    return {
      kind: 'opaque',
      summary: `${args.method} ${withoutLogin(args.url)}`,
      ...(args.dest === undefined ? { changes: false } : {}),
      apply: request(args, { upload: upload?.content, isSecret: ctx.taints }),
    }
  },
  settles: 'what a server answers, or does, is not the state of the host',
})

function request(args: UriArgs, extras: UriExtras): Steps {
  return function* () {
    const output = yield uriAction(args, extras)
    const response = readResponse(output)
    const url = response.url || args.url
    if (response.problem !== null) {
      const wanted = args.status_code.join(', ')
      return failedResult(`Status code was -1 and not [${wanted}]: Request failed: ${response.problem}`, {
        status: -1,
        url,
        elapsed: Math.round(output.elapsed),
        redirected: false,
        changed: false,
      })
    }
    const { status, reason, headers, body } = response
    const text = new TextDecoder().decode(body)
    const type = String(headers.content_type ?? '')
    const json = /[/+](json|javascript)\b/.test(type) ? parseJson(text) : undefined
    const fine = args.status_code.includes(status)
    const result: Result = {
      ...headers,
      status,
      url,
      redirected: url.replace(/\/$/, '') !== args.url.replace(/\/$/, ''),
      elapsed: Math.round(output.elapsed),
      changed: false,
      ...(json === undefined ? {} : { json }),
      ...(args.return_content || !fine ? { content: text } : {}),
      msg: `OK (${headers.content_length ?? 'unknown'} bytes)`,
    }
    if (!fine)
      return failedResult(
        `Status code was ${status} and not [${args.status_code.join(', ')}]: HTTP Error ${status}: ${reason}${extras.isSecret(text) ? '' : beginOf(text)}`,
        result,
      )
    return args.dest === undefined ? result : { ...result, ...(yield* save(args, args.dest, body)) }
  }
}

const SHOWN = 300

/** A server often says in the body what it did not like. Half a secret would not be known for one: `content` has the rest. */
function beginOf(body: string): string {
  const text = body.trim()
  if (text === '' || text.includes('\0')) return ''
  return `\n${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}`
}

function* save(args: UriArgs, dest: string, body: Uint8Array): ReturnType<Steps> {
  const name = args.url.replace(/[?#].*$/, '').replace(/^.*\//, '') || 'index.html'
  const now = yield {
    do: 'run',
    script: 'if [ -d "$D" ]; then echo directory; else sha256sum -- "$D" 2>/dev/null; fi',
    env: { D: dest },
    ok: 'any',
    readOnly: true,
  }
  const path = now.stdout.trim() === 'directory' ? `${dest.replace(/\/$/, '')}/${name}` : dest
  const same = now.stdout.split(/\s/)[0] === digest('sha256', body)
  const { mode, owner, group } = args
  const attributes = {
    ...(mode === undefined ? {} : { mode }),
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
  }
  if (!same) yield { do: 'put', path, content: body, ...attributes }
  return { path, dest: path, changed: !same }
}

function parseJson(text: string) {
  try {
    return JSON.parse(text) as Result
  } catch {
    return undefined
  }
}

function withoutLogin(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1').replace(/\?.*$/, '')
}
