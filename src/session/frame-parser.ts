import { VpaiError } from '../base/error.ts'

/** What the helper says. Ids are the client's request ids; `rest` of an unknown frame is ignored by callers. */
export type Frame =
  | { readonly type: 'hello'; readonly hello: HelloFrame }
  | {
      readonly type: 'answer'
      readonly id: number
      readonly code: number
      readonly stdout: Buffer
      readonly stderr: Buffer
    }
  | { readonly type: 'skipped'; readonly id: number }
  | { readonly type: 'fatal'; readonly id: number | null; readonly reason: string }

export interface HelloFrame {
  readonly pid: number
  readonly uid: number
  readonly hasTimeout: boolean
  readonly hasSetsid: boolean
  /** Changes with every boot of the host; null where the kernel does not tell. */
  readonly bootId: string | null
  /** The helper's private directory. */
  readonly tmp: string
}

interface Body {
  readonly id: number
  readonly code: number
  readonly stdoutLength: number
  readonly length: number
  readonly chunks: Buffer[]
  received: number
}

/**
 * Turns the helper's byte stream into frames, however the bytes are cut up.
 * Everything outside of frames is noise (login banners, shell start-up files) and is skipped.
 * push() throws SESSION_NOISE after 1 MB of noise in one piece and SESSION_PROTOCOL for a frame it cannot read.
 */
export class FrameParser {
  readonly #mark: Buffer
  #pending: Buffer = Buffer.alloc(0)
  #body: Body | null = null
  #noise: Buffer = Buffer.alloc(0)
  #noiseRun = 0

  constructor(nonce: string) {
    this.#mark = Buffer.from(`\n${nonce} `, 'latin1')
  }

  /** The last 4 KB that were not part of a frame, for error messages. */
  get noise(): string {
    return Buffer.concat([this.#noise, this.#body === null ? this.#pending : Buffer.alloc(0)])
      .subarray(-MAX_KEPT_NOISE)
      .toString('utf8')
  }

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = []
    let rest = chunk
    while (rest.length > 0 || this.#pending.length > 0) {
      if (this.#body !== null) {
        rest = this.#fillBody(this.#body, rest)
      } else {
        const header = this.#seekHeader(rest)
        if (header === null) break
        rest = header.rest
        this.#readHeader(header.line, frames)
      }
      this.#finishBody(frames)
    }
    return frames
  }

  /** Takes bytes up to the end of the next header line; null when more are needed. */
  #seekHeader(chunk: Buffer): { readonly line: string; readonly rest: Buffer } | null {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const start = bytes.indexOf(this.#mark)
    if (start < 0) {
      const keep = Math.min(bytes.length, this.#mark.length - 1)
      this.#addNoise(bytes.subarray(0, bytes.length - keep))
      this.#pending = bytes.subarray(bytes.length - keep)
      return null
    }
    this.#addNoise(bytes.subarray(0, start))
    const lineStart = start + this.#mark.length
    const end = bytes.indexOf(NEWLINE, lineStart)
    if (end < 0) {
      this.#pending = bytes.subarray(start)
      if (this.#pending.length > MAX_HEADER) throw unreadable('a header without an end')
      return null
    }
    this.#noiseRun = 0
    this.#pending = Buffer.alloc(0)
    return { line: bytes.toString('utf8', lineStart, end), rest: bytes.subarray(end + 1) }
  }

  #readHeader(line: string, frames: Frame[]): void {
    const fields = line.split(' ')
    switch (fields[0]) {
      case 'H':
        frames.push({ type: 'hello', hello: readHello(fields) })
        return
      case 'A': {
        const [id, code, stdoutLength, stderrLength] = fields.slice(1).map(field => number(field, line))
        if (stderrLength === undefined || fields.length !== 5) throw unreadable(line)
        const length = stdoutLength! + stderrLength
        this.#body = { id: id!, code: code!, stdoutLength: stdoutLength!, length, chunks: [], received: 0 }
        return
      }
      case 'K':
        frames.push({ type: 'skipped', id: number(fields[1], line) })
        return
      case 'X':
        frames.push({
          type: 'fatal',
          id: fields[1] === '-' ? null : number(fields[1], line),
          reason: fields.slice(2).join(' '),
        })
    }
  }

  /** Moves what belongs to the body out of `bytes` and returns what is left. */
  #fillBody(body: Body, bytes: Buffer): Buffer {
    const part = bytes.subarray(0, body.length - body.received)
    if (part.length > 0) body.chunks.push(part)
    body.received += part.length
    return bytes.subarray(part.length)
  }

  #finishBody(frames: Frame[]): void {
    const body = this.#body
    if (body === null || body.received < body.length) return
    this.#body = null
    const output = body.chunks.length === 1 ? body.chunks[0]! : Buffer.concat(body.chunks, body.length)
    frames.push({
      type: 'answer',
      id: body.id,
      code: body.code,
      stdout: output.subarray(0, body.stdoutLength),
      stderr: output.subarray(body.stdoutLength),
    })
  }

  #addNoise(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#noiseRun += bytes.length
    this.#noise = Buffer.concat([this.#noise, bytes.subarray(-MAX_KEPT_NOISE)]).subarray(-MAX_KEPT_NOISE)
    if (this.#noiseRun > MAX_NOISE) {
      throw new VpaiError(
        'SESSION_NOISE',
        `The host sent more than 1 MB that is not an answer: ${this.noise.slice(-200)}`,
        {
          hint: "Look for output in the login user's shell start-up files (.bashrc, .profile).",
        },
      )
    }
  }
}

const NEWLINE = 0x0a
const MAX_NOISE = 1024 * 1024
const MAX_KEPT_NOISE = 4096
const MAX_HEADER = 16 * 1024

function readHello(fields: readonly string[]): HelloFrame {
  const line = fields.join(' ')
  if (fields[1] !== '1') throw unreadable(line)
  return {
    pid: number(fields[2], line),
    uid: number(fields[3], line),
    hasTimeout: fields[4] === '1',
    hasSetsid: fields[5] === 'setsid',
    bootId: fields[6] === '-' ? null : (fields[6] ?? null),
    tmp: fields.slice(7).join(' '),
  }
}

function number(field: string | undefined, line: string): number {
  if (field === undefined || !/^\d{1,15}$/.test(field)) throw unreadable(line)
  return Number(field)
}

function unreadable(line: string): VpaiError {
  return new VpaiError(
    'SESSION_PROTOCOL',
    `The host answered something that cannot be read: ${line.slice(0, 200)}`,
  )
}
