/** A mount namespace of its own, so that tests may mount without the machine seeing it. Starts real programs: integration only. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import type { Shell } from './shells.ts'

export interface Namespace {
  readonly shell: Shell
  readonly stop: () => void
}

/** null where namespaces are not allowed. `kinds`: flags of unshare, e.g. --mount --net. */
export async function namespace(kinds: readonly string[]): Promise<Namespace | null> {
  if (spawnSync('unshare', [...kinds, 'true']).status !== 0) return null
  const holder = spawn('unshare', [...kinds, 'sh', '-c', 'echo ready; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await firstWord(holder)
  const command = ['nsenter', '--target', String(holder.pid), ...kinds, '/bin/sh']
  return {
    shell: { name: 'namespace', command, path: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
    stop: () => holder.kill(),
  }
}

function firstWord(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`unshare ended with ${code}`)))
  })
}
