/** Starts a relay process for a round-trip time, and asks it for its counts. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { RelayCounts } from './relay.ts'

export interface Relay {
  readonly rtt: number
  /** Ports of 127.0.0.1, in the order of the ports behind them. */
  readonly ports: readonly number[]
  /** What went through since the last call. */
  counts(): Promise<RelayCounts>
  close(): void
}

export async function startRelay(rtt: number, ports: readonly number[]): Promise<Relay> {
  const child = fork(path.join(import.meta.dirname, 'relay.mjs'), { stdio: 'inherit' })
  const listening = (await ask(child, { rtt, ports })) as readonly number[]
  return {
    rtt,
    ports: listening,
    counts: async () => (await ask(child, 'counts')) as RelayCounts,
    close: () => child.disconnect(),
  }
}

/** One question at a time. */
async function ask(child: ChildProcess, message: object | string): Promise<unknown> {
  const stop = new AbortController()
  const { signal } = stop
  try {
    const answered = once(child, 'message', { signal }).then(([answer]) => answer as unknown)
    const gone = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`the relay ended with ${code}`)
    })
    child.send(message)
    const result = Promise.race([answered, gone])
    gone.catch(() => undefined)
    return await result
  } finally {
    stop.abort()
  }
}
