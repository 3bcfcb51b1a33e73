import { VpaiError } from '../base/error.ts'
import { quote } from '../base/quote.ts'
import type { Clock, Reply, Session } from '../engine/ports.ts'
import type { HelloFrame } from './frame-parser.ts'
import type { ResumeTicket } from './session-lost.ts'

export type Resumed =
  /** It ended; this is its reply as if nothing had happened. */
  | { readonly kind: 'done'; readonly reply: Reply }
  /** It never started and never will: safe to send again. */
  | { readonly kind: 'never-started' }
  /** It may have run, wholly or in part: the host was restarted, or the traces are gone. */
  | { readonly kind: 'unknown'; readonly reason: string }

export interface ResumeOptions {
  /** Opened after the loss, on the same host with the same identity. */
  readonly session: Session
  readonly ticket: ResumeTicket
  readonly clock: Clock
  /** Seconds to wait for a command that still runs; after that SESSION_STILL_RUNNING is thrown. */
  readonly patienceS: number
}

/**
 * What became of a command whose session was lost, waiting for it while it still runs. The lost session is first
 * forbidden to start anything more, so "never started" stays true after the answer.
 */
export async function resumeRequest(options: ResumeOptions): Promise<Resumed> {
  const { session, ticket, clock } = options
  const before = ticket.hello.bootId
  const now = (session.hello as Partial<HelloFrame>).bootId ?? null
  if (before !== now) return { kind: 'unknown', reason: 'the host was restarted' }
  const startedAt = clock.now()
  for (let pause = 100; ; pause = Math.min(pause * 2, 2000)) {
    const reply = await session.request({ script: statusScript(ticket) })
    const resumed = readStatus(reply, clock.now() - startedAt)
    if (resumed !== 'running') return resumed
    if (clock.now() - startedAt > options.patienceS * 1000) {
      throw new VpaiError(
        'SESSION_STILL_RUNNING',
        'A command of the lost session is still running on the host.',
      )
    }
    await clock.sleep(pause)
  }
}

/** Removes what a lost session left on the host, once all its commands are accounted for. */
export async function discardLostSession(session: Session, hello: Pick<HelloFrame, 'tmp'>): Promise<void> {
  await session.request({ script: `rm -rf -- ${quote(hello.tmp)}` })
}

/**
 * First line of the answer: gone | never | running | unknown | done RC OUTLEN; after `done` the outputs follow.
 * q forbids the lost helper to start requests; it is written before b is looked at (the helper: b, then q).
 */
function statusScript(ticket: ResumeTicket): string {
  const { hello, id } = ticket
  return `d=${quote(hello.tmp)} i=${id} h=
[ -d "$d" ] || { echo gone; exit; }
: >"$d/q"
state() {
  if [ -e "$d/r$i" ]; then s=done
  elif [ ! -e "$d/b$i" ]; then s=never
  elif { read -r h <"$d/s$i.p"; } 2>/dev/null && case $h in ''|*[!0-9]*|0|1) false;; esac && kill -0 -$h 2>/dev/null; then s=running
  elif kill -0 ${hello.pid} 2>/dev/null; then s=running
  else s=unknown; fi
}
state
[ $s != unknown ] || state
[ $s = done ] || { echo $s; exit; }
read -r r <"$d/r$i"
echo "done $r $(($(wc -c <"$d/o$i")))"
cat "$d/o$i" "$d/e$i"`
}

function readStatus(reply: Reply, elapsedMs: number): Resumed | 'running' {
  if (reply.kind !== 'done' || reply.code !== 0)
    return { kind: 'unknown', reason: 'its journal cannot be read' }
  const end = reply.stdout.indexOf(0x0a)
  const [state, code, length] = reply.stdout.toString('latin1', 0, end).split(' ')
  switch (state) {
    case 'running':
      return 'running'
    case 'never':
      return { kind: 'never-started' }
    case 'done': {
      const output = reply.stdout.subarray(end + 1)
      const stdout = output.subarray(0, Number(length))
      const stderr = output.subarray(Number(length))
      return {
        kind: 'done',
        reply: {
          kind: 'done',
          code: Number(code),
          stdout,
          stderr,
          timedOut: Number(code) === 124,
          elapsedMs,
        },
      }
    }
    case 'gone':
      return { kind: 'unknown', reason: 'its journal is gone' }
    default:
      return { kind: 'unknown', reason: 'it ended without leaving its result' }
  }
}
