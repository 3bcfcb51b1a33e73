/**
 * A digest of a content with a secret lets anybody try guesses of the secret. Such digests are made known as
 * secrets, so that no report shows them: whole, and as changes shorten them.
 */
import { createHash } from 'node:crypto'
import { DigestSecret } from '../base/digest-secret.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import type { Action, Change, LocalFile } from '../modules/contract.ts'
import type { Key, Seen } from '../probes/contract.ts'

/** What results and changes may hold. */
const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const

/** In more than this, there is more to guess than a secret. */
const MAX_BYTES = 1024 * 1024

/** Contents that were looked at: a module may ask for the same file in every round. */
const KNOWN = new WeakSet<Uint8Array>()

/** Does the content hold a secret? Its digests are hidden from then on. */
export function hideDigests(secrets: SecretRegistry, content: Uint8Array): boolean {
  if (content.length > MAX_BYTES || !secrets.taints(Buffer.from(content).toString('utf8'))) return false
  for (const algorithm of ALGORITHMS) {
    const sum = createHash(algorithm).update(content).digest('hex')
    secrets.add(new DigestSecret(sum))
    secrets.add(new DigestSecret(`${algorithm}:${sum.slice(0, 12)}`))
  }
  return true
}

/** For a file of the project that a module compares with what is there, whether it then writes it or not. */
export function hideDigestsOfFile(secrets: SecretRegistry, file: LocalFile): LocalFile {
  if (file.kind === 'file') hideOnce(secrets, file.content)
  return file
}

/** For files of the host whose content was looked at. */
export function hideDigestsOfSeen(secrets: SecretRegistry, keys: readonly Key[], seen: Seen): void {
  for (const key of keys) {
    if (key.kind !== 'content') continue
    const content = seen.get(key)
    if (content.state === 'present') hideOnce(secrets, content.bytes)
  }
}

function hideOnce(secrets: SecretRegistry, content: Uint8Array): void {
  if (KNOWN.has(content)) return
  KNOWN.add(content)
  hideDigests(secrets, content)
}

/** For what is about to be written. The file it replaces most likely held a secret, too. */
export function hideDigestsOfChange(
  secrets: SecretRegistry,
  changes: readonly Change[],
  actions: readonly Action[],
): void {
  const isSecret = actions.map(action => action.do === 'put' && hideDigests(secrets, action.content))
  if (!isSecret.includes(true)) return
  for (const { from } of changes)
    if (typeof from === 'string' && SHORTENED.test(from)) secrets.add(new DigestSecret(from))
}

const SHORTENED = /^(md5|sha\d+):[0-9a-f]{12}$/

/** `content` as it is written into a task. */
export function hideGiven(secrets: SecretRegistry, args: unknown): void {
  const content = typeof args === 'object' && args !== null && 'content' in args ? args.content : null
  if (typeof content === 'string') hideDigests(secrets, Buffer.from(content))
}
