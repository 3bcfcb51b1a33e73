/**
 * A private key on the host, or given as text: how it is looked at without leaving the host, and how programs get it.
 * The passphrase reaches openssl through a pipe when looking, and in a private file when acting.
 */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import { pemBodies } from './der.ts'
import { digest } from './digest.ts'
import { type PublicKeyFacts, publicKeyFacts } from './public-key-facts.ts'

export interface PrivateKeySource {
  readonly path?: string | undefined
  readonly content?: string | undefined
  readonly passphrase?: string | undefined
}

export type PrivateKeySeen =
  | { readonly state: 'absent' }
  /** Not readable, no key, or another passphrase. */
  | { readonly state: 'unknown'; readonly reason: string; readonly encrypted: boolean }
  | {
      readonly state: 'present'
      readonly encrypted: boolean
      readonly format: 'pkcs1' | 'pkcs8' | 'other'
      readonly facts: PublicKeyFacts
    }

/** The name holds digests of what is secret, so that another passphrase is another question. */
export function privateKeyKey(source: PrivateKeySource) {
  const { path, content, passphrase } = source
  const hidden = digest('sha256', JSON.stringify([content ?? '', passphrase ?? '']))
  return {
    kind: 'read',
    name: `private key ${path ?? ''} ${hidden}`,
    script: lookScript(path),
    env: { VPAI_KEY: content ?? '', VPAI_PASS: passphrase ?? '' },
  } as const satisfies Key
}

/** The words and files with which openssl reads the key inside a run action: `-in` or `-key` comes before. */
export function privateKeyWords({ path, content, passphrase }: PrivateKeySource) {
  const file = path === undefined ? '"$VPAI_FILES/key"' : quote(path)
  return {
    words: `${file} -passin file:"$VPAI_FILES/pass"`,
    files: {
      pass: bytes(`${passphrase ?? ''}\n`),
      ...(path === undefined ? { key: bytes(content ?? '') } : {}),
    },
  }
}

export function readPrivateKey({ code, stdout, stderr }: ReadSeen): PrivateKeySeen {
  if (stdout.startsWith('absent')) return { state: 'absent' }
  const head = /^.*PRIVATE KEY-----/m.exec(stdout)?.[0] ?? ''
  const encrypted = /^(-----BEGIN ENCRYPTED|Proc-Type)/m.test(stdout)
  if (/^no openssl$/m.test(stdout))
    return { state: 'unknown', encrypted, reason: 'openssl is not there: install the package openssl' }
  const [der] = pemBodies(stdout, /^PUBLIC KEY$/)
  const facts = der === undefined ? null : publicKeyFacts(der)
  if (code !== 0 || facts === null) {
    const reason = encrypted
      ? 'it is encrypted with another passphrase, or none was given'
      : firstLine(stderr)
    return { state: 'unknown', reason: reason || 'it holds no private key', encrypted }
  }
  const format = /BEGIN (ENCRYPTED )?PRIVATE KEY/.test(head)
    ? 'pkcs8'
    : /BEGIN (RSA|EC|DSA) PRIVATE KEY/.test(head)
      ? 'pkcs1'
      : 'other'
  return { state: 'present', encrypted, format, facts }
}

/** A sentence about a key that somebody wants to sign with; null when it is fine. */
export function privateKeyProblem(seen: PrivateKeySeen, { path }: PrivateKeySource): string | null {
  const name = path === undefined ? 'the private key' : `the private key ${path}`
  if (seen.state === 'absent') return `${name} is not there`
  return seen.state === 'unknown' ? `${name} cannot be read: ${seen.reason}` : null
}

/** Here-documents keep key and passphrase out of argument lists; openssl takes each from a descriptor of its own. */
function lookScript(path: string | undefined): string {
  const mark = "-e '-----BEGIN|^Proc-Type: 4,ENCRYPTED'"
  const openssl = 'openssl pkey -pubout -passin fd:3'
  const read =
    path === undefined
      ? `printf '%s\\n' "$k" | grep -E ${mark}
${openssl} 3<<VPAI_PASS <<VPAI_KEY
$p
VPAI_PASS
$k
VPAI_KEY`
      : `[ -e ${quote(path)} ] || { echo absent; exit 0; }
grep -E ${mark} ${quote(path)}
${openssl} -in ${quote(path)} 3<<VPAI_PASS
$p
VPAI_PASS`
  return `k=$VPAI_KEY p=$VPAI_PASS; unset VPAI_KEY VPAI_PASS
command -v openssl >/dev/null || { echo 'no openssl'; exit 1; }
${read}`
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}
