import { createHash, createHmac } from 'node:crypto'

/** One line of a known_hosts file (sshd(8)). */
export interface KnownHost {
  /** 1-based, in its file. */
  readonly line: number
  readonly file: string
  readonly marker: '@revoked' | '@cert-authority' | null
  /** `name,[name]:port,*.glob,!negated` or `|1|salt|hash`. */
  readonly hosts: string
  readonly type: string
  /** The public key as it goes over the wire. */
  readonly key: Buffer
}

export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** The host is known under other keys only. */
  | { readonly kind: 'changed'; readonly known: KnownHost }
  | { readonly kind: 'revoked'; readonly known: KnownHost }

/** The name a host is looked up by: `[name]:port` unless the port is 22. A plain name does not stand for other ports. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
}

export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((raw, index) => {
    const fields = raw.trim().split(/\s+/)
    const marker = fields[0] === '@revoked' || fields[0] === '@cert-authority' ? fields[0] : null
    const [hosts, type, base64] = marker === null ? fields : fields.slice(1)
    if (hosts === undefined || type === undefined || base64 === undefined) return []
    if (hosts.startsWith('#') || hosts.startsWith('@')) return []
    const key = Buffer.from(base64, 'base64')
    // The key says its own type; a line that contradicts itself proves nothing.
    return keyType(key) === type ? [{ line: index + 1, file, marker, hosts, type, key }] : []
  })
}

/** A revoked key is revoked whatever else is known. Certificate authorities are not understood: as if not there. */
export function checkHostKey(entries: readonly KnownHost[], name: string, key: Buffer): HostKeyVerdict {
  const matching = entries.filter(entry => matchesHost(entry.hosts, name))
  const revoked = matching.find(entry => entry.marker === '@revoked' && entry.key.equals(key))
  if (revoked !== undefined) return { kind: 'revoked', known: revoked }
  const plain = matching.filter(entry => entry.marker === null)
  if (plain.some(entry => entry.key.equals(key))) return { kind: 'known' }
  const known = plain.find(entry => entry.type === keyType(key)) ?? plain[0]
  return known === undefined ? { kind: 'unknown' } : { kind: 'changed', known }
}

/** The types of key known for a host. Only these may be offered to it, or it might show one we cannot compare. */
export function knownKeyTypes(entries: readonly KnownHost[], name: string): string[] {
  const plain = entries.filter(entry => entry.marker === null && matchesHost(entry.hosts, name))
  return [...new Set(plain.map(entry => entry.type))]
}

/** Does the first field of a line speak of this name? */
export function matchesHost(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = hosts.split('|')
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
  }
  const patterns = hosts.split(',')
  if (patterns.some(pattern => pattern.startsWith('!') && matchesGlob(pattern.slice(1), name))) return false
  return patterns.some(pattern => !pattern.startsWith('!') && matchesGlob(pattern, name))
}

/** A line to append for a key that is trusted from now on, without its line break. */
export function knownHostLine(name: string, key: Buffer): string {
  return `${name} ${keyType(key)} ${key.toString('base64')}`
}

/** As ssh-keygen -l shows it: `SHA256:...` without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The type that the key itself names; '' if it names none. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return ''
  const length = key.readUInt32BE(0)
  return length > 64 || key.length < 4 + length ? '' : key.toString('latin1', 4, 4 + length)
}

function matchesGlob(pattern: string, name: string): boolean {
  const regex = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${regex}$`, 'i').test(name)
}
