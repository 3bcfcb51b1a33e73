import { VpaiError } from '../base/error.ts'
import type { Channel, Reply, Request, Session } from '../engine/ports.ts'
import { killRunning } from './cancel.ts'
import { encodeRequest, invalidRequest } from './encode-request.ts'
import type { Frame, FrameParser, HelloFrame } from './frame-parser.ts'

export interface SessionOptions {
  readonly channel: Channel
  readonly parser: FrameParser
  readonly hello: HelloFrame
  /** Frames that came in the same piece as the hello. */
  readonly early: readonly Frame[]
  /** Opens another session of the same identity, to reach past a running request. */
  readonly openSibling: () => Promise<Session>
  /** Asked when the session ended by itself: what became of the connection, as a sentence; null: it is there. */
  readonly whyLost?: () => Promise<string | null>
  /** Milliseconds; only differences are used. */
  readonly now: () => number
  /** Host and identity for messages: "app on web1". */
  readonly name: string
  readonly count?: (traffic: {
    readonly requests?: number
    /** Times it was sent with nothing on the way, so that somebody waited for all of it. */
    readonly roundTrips?: number
    readonly sent?: number
    readonly received?: number
  }) => void
}

interface Outstanding {
  readonly id: number
  readonly timeoutS: number
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: Error) => void
  readonly startedAt: number
  deadline: NodeJS.Timeout | null
  isCancelled: boolean
}

/**
 * Requests to one helper: sent as they come, answered in order.
 *
 * When the channel ends, every outstanding request rejects with SESSION_LOST: whether it ran is not known here, and the
 * host's record tells (decision 8). An answer out of order, an unreadable frame and a
 * helper that gives up end the session with SESSION_PROTOCOL or SESSION_FAILED.
 */
export class FramedSession implements Session {
  readonly hello: HelloFrame
  readonly #options: SessionOptions
  readonly #outstanding: Outstanding[] = []
  /** Of requests, by what was given for them. */
  readonly #ids = new WeakMap<Promise<Reply>, number>()
  #lastId = 0
  #lastAnswerAt = 0
  #sending: Promise<void> = Promise.resolve()
  #isSending = 0
  #dead: VpaiError | null = null
  #whyLost: string | null = null
  #isClosing = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.hello = options.hello
    const { channel } = options
    channel.stdin.on('error', () => undefined)
    channel.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    channel.stderr.on('data', () => undefined)
    void channel.closed.then(() => this.#closed())
    this.#handle(options.early)
    channel.stdout.resume()
  }

  get isDead(): boolean {
    return this.#dead !== null || this.#isClosing
  }

  get isIdle(): boolean {
    return this.#outstanding.length === 0
  }

  request(request: Request): Promise<Reply> {
    if (this.#dead !== null) return Promise.reject(this.#dead)
    if (this.#isClosing) return Promise.reject(this.#lost(null))
    const problem = invalidRequest(request)
    if (problem !== null) return Promise.reject(problem)
    this.#lastId += 1
    const id = this.#lastId
    const { length, parts } = encodeRequest(id, request)
    this.#options.count?.({ requests: 1, roundTrips: this.isIdle ? 1 : 0, sent: length })
    const asked = new Promise<Reply>((resolve, reject) => {
      this.#outstanding.push({
        id,
        timeoutS: request.timeoutS ?? 0,
        resolve,
        reject,
        startedAt: this.#options.now(),
        deadline: null,
        isCancelled: false,
      })
      if (this.#outstanding.length === 1) this.#watchDeadline()
      this.#send(parts)
    })
    this.#ids.set(asked, id)
    return asked
  }

  /** Nothing else is ended: requests before and behind it run as usual. */
  async cancel(asked: Promise<Reply>): Promise<void> {
    const command = this.#outstanding.find(({ id }) => id === this.#ids.get(asked))
    if (command === undefined || command.timeoutS === 0 || this.#dead !== null) return
    command.isCancelled = true
    await this.#killRunning(command.id)
  }

  async close(): Promise<void> {
    if (this.#dead !== null || this.#isClosing) {
      await this.#options.channel.closed
      return
    }
    this.#isClosing = true
    this.#send([Buffer.from('B\n')])
    const giveUp = setTimeout(() => this.#options.channel.destroy(), CLOSE_GRACE_MS)
    await this.#options.channel.closed
    clearTimeout(giveUp)
  }

  async #killRunning(id: number): Promise<void> {
    const sibling = await this.#options.openSibling()
    try {
      await killRunning(sibling, { hello: this.hello, id })
    } finally {
      await sibling.close()
    }
  }

  #send(parts: Iterable<Uint8Array>): void {
    const isFree = this.#isSending === 0 && !this.#options.channel.stdin.writableNeedDrain
    if (isFree && Array.isArray(parts) && parts.length === 1) {
      this.#options.channel.stdin.write(parts[0])
      return
    }
    this.#isSending += 1
    this.#sending = this.#sending.then(async () => {
      for (const part of parts) {
        if (this.#dead === null) await write(this.#options.channel, part)
      }
      this.#isSending -= 1
    })
  }

  #receive(chunk: Buffer): void {
    if (this.#dead !== null) return
    this.#options.count?.({ received: chunk.length })
    try {
      this.#handle(this.#options.parser.push(chunk))
    } catch (error) {
      this.#fail(error instanceof VpaiError ? error : new VpaiError('SESSION_PROTOCOL', String(error)))
    }
  }

  #handle(frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (this.#dead !== null || frame.type === 'hello') continue
      if (frame.type === 'fatal') {
        this.#fail(this.#gaveUp(frame.reason))
        return
      }
      const head = this.#outstanding.shift()
      if (head === undefined || head.id !== frame.id) {
        if (head !== undefined) this.#outstanding.unshift(head)
        this.#fail(
          new VpaiError(
            'SESSION_PROTOCOL',
            `${this.#options.name} answered request ${frame.id} out of order.`,
          ),
        )
        return
      }
      this.#answer(head, frame)
    }
  }

  #answer(head: Outstanding, frame: Extract<Frame, { type: 'answer' | 'skipped' }>): void {
    const now = this.#options.now()
    const elapsedMs = now - Math.max(head.startedAt, this.#lastAnswerAt)
    this.#lastAnswerAt = now
    if (head.deadline !== null) clearTimeout(head.deadline)
    this.#watchDeadline()
    if (frame.type === 'skipped') {
      head.resolve({ kind: 'skipped' })
      return
    }
    const timedOut =
      head.timeoutS > 0 &&
      !head.isCancelled &&
      ENDED_BY_TIMEOUT.includes(frame.code) &&
      elapsedMs >= head.timeoutS * 1000 * CLOCK_TOLERANCE
    const { code, stdout, stderr } = frame
    head.resolve({ kind: 'done', code, stdout, stderr, timedOut, elapsedMs })
  }

  /** Where the host has no `timeout` program, the deadline of the running command is kept here. */
  #watchDeadline(): void {
    const head = this.#outstanding[0]
    if (head === undefined || head.timeoutS === 0 || this.hello.hasTimeout) return
    head.deadline = setTimeout(
      () => void this.#killRunning(head.id).catch(() => undefined),
      head.timeoutS * 1000,
    )
  }

  #fail(error: VpaiError): void {
    this.#end(error)
    this.#options.channel.destroy()
  }

  async #closed(): Promise<void> {
    if (!this.#isClosing && this.#dead === null) this.#whyLost = (await this.#options.whyLost?.()) ?? null
    this.#end(null)
  }

  #end(reason: VpaiError | null): void {
    if (this.#dead !== null) return
    this.#dead = reason ?? this.#lost(null)
    for (const [index, request] of this.#outstanding.splice(0).entries()) {
      if (request.deadline !== null) clearTimeout(request.deadline)
      request.reject(index === 0 && reason !== null ? reason : this.#lost(request))
    }
  }

  #lost(request: Outstanding | null): VpaiError {
    const { name } = this.#options
    const why = this.#whyLost === null ? '' : ` ${this.#whyLost}`
    const what =
      request === null
        ? `The session of ${name} has ended.${why}`
        : `The session of ${name} ended while a request was running; its outcome is unknown.${why}`
    return new VpaiError('SESSION_LOST', what, {
      hint: 'Run it again: what was done is not done twice, what was not is done.',
    })
  }

  #gaveUp(reason: string): VpaiError {
    if (reason === 'io') {
      return new VpaiError('SESSION_NO_SPACE', `${this.#options.name}: cannot write to ${this.hello.tmp}.`, {
        hint: 'Is the disk (or the memory behind /dev/shm) of the host full?',
      })
    }
    return new VpaiError('SESSION_FAILED', `${this.#options.name}: the session broke off (${reason}).`)
  }
}

const CLOSE_GRACE_MS = 2000
const ENDED_BY_TIMEOUT: readonly number[] = [124, 137, 143]
/** Answers of one second and the next do not travel equally fast. */
const CLOCK_TOLERANCE = 0.9
/** Resolves when the next piece may be written; a channel that ends resolves too. */
function write(channel: Channel, bytes: Uint8Array): Promise<void> {
  const { stdin } = channel
  if (stdin.destroyed || stdin.write(bytes)) return Promise.resolve()
  return new Promise(resolve => {
    const go = () => {
      stdin.off('drain', go)
      stdin.off('close', go)
      resolve()
    }
    stdin.once('drain', go)
    stdin.once('close', go)
    void channel.closed.then(go)
  })
}
