/** Keys for one host and one run: a client key, a host key and the known_hosts line that pins it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2 from 'ssh2'

export interface SandboxKeys {
  readonly privateKeyPath: string
  readonly knownHostsPath: string
  /** One authorized_keys line. */
  readonly clientKey: string
  /** `ssh-ed25519 AAAA...`, no comment. */
  readonly hostKey: string
  /** OpenSSH private key text; it goes to the host and nowhere else. */
  readonly hostPrivateKey: string
}

export function writeKeys(dir: string, name: string, port: number): SandboxKeys {
  const client = soundKeyPair(() =>
    ssh2.utils.generateKeyPairSync('ed25519', { comment: `vpai-sandbox-${name}` }),
  )
  const host = soundKeyPair(() => ssh2.utils.generateKeyPairSync('ed25519'))
  const hostKey = host.public.split(' ').slice(0, 2).join(' ').trim()
  const privateKeyPath = join(dir, 'id_ed25519')
  const knownHostsPath = join(dir, 'known_hosts')
  writeFileSync(privateKeyPath, client.private, { mode: 0o600 })
  writeFileSync(`${privateKeyPath}.pub`, `${client.public}\n`)
  writeFileSync(knownHostsPath, `[127.0.0.1]:${port} ${hostKey}\n`)
  return { privateKeyPath, knownHostsPath, clientKey: client.public, hostKey, hostPrivateKey: host.private }
}

/**
 * What `generate` gives, asked again until both halves can be read: ssh2 cuts leading zero bytes off ed25519
 * public keys, so that one pair in 256 is malformed.
 */
export function soundKeyPair<T extends { readonly private: string; readonly public: string }>(
  generate: () => T,
): T {
  for (;;) {
    const pair = generate()
    if ([pair.private, pair.public].every(isSound)) return pair
  }
}

function isSound(text: string): boolean {
  const key = ssh2.utils.parseKey(text)
  return !(key instanceof Error)
}
