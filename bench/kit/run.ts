/** One command, from its start to its end, by the wall clock. Its output goes to files, as it would not to a pipe. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Memory, watchMemory } from './memory.ts'

export interface Command {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly input?: string
}

export interface Ran {
  readonly seconds: number
  /** On this side: of the command and its children, user and system. */
  readonly cpuSeconds: number
  readonly memory: Memory | null
  readonly stdout: string
}

/** Throws when the command fails: what failed is not measured. */
export async function run(command: Command): Promise<Ran> {
  return carryOut(command, () => null)
}

/** The same with an eye on memory, which costs a little time. */
export async function runWatched(command: Command): Promise<Ran> {
  return carryOut(command, watchMemory)
}

const WITH_TIMES = '"$@"; code=$?; times >"$TIMES_FILE"; exit $code'

async function carryOut(command: Command, watch: (pid: number) => { stop(): Memory } | null): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vpai-bench-run-'))
  const [stdout = '', stderr = '', times = ''] = ['stdout', 'stderr', 'times'].map(name =>
    path.join(folder, name),
  )
  const files = [openSync(command.input ?? '/dev/null', 'r'), openSync(stdout, 'w'), openSync(stderr, 'w')]
  try {
    const started = performance.now()
    const child = spawn('sh', ['-c', WITH_TIMES, 'sh', ...command.argv], {
      cwd: command.cwd,
      env: { ...command.env, TIMES_FILE: times },
      stdio: files as never,
    })
    const memory = watch(child.pid ?? 0)
    const [code, signal] = await once(child, 'exit')
    const seconds = (performance.now() - started) / 1000
    if (code !== 0) throw failed(command, { how: String(code ?? signal), stdout, stderr })
    return {
      seconds,
      cpuSeconds: cpuOf(readFileSync(times, 'utf8')),
      memory: memory?.stop() ?? null,
      stdout: readFileSync(stdout, 'utf8'),
    }
  } finally {
    for (const file of files) closeSync(file)
    rmSync(folder, { recursive: true })
  }
}

/** The second line of `times`: user and system time of the children. */
function cpuOf(text: string): number {
  return [...(text.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}

function failed(command: Command, end: { how: string; stdout: string; stderr: string }): Error {
  const words = [end.stdout, end.stderr]
    .map(file => readFileSync(file, 'utf8').trim().slice(-1500))
    .join('\n')
  return new Error(`${command.argv.join(' ')} ended with ${end.how}:\n${words}`)
}
