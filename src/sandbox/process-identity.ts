/** Processes by pid and start time, so that a recycled pid is never taken for one of ours. Linux only. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  readonly startTime: string
}

/** null when there is no such process, or only its zombie. */
export function identify(pid: number): ProcessIdentity | null {
  const fields = statFields(pid)
  const startTime = fields?.[19]
  return startTime === undefined || fields?.[0] === 'Z' ? null : { pid, startTime }
}

export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.startTime === process.startTime
}

/** Children of `pid`, in the order of /proc. */
export function childrenOf(pid: number, allPids: readonly number[]): number[] {
  return allPids.filter(candidate => statFields(candidate)?.[1] === String(pid))
}

/** Ends the processes and waits until they are gone, at most two seconds. Others with the same pid are left alone. */
export async function end(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const identity of processes) {
    if (isAlive(identity)) kill(identity.pid)
  }
  for (let waited = 0; waited < 2000 && processes.some(isAlive); waited += 10) await sleep(10)
}

/** Fields of /proc/PID/stat from the third on: state, ppid, ... The name before them may hold anything. */
function statFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended between the look and the signal.
  }
}
