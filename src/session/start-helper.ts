import { VpaiError } from '../base/error.ts'
import type { Channel } from '../engine/ports.ts'
import type { BecomeCommand } from './become.ts'
import { type Frame, FrameParser, type HelloFrame } from './frame-parser.ts'
import { helperLine } from './helper.ts'

export interface StartOptions {
  readonly channel: Channel
  readonly command: BecomeCommand
  readonly nonce: string
  /** The helper went out with the command line. */
  readonly isWritten?: boolean
  readonly timeoutMs: number
  readonly askPassword: () => Promise<string | null>
}

export type Started =
  | {
      readonly kind: 'started'
      readonly parser: FrameParser
      readonly hello: HelloFrame
      readonly early: readonly Frame[]
    }
  | { readonly kind: 'closed'; readonly code: number | null; readonly said: string }
  | { readonly kind: 'timeout'; readonly said: string }
  | { readonly kind: 'no-tmp' }
  | { readonly kind: 'no-password'; readonly said: string }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'failed'; readonly error: VpaiError }

/**
 * From an opened channel to the helper's hello: waits for the terminal to be ready, answers one request for a
 * password, writes the helper as soon as nothing else can read it. Leaves stdout paused for the session to take over.
 *
 * A second request for a password means that the first was wrong; nothing may be written then, since sudo would
 * take the helper's bytes for passwords.
 */
export function startHelper(options: StartOptions): Promise<Started> {
  return new Promise(resolve => new Startup(options, resolve).begin())
}

class Startup {
  readonly #options: StartOptions
  readonly #resolve: (started: Started) => void
  readonly #parser: FrameParser
  readonly #early: Frame[] = []
  #hello: HelloFrame | null = null
  #stdout = ''
  #stderr = ''
  #answeredPrompts = 0
  #answeredText = ''
  #isWritten: boolean
  #isOver = false
  #timer: NodeJS.Timeout | null = null

  constructor(options: StartOptions, resolve: (started: Started) => void) {
    this.#options = options
    this.#resolve = resolve
    this.#isWritten = options.isWritten ?? false
    this.#parser = new FrameParser(options.nonce)
  }

  begin(): void {
    const { channel } = this.#options
    channel.stdin.on('error', () => undefined)
    channel.stdout.on('data', this.#onStdout)
    channel.stderr.on('data', this.#onStderr)
    void channel.closed.then(({ code }) => this.#finish({ kind: 'closed', code, said: this.#said() }))
    this.#startTimer()
    this.#advance()
  }

  readonly #onStdout = (chunk: Buffer): void => {
    if (!this.#isWritten) this.#stdout = (this.#stdout + chunk.toString('latin1')).slice(-MAX_TEXT)
    try {
      for (const frame of this.#parser.push(chunk)) this.#take(frame)
    } catch (error) {
      this.#finish({
        kind: 'failed',
        error: error instanceof VpaiError ? error : new VpaiError('SESSION_PROTOCOL', String(error)),
      })
    }
    this.#advance()
  }

  readonly #onStderr = (chunk: Buffer): void => {
    this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-MAX_TEXT)
    this.#advance()
  }

  #take(frame: Frame): void {
    if (frame.type === 'hello') this.#hello ??= frame.hello
    else if (frame.type === 'fatal' && this.#hello === null) {
      this.#finish(
        frame.reason === 'notmp'
          ? { kind: 'no-tmp' }
          : { kind: 'failed', error: new VpaiError('SESSION_FAILED', `The helper gave up: ${frame.reason}`) },
      )
    } else this.#early.push(frame)
  }

  /** Does what the bytes seen so far allow; called after each piece. */
  #advance(): void {
    if (this.#isOver) return
    if (this.#hello !== null) {
      this.#finish({ kind: 'started', parser: this.#parser, hello: this.#hello, early: this.#early })
      return
    }
    if (this.#isWritten) return
    const { readyMark, upMark } = this.#options.command
    if (readyMark !== null && !this.#stdout.includes(readyMark)) return
    if (upMark !== null && !this.#stdout.includes(upMark)) {
      this.#answerPrompt()
      return
    }
    this.#isWritten = true
    this.#options.channel.stdin.write(helperLine(this.#options.nonce))
  }

  #answerPrompt(): void {
    const prompts = this.#countPrompts()
    if (prompts <= this.#answeredPrompts) return
    this.#answeredPrompts = prompts
    if (prompts > 1) {
      this.#finish({ kind: 'wrong-password' })
      return
    }
    this.#stopTimer()
    this.#options.askPassword().then(
      password => this.#writePassword(password),
      (error: unknown) =>
        this.#finish({
          kind: 'failed',
          error:
            error instanceof VpaiError
              ? error
              : new VpaiError('BECOME_PASSWORD_REQUIRED', 'No become password was given.', { cause: error }),
        }),
    )
  }

  #writePassword(password: string | null): void {
    if (this.#isOver) return
    if (password === null || password.includes('\n')) {
      this.#finish({ kind: 'no-password', said: this.#said() })
      return
    }
    this.#startTimer()
    this.#options.channel.stdin.write(`${password}\n`)
  }

  /** sudo's prompt is ours and random; other programs' is known by its end, and only where output stops. */
  #countPrompts(): number {
    const { prompt } = this.#options.command
    if (prompt === null) return 0
    const text = `${this.#stdout}\n${this.#stderr}`
    if (prompt.startsWith('vpai-')) return text.split(prompt).length - 1
    const isWaiting = [this.#stdout, this.#stderr].some(said => said.replace(/ +$/, '').endsWith(prompt))
    if (!isWaiting || text === this.#answeredText) return this.#answeredPrompts
    this.#answeredText = text
    return this.#answeredPrompts + 1
  }

  #said(): string {
    const { readyMark, prompt } = this.#options.command
    let text = `${this.#stderr}\n${this.#isWritten ? this.#parser.noise : this.#stdout}`
    for (const mark of [readyMark, prompt]) {
      if (mark?.startsWith('vpai-')) text = text.replaceAll(mark, '')
    }
    return text
  }

  #startTimer(): void {
    this.#timer = setTimeout(
      () => this.#finish({ kind: 'timeout', said: this.#said() }),
      this.#options.timeoutMs,
    )
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #finish(started: Started): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stopTimer()
    const { stdout, stderr } = this.#options.channel
    stdout.pause()
    stdout.off('data', this.#onStdout)
    stderr.off('data', this.#onStderr)
    this.#resolve(started)
  }
}

const MAX_TEXT = 64 * 1024
