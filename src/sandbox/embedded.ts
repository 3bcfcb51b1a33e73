/** A throw-away host in namespaces of this machine, reached over real ssh on a loopback port. */
import { setTimeout as sleep } from 'node:timers/promises'
import { VpaiError } from '../base/error.ts'
import { failedStart, type HostRequest, INNER_PORT, startHost } from './embedded-host.ts'
import { greets } from './greeting.ts'
import { end, identify, isAlive, type ProcessIdentity } from './process-identity.ts'
import { startRelay, takeLoopbackPort } from './relay.ts'
import type { SandboxInfo, UpOptions } from './sandbox-info.ts'
import { writeKeys } from './sandbox-keys.ts'
import { removeState, type SandboxState, writeState } from './sandbox-state.ts'
import { findProgram, findTier, type TierFinding } from './tier.ts'

/** Milliseconds a host may take from its first process to its ssh greeting. */
const GREETING_LIMIT = 15_000

/** The state folder exists and is empty of an earlier host. On failure nothing is left. */
export async function upEmbedded(options: UpOptions): Promise<SandboxInfo> {
  const finding = await findTier(options.tier)
  const sshEnd = finding.tier !== 'single-uid' && findProgram('sshd') !== null ? 'sshd' : 'ssh2'
  const { server, port } = await takeLoopbackPort()
  const keys = writeKeys(options.dir, options.name, port)
  const started: ProcessIdentity[] = []
  const record = (phase: SandboxState['phase'], pid: number): SandboxInfo => {
    const identity = identify(pid)
    if (identity !== null && !started.some(other => other.pid === pid)) started.push(identity)
    const info: SandboxInfo = {
      name: options.name,
      backend: 'embedded',
      tier: finding.tier,
      host: '127.0.0.1',
      port,
      user: 'root',
      privateKeyPath: keys.privateKeyPath,
      knownHostsPath: keys.knownHostsPath,
      hostKey: keys.hostKey,
      pids: started.map(process => process.pid),
      sshEnd,
      notes: notesOf(finding, sshEnd),
    }
    writeState(options.dir, { version: 1, phase, info, processes: started })
    return info
  }
  try {
    const request: HostRequest = { options, finding, keys, sshEnd }
    const host = await startHost(request, pid => record('starting', pid))
    for (const pid of [host.init, host.ssh]) record('starting', pid)
    const userNamespace = finding.tier !== 'root'
    const relay = await startRelay(server, { pid: host.ssh, port: INNER_PORT, userNamespace })
    record('starting', relay)
    await waitForGreeting(port, started, options.dir)
    return record('up', relay)
  } catch (error) {
    server.close()
    await end(started)
    removeState(options.dir)
    throw error
  }
}

/** Ends every process of the host that is still ours; its mounts and files go with the last of them. */
export async function downEmbedded(state: SandboxState): Promise<void> {
  await end(state.processes)
}

/** null when all is well, otherwise what is wrong. */
export function embeddedTrouble(state: SandboxState): string | null {
  if (state.phase === 'starting') return 'its start was interrupted'
  const dead = state.processes.filter(process => !isAlive(process)).map(process => process.pid)
  return dead.length === 0 ? null : `its process ${dead.join(', ')} has ended`
}

/** sshd listens a few milliseconds after it was started; until then the relay drops the connection. */
async function waitForGreeting(
  port: number,
  processes: readonly ProcessIdentity[],
  dir: string,
): Promise<void> {
  const limit = Date.now() + GREETING_LIMIT
  while (Date.now() < limit) {
    if (await greets(port)) return
    if (!processes.every(isAlive)) throw failedStart(dir)
    await sleep(20)
  }
  throw new VpaiError(
    'SANDBOX_START_FAILED',
    `The sandbox started, but its ssh did not answer on 127.0.0.1:${port}.`,
  )
}

function notesOf(finding: TierFinding, sshEnd: 'sshd' | 'ssh2'): string[] {
  const notes = [
    'It has no network but its own loopback, no systemd, and the clock and kernel of this machine.',
  ]
  if (finding.tier === 'root')
    notes.push('It is a copy-on-write clone of this machine; what it writes lives in memory.')
  else
    notes.push(
      'Programs come read-only from /usr of this machine; nothing can be installed with its package manager.',
    )
  if (finding.tier === 'root' && !finding.nested) {
    notes.push('User namespaces are off on this machine, so mount and hostname are refused in the sandbox.')
  }
  if (finding.tier === 'single-uid')
    notes.push('Only root has an id in it: files cannot be given to other users.')
  if (sshEnd === 'ssh2') notes.push('Its ssh server is built into vpai and offers no sftp.')
  return notes
}
