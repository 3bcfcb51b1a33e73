import type { SshTarget } from '../../src/connections/ssh-target.ts'
import type { Sshd } from './sshd.ts'

/** Logs in to a test server with its ed25519 key; anything can be overridden. */
export function targetOf(sshd: Sshd, changes: Partial<SshTarget> = {}): SshTarget {
  return {
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    identityFiles: [sshd.privateKeyPath],
    agent: null,
    hostKeys: { pinned: [], knownHostsFiles: [sshd.knownHostsPath], policy: 'strict' },
    connectTimeoutMs: 10_000,
    ...changes,
  }
}
