/**
 * The API of Hetzner Cloud, asked by the curl of the host that the task runs on: most often the own machine
 * (`connection: local`). The token stands in the environment of sh and in curl's configuration, never in an argument.
 */
import { type Dict, isDict, type Value } from '../../base/value.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { Action, Output, RunAction } from '../contract.ts'
import { text } from './arguments.ts'
import { digest } from './digest.ts'

export const hcloudShape = () => ({
  api_token: text().optional(),
  endpoint: text()
    .refine(url => /^https?:\/\/[^\s"\\]+$/.test(url), 'must be an address')
    .default('https://api.hetzner.cloud/v1'),
})

export const HCLOUD_ALIASES = { api_endpoint: 'endpoint' } as const

export interface CloudLogin {
  /** Without one HCLOUD_TOKEN of the task's environment counts. */
  readonly api_token?: string | undefined
  readonly endpoint: string
}

export interface CloudRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the endpoint, with its query. */
  readonly path: string
  readonly body?: Dict
}

/** `problem` null: all went well. `missing`: there is no such thing. */
export interface CloudAnswer {
  readonly problem: string | null
  readonly missing: boolean
  readonly body: Dict
}

/** A look: the answer of a GET. */
export function lookCloud(login: CloudLogin, path: string) {
  const request = { method: 'GET', path } as const
  return {
    kind: 'read',
    name: `hcloud ${digest('sha256', JSON.stringify([login.endpoint, login.api_token, path]))}`,
    env: environment(login),
    script: script(login, request),
  } as const satisfies Key
}

export function readCloud({
  code,
  stdout,
  stderr,
}: Pick<ReadSeen, 'code' | 'stdout' | 'stderr'>): CloudAnswer {
  const failed = (problem: string) => ({ problem, missing: false, body: {} })
  if (code !== 0) return failed(stderr.trim() || `the request ended with exit code ${code}`)
  const at = stdout.trimEnd().lastIndexOf('\n')
  const status = Number(stdout.slice(at + 1))
  const body = parsed(stdout.slice(0, Math.max(at, 0)))
  if (status >= 200 && status < 300) return { problem: null, missing: false, body }
  const { message, code: word } = isDict(body.error) ? body.error : {}
  const said = `${String(message ?? `the API answered with status ${status}`)}${word ? ` (${String(word)})` : ''}`
  return { ...failed(said), missing: status === 404 }
}

/** Throws nothing: whoever asks looks at `problem`. */
export function* askCloud(login: CloudLogin, request: CloudRequest): Generator<Action, CloudAnswer, Output> {
  const output = yield requestAction(login, request)
  return readCloud(output)
}

/** The request, and then its actions until all are done; what went wrong, or null. */
export function* doCloud(login: CloudLogin, request: CloudRequest): Generator<Action, CloudAnswer, Output> {
  const answer = yield* askCloud(login, request)
  if (answer.problem !== null) return answer
  const { action, actions, next_actions: next } = answer.body
  for (const one of [action, ...listOf(actions), ...listOf(next)]) {
    const problem = isDict(one) ? yield* finished(login, one) : null
    if (problem !== null) return { ...answer, problem }
  }
  return answer
}

export function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : []
}

export function dictsOf(value: Value | undefined): readonly Dict[] {
  return listOf(value).filter(isDict)
}

const PAUSE_S = 1
/** Long enough for an image to be written to a large disk. */
const MAX_WAITS = 1000

function* finished(login: CloudLogin, started: Dict): Generator<Action, string | null, Output> {
  let action = started
  for (let waits = 0; action.status === 'running'; waits++) {
    if (waits > MAX_WAITS) return `${String(action.command)} does not come to an end`
    yield { do: 'pause', seconds: PAUSE_S }
    const answer = yield* askCloud(login, { method: 'GET', path: `/actions/${String(action.id)}` })
    if (answer.problem !== null) return answer.problem
    action = isDict(answer.body.action) ? answer.body.action : {}
  }
  if (action.status !== 'error') return null
  const { message } = isDict(action.error) ? action.error : {}
  return `${String(action.command)} failed: ${String(message ?? 'no reason is told')}`
}

function requestAction(login: CloudLogin, request: CloudRequest): RunAction {
  const body = request.body === undefined ? null : new TextEncoder().encode(JSON.stringify(request.body))
  return {
    do: 'run',
    script: script(login, request),
    env: environment(login),
    ...(body === null ? {} : { files: { body } }),
    ok: 'any',
    ...(request.method === 'GET' ? { readOnly: true } : {}),
  }
}

function environment({ api_token: token }: CloudLogin): Readonly<Record<string, string>> {
  return token === undefined ? {} : { VPAI_HCLOUD_TOKEN: token }
}

/** Prints the body and, on a line of its own, the status. Names in paths are encoded, so nothing in them ends a quote. */
function script({ endpoint }: CloudLogin, { method, path, body }: CloudRequest): string {
  const lines = [
    `url = "${endpoint.replace(/\/$/, '')}${path}"`,
    `request = "${method}"`,
    'silent',
    'show-error',
    'max-time = 60',
    ...(body === undefined ? [] : ['header = "Content-Type: application/json"']),
  ]
  return `command -v curl >/dev/null || { echo 'curl is not there: install the package curl' >&2; exit 97; }
t=\${VPAI_HCLOUD_TOKEN:-$HCLOUD_TOKEN}
[ -n "$t" ] || { echo 'no api_token is given, and HCLOUD_TOKEN is not set' >&2; exit 98; }
{ cat <<'VPAI_CURL'
${lines.join('\n')}
write-out = "\\n%{http_code}"
VPAI_CURL
printf 'header = "Authorization: Bearer %s"\\n' "$t"
${body === undefined ? '' : `printf 'data-binary = "@%s/body"\\n' "$VPAI_FILES"\n`}} | curl -q -K -`
}

function parsed(text: string): Dict {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isDict(value) ? value : {}
  } catch {
    return {}
  }
}
