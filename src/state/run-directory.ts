/**
 * `.vpai/runs/<id>/`: one folder a run, with the journal as one JSON line an event. Only the user may
 * read it. The last line tells whether the run ended.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { TimedEvent } from '../base/event.ts'
import type { Ledger } from '../engine/world.ts'

export interface Journal extends Ledger {
  readonly event: (event: TimedEvent) => void
  /** How it came to its end; without it, it was cut off. */
  readonly ended: (how: 'ok' | 'failed') => void
  readonly close: () => void
  readonly directory: string
}

/** What was typed, for going on with it; null: it held a secret. */
interface Request {
  readonly argv: readonly string[] | null
  readonly cwd: string
}

const REQUEST = 'request.json'
const ENDED = 'ended'

/** Of the newest run that was asked for; null: there is none. */
export function lastRequest(stateDirectory: string): (Request & { readonly ended: string | null }) | null {
  const runs = path.join(stateDirectory, 'runs')
  const names = existsSync(runs) ? readdirSync(runs).sort().reverse() : []
  const last = names.map(name => path.join(runs, name)).find(one => existsSync(path.join(one, REQUEST)))
  if (last === undefined) return null
  const ended = path.join(last, ENDED)
  return {
    ...(JSON.parse(readFileSync(path.join(last, REQUEST), 'utf8')) as Request),
    ended: existsSync(ended) ? readFileSync(ended, 'utf8').trim() : null,
  }
}

export function openJournal(
  stateDirectory: string,
  {
    runId,
    keep,
    request,
  }: { readonly runId: string; readonly keep: number; readonly request: Request | null },
  toLine: (value: unknown) => string,
): Journal {
  ensurePrivate(stateDirectory)
  const runs = path.join(stateDirectory, 'runs')
  removeOld(runs, keep)
  const directory = path.join(runs, runId)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (request !== null) writeFileSync(path.join(directory, REQUEST), JSON.stringify(request), { mode: 0o600 })
  const file = openSync(path.join(directory, 'journal.ndjson'), 'a', 0o600)
  let isClosed = false
  const write = (value: unknown) => {
    // A run that was left at once may still hear from a host.
    if (!isClosed) appendFileSync(file, `${toLine(value)}\n`)
  }
  return {
    directory,
    event: write,
    ended: how => writeFileSync(path.join(directory, ENDED), `${how}\n`, { mode: 0o600 }),
    close: () => {
      isClosed = true
      fsyncSync(file)
      closeSync(file)
    },
    intent: async entry => {
      write({ type: 'action.intent', time: Date.now(), ...entry })
      if (!isClosed) fsyncSync(file)
    },
    outcome: async (entry, result) =>
      write({ type: 'action.outcome', time: Date.now(), ...entry, ...result }),
  }
}

/** `.vpai/` is 0700 and keeps itself out of git. */
export function ensurePrivate(stateDirectory: string): void {
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  const ignore = path.join(stateDirectory, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n', { mode: 0o600 })
}

/** Room for the run that begins. */
function removeOld(runs: string, keep: number): void {
  if (!existsSync(runs)) return
  const names = readdirSync(runs).sort()
  for (const name of names.slice(0, Math.max(0, names.length - Math.max(1, keep) + 1)))
    rmSync(path.join(runs, name), { recursive: true, force: true })
}

/** Hosts that failed or could not be reached last time, for `--limit @retry`. */
export function writeRetry(stateDirectory: string, hosts: readonly string[]): void {
  const file = path.join(stateDirectory, 'retry')
  if (hosts.length === 0) rmSync(file, { force: true })
  else writeFileSync(file, `${hosts.join('\n')}\n`, { mode: 0o600 })
}

export function readRetry(stateDirectory: string): string[] | null {
  const file = path.join(stateDirectory, 'retry')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : null
}
