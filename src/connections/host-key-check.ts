import type { ServerHostKeyAlgorithm } from 'ssh2'
import { VpaiError } from '../base/error.ts'
import {
  checkHostKey,
  fingerprint,
  type KnownHost,
  keyType,
  knownHostLine,
  knownHostName,
  knownKeyTypes,
} from './known-hosts.ts'
import { appendKnownHost, readKnownHosts } from './known-hosts-file.ts'
import type { SshTarget } from './ssh-target.ts'

export interface HostKeyCheck {
  /** What to offer in the handshake: the types known for this host, else all. */
  readonly algorithms: ServerHostKeyAlgorithm[]
  /** Returns when the key is accepted (and remembered, under accept-new), else throws SSH_HOST_KEY_*. */
  verify(key: Buffer): Promise<void>
}

/** Reads the known_hosts files of a target once, before it is dialled. */
export async function prepareHostKeyCheck(target: SshTarget): Promise<HostKeyCheck> {
  const entries = await readKnownHosts(target.hostKeys.knownHostsFiles)
  const name = knownHostName(target.hostKeys.alias ?? target.host, target.port)
  const { pinned } = target.hostKeys
  const types =
    pinned.length > 0
      ? pinned.flatMap(pin => (pin.startsWith('SHA256:') ? [] : [pin.split(' ')[0] ?? '']))
      : knownKeyTypes(entries, name)
  const isFree = pinned.some(pin => pin.startsWith('SHA256:'))
  return {
    algorithms: isFree ? ALL_ALGORITHMS : algorithmsFor(types),
    verify: key => verify({ target, entries, name, key }),
  }
}

/** Best first; ssh-rsa with SHA-1 is not among them. */
export const ALL_ALGORITHMS: ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

function algorithmsFor(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const offered = ALL_ALGORITHMS.filter(algorithm =>
    types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm),
  )
  return offered.length > 0 ? offered : ALL_ALGORITHMS
}

interface Question {
  readonly target: SshTarget
  readonly entries: readonly KnownHost[]
  readonly name: string
  readonly key: Buffer
}

async function verify(question: Question): Promise<void> {
  const { target, entries, name, key } = question
  const { pinned, policy, knownHostsFiles } = target.hostKeys
  const shown = fingerprint(key)
  const verdict = checkHostKey(entries, name, key)
  if (verdict.kind === 'revoked') {
    const place = `${verdict.known.file}:${verdict.known.line}`
    throw new VpaiError(
      'SSH_HOST_KEY_REVOKED',
      `${target.host} shows a key that ${place} has revoked: ${shown}`,
      {
        hint: 'Somebody may pose as the host. Do not connect before the host has a new key.',
      },
    )
  }
  if (pinned.length > 0) {
    if (pinned.some(pin => isPinned(pin, key))) return
    throw changed(target, { key, was: pinned.join(', '), where: 'the inventory' })
  }
  if (verdict.kind === 'known') return
  if (verdict.kind === 'changed') {
    const { known } = verdict
    throw changed(target, { key, was: fingerprint(known.key), where: `${known.file}:${known.line}` })
  }
  const appendTo = target.hostKeys.appendTo ?? knownHostsFiles[0]
  if (policy === 'accept-new' && appendTo !== undefined) {
    await appendKnownHost(appendTo, knownHostLine(name, key))
    return
  }
  throw new VpaiError(
    'SSH_HOST_KEY_UNKNOWN',
    `${name} is not known yet. Its ${keyType(key)} key is ${shown}`,
    {
      hint: `Compare that with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then: vpai trust ${target.hostKeys.trustAs ?? target.host}`,
    },
  )
}

function isPinned(pin: string, key: Buffer): boolean {
  if (pin.startsWith('SHA256:')) return pin.replace(/=+$/, '') === fingerprint(key)
  const [type, base64 = ''] = pin.trim().split(/\s+/)
  return type === keyType(key) && Buffer.from(base64, 'base64').equals(key)
}

function changed(
  target: SshTarget,
  found: { readonly key: Buffer; readonly was: string; readonly where: string },
): VpaiError {
  const { key, was, where } = found
  return new VpaiError(
    'SSH_HOST_KEY_CHANGED',
    `${target.host} shows another key than the one known: ${fingerprint(key)} (${keyType(key)}) instead of ${was} in ${where}.`,
    {
      hint: `Somebody may be in between. If the host was reinstalled, remove the old key, then: vpai trust ${target.hostKeys.trustAs ?? target.host}`,
    },
  )
}
