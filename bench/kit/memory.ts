/**
 * The most memory a command held, with its children, while it ran: proportional set size, so that what forks share
 * counts once. Looks 50 times a second. `ssh` masters that Ansible leaves in the background are not counted.
 */
import { readFileSync } from 'node:fs'

export interface Memory {
  /** MiB, of all processes together. */
  readonly peakMiB: number
  /** Processes at the time of the peak. */
  readonly processes: number
}

export function watchMemory(root: number): { stop(): Memory } {
  let peak = 0
  let processes = 0
  const look = () => {
    const pids = withChildren(root)
    const kib = pids.reduce((sum, pid) => sum + proportional(pid), 0)
    if (kib <= peak) return
    peak = kib
    processes = pids.length
  }
  const timer = setInterval(look, 20)
  return {
    stop: () => {
      clearInterval(timer)
      return { peakMiB: peak / 1024, processes }
    },
  }
}

function withChildren(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(withChildren)]
}

function proportional(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

/** Empty for a process that has ended since it was listed. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
