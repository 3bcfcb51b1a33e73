/**
 * `.vpai/asked/<id>/logins`: the hosts that the last run like this one has logged in to as the inventory says, and who
 * acted there. A damaged file counts as missing: it is only a guess at what comes.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Identity } from '../engine/ports.ts'

const identity = z.object({
  user: z.string().nullable(),
  method: z.enum(['sudo', 'su', 'doas']),
  exe: z.string().optional(),
  flags: z.string().optional(),
})
const file = z.record(z.string(), z.array(identity))

export interface LoginMemory {
  /** By host. */
  read(): ReadonlyMap<string, readonly Identity[]>
  write(logins: ReadonlyMap<string, readonly Identity[]>): void
}

/** Of runs that are told apart by `like`. */
export function loginMemory(stateDirectory: string, like: readonly unknown[]): LoginMemory {
  const folder = askedFolder(stateDirectory, like)
  const name = path.join(folder, 'logins')
  const read = () => {
    try {
      return new Map(Object.entries(file.parse(JSON.parse(readFileSync(name, 'utf8')))))
    } catch {
      return new Map<string, Identity[]>()
    }
  }
  return {
    read,
    write(logins) {
      const text = JSON.stringify(Object.fromEntries(logins))
      if (text === JSON.stringify(Object.fromEntries(read()))) return
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const unfinished = path.join(folder, `.${randomBytes(6).toString('hex')}`)
      writeFileSync(unfinished, text, { mode: 0o600 })
      renameSync(unfinished, name)
    },
  }
}

/** One for each kind of run. */
export function askedFolder(stateDirectory: string, like: readonly unknown[]): string {
  const id = createHash('sha256').update(JSON.stringify(like)).digest('hex').slice(0, 16)
  return path.join(stateDirectory, 'asked', id)
}
