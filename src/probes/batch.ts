/**
 * Many keys of all kinds in one request.
 *
 * Every section is announced by a line with the request's random marker, which nothing on the host can know
 * ahead, so that sections may hold any bytes. The last line tells how many there were. Each section runs in
 * a subshell without stdin; `$M` is the marker, for scripts that need it inside.
 */
import { quote } from '../base/quote.ts'
import { garbled } from './answer.ts'
import type { Key } from './contract.ts'
import { type Answer, type AnyProbe, anyProbe, KINDS, keyId } from './index.ts'

export { type Answer, keyId }

/** `marker`: at least 16 random letters and digits, fresh for every request. */
export function batchScript(keys: readonly Key[], marker: string): string {
  const chunks = chunksOf(keys)
  const sections = chunks.map(
    (chunk, index) =>
      `printf '\\n%s section %s\\n' "$M" ${index}\n(\n${chunk.probe.script(chunk.keys)}\n) </dev/null`,
  )
  return `M=${quote(marker)}\n${sections.join('\n')}\nprintf '\\n%s end ${chunks.length}\\n' "$M"`
}

/** Answers by keyId. Throws PROBE_GARBLED when a section or the end mark is missing. */
export function parseBatch(
  keys: readonly Key[],
  marker: string,
  stdout: Uint8Array,
): ReadonlyMap<string, Answer> {
  const bytes = Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength)
  const answers = new Map<string, Answer>()
  const chunks = chunksOf(keys)
  if (chunks.length === 0) return answers
  let start = findLine(bytes, `${marker} section 0`, 0)
  chunks.forEach((chunk, index) => {
    const isLast = index === chunks.length - 1
    const end = findLine(
      bytes,
      isLast ? `${marker} end ${chunks.length}` : `${marker} section ${index + 1}`,
      start.next,
    )
    const seen = chunk.probe.parse(chunk.keys, bytes.subarray(start.next, end.at))
    chunk.keys.forEach((key, at) => {
      const answer = seen[at]
      if (answer === undefined) throw garbled('its state', 'an answer is missing')
      answers.set(keyId(key), answer)
    })
    start = end
  })
  return answers
}

/** The part of an output that is one batch's own: from its first mark to its last. Throws PROBE_GARBLED. */
export function batchOutput(marker: string, stdout: Uint8Array): Buffer {
  const bytes = Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength)
  const { at } = findLine(bytes, `${marker} section 0`, 0)
  const end = bytes.indexOf(`\n${marker} end `, at)
  const close = end < 0 ? -1 : bytes.indexOf('\n', end + 1)
  if (close < 0) throw garbled('its state', 'it ends too early')
  return bytes.subarray(at, close + 1)
}

interface Chunk {
  readonly probe: AnyProbe
  /** All of the probe's kind. */
  readonly keys: readonly Key[]
}

/** One argument list may hold 2 MB on Linux with the environment; a quarter leaves room for quotes. */
const CHUNK_BYTES = 500_000

function chunksOf(keys: readonly Key[]): readonly Chunk[] {
  const unique = [...new Map(keys.map(key => [keyId(key), key])).values()]
  return KINDS.flatMap(kind => {
    const ofKind = unique.filter(key => key.kind === kind)
    return slices(ofKind).map(slice => ({ probe: anyProbe(kind), keys: slice }))
  })
}

function slices(keys: readonly Key[]): readonly (readonly Key[])[] {
  const result: Key[][] = []
  let size = 0
  for (const key of keys) {
    const weight = keyId(key).length + ('script' in key ? key.script.length : 0) + 16
    if (result.length === 0 || size + weight > CHUNK_BYTES) {
      result.push([])
      size = 0
    }
    result.at(-1)?.push(key)
    size += weight
  }
  return result
}

function findLine(bytes: Buffer, line: string, from: number): { readonly at: number; readonly next: number } {
  const needle = Buffer.from(`\n${line}\n`)
  const at = bytes.indexOf(needle, from)
  if (at >= 0) return { at, next: at + needle.length }
  if (line.endsWith(' section 0') && from === 0) throw garbled('its state', 'it does not begin as it should')
  throw garbled('its state', 'it ends too early')
}
