/** Who runs this, as hosts are told: a process of a user on a machine, and whether such a process is still there. */
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import type { Dict } from '../base/value.ts'

/** `machine` is its name, for people; `place` tells two machines, and two containers on one, apart. */
export function runHolder({ runId, command }: { readonly runId: string; readonly command: string }): Dict {
  return {
    run: runId,
    command,
    user: ownName(),
    machine: hostname(),
    started: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    place: place(),
    boot: bootId(),
    process: process.pid,
    since: startOf(process.pid),
  }
}

/** False when it lives, and when that cannot be known from here. */
export function isHolderGone(holder: Dict): boolean {
  const here = place()
  if (here === null || holder.place !== here) return false
  if (holder.boot !== bootId()) return true
  return typeof holder.process === 'number' && startOf(holder.process) !== holder.since
}

/** Not everybody has an account. */
function ownName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`
  }
}

/** null where the system does not tell. The machine's id is nobody's business: its digest will do. */
function place(): string | null {
  const id = textOf('/etc/machine-id') ?? hostname()
  const space = linkOf('/proc/self/ns/pid')
  return space === null ? null : createHash('sha256').update(`${id} ${space}`).digest('hex').slice(0, 16)
}

function bootId(): string | null {
  return textOf('/proc/sys/kernel/random/boot_id')
}

/** When it was started, in ticks since the machine was; null: there is no such process. */
function startOf(pid: number): string | null {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return null
  }
}

function linkOf(file: string): string | null {
  try {
    return readlinkSync(file)
  } catch {
    return null
  }
}
