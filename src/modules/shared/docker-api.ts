/**
 * A request to the engine's own interface through the docker program, for what it has no command for or would want a
 * secret on its command line: `docker system dial-stdio` joins the engine's socket to a pipe. The request travels in
 * $VPAI_FILES; the pipe is held open until the engine has answered, as it gives up when the asker seems gone.
 */
import type { Value } from '../../base/value.ts'
import type { Action, Output } from '../contract.ts'
import { type DockerConnection, dockerLine } from './docker-cli.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With its query. */
  readonly path: string
  readonly body?: Value
  /** What could not be done when it fails: "docker could not …". */
  readonly failure: string
}

export interface ApiReply {
  /** What was wrong; null when all went well. */
  readonly problem: string | null
  /** Parsed JSON; null where the engine says nothing. */
  readonly body: Value
}

export function* askEngine(
  connection: DockerConnection,
  request: ApiRequest,
): Generator<Action, ApiReply, Output> {
  const script = `cd "$VPAI_FILES" && mkfifo pipe && exec 3<>pipe || exit 1
${dockerLine(connection, ['system', 'dial-stdio'])} <pipe & p=$!
cat request >&3; wait $p`
  const output = yield { do: 'run', script, files: { request: encode(request) }, ok: 'any' }
  return read(output, request.failure)
}

/** HTTP/1.0, so that the answer comes in one piece and ends with the connection. */
function encode({ method, path, body }: ApiRequest): Uint8Array {
  const content = body === undefined ? '' : JSON.stringify(body)
  const length = new TextEncoder().encode(content).length
  const head = [
    `${method} ${path} HTTP/1.0`,
    'Host: docker',
    'Content-Type: application/json',
    `Content-Length: ${length}`,
  ]
  return new TextEncoder().encode(`${head.join('\r\n')}\r\n\r\n${content}`)
}

function read({ code, stdout, stderr }: Output, failure: string): ApiReply {
  const [, status = ''] = /^HTTP\/1\.\d (\d{3})/.exec(stdout) ?? []
  const text = stdout.slice(stdout.search(/\r?\n\r?\n/)).trim()
  if (status === '') return { problem: `${failure}: ${stderr.trim() || `exit code ${code}`}`, body: null }
  const body = parsed(text)
  if (/^[23]/.test(status)) return { problem: null, body }
  const message = body !== null && typeof body === 'object' && 'message' in body ? String(body.message) : text
  return { problem: `${failure}: ${message || status}`, body }
}

function parsed(text: string): Value {
  try {
    return text === '' ? null : (JSON.parse(text) as Value)
  } catch {
    return text
  }
}
