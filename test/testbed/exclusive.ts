/** One of several test processes at a time: a folder that only one can make, dropped when its maker is gone. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isAlive, type ProcessIdentity } from '../../src/sandbox/process-identity.ts'

/** Runs `work` while no other process holds `folder`. Waits up to ten minutes: the first one may be building images. */
export async function exclusively<T>(folder: string, work: () => Promise<T>): Promise<T> {
  for (let waited = 0; !take(folder); waited += 200) {
    if (waited > 600_000) throw new Error(`${folder} has been held for ten minutes`)
    await sleep(200)
  }
  try {
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function take(folder: string): boolean {
  try {
    mkdirSync(folder)
    writeFileSync(join(folder, 'owner'), JSON.stringify(identify(process.pid)))
    return true
  } catch {
    const owner = readOwner(folder)
    if (owner !== null && !isAlive(owner)) rmSync(folder, { recursive: true, force: true })
    return false
  }
}

function readOwner(folder: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner'), 'utf8')) as ProcessIdentity
  } catch {
    // Made this moment by somebody who has not written it yet.
    return null
  }
}
