import { VpaiError } from '../base/error.ts'
import type { Request } from '../engine/ports.ts'

/** The request as pieces to write: one when it is small, the body on its own when it is large. */
export function encodeRequest(
  id: number,
  request: Request,
): { readonly length: number; readonly parts: Iterable<Uint8Array> } {
  const script = Buffer.from(request.script)
  const { stdin = '' } = request
  const body = typeof stdin === 'string' ? Buffer.from(stdin) : stdin
  const timeout = Math.ceil(Math.max(0, request.timeoutS ?? 0))
  const header = `R ${id} ${script.length} ${body.length} ${timeout} ${request.chain ?? '-'}\n`
  const head = Buffer.concat([Buffer.from(header), script, NEWLINE])
  if (body.length === 0) return { length: head.length, parts: [head] }
  const length = head.length + body.length + NEWLINE.length
  const pieces = 'pieces' in body ? body.pieces : () => [body]
  const parts = { [Symbol.iterator]: () => around(head, pieces()) }
  return { length, parts: body.length <= SMALL ? [Buffer.concat([...parts])] : parts }
}

/** Why it cannot be sent; null: it can. */
export function invalidRequest(request: Request): VpaiError | null {
  if (request.script === '') return new VpaiError('SESSION_BAD_REQUEST', 'A request needs a script.')
  if (request.chain !== undefined && !/^[A-Za-z0-9]+$/.test(request.chain)) {
    return new VpaiError(
      'SESSION_BAD_REQUEST',
      `A chain is named by letters and digits, not "${request.chain}".`,
    )
  }
  return null
}

const SMALL = 64 * 1024
const NEWLINE = Buffer.from('\n')

function* around(head: Uint8Array, pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield head
  yield* pieces
  yield NEWLINE
}
