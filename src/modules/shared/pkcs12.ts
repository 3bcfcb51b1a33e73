/** PKCS#12 files on the host: what is in them, without the private key leaving the host, and how they are made. */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import { bytesOf } from './content-text.ts'
import { pem, pemBodies } from './der.ts'
import { digest } from './digest.ts'
import { type PrivateKeySource, privateKeyWords } from './private-key.ts'

export type Pkcs12Seen =
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string }
  | {
      readonly state: 'present'
      /** In DER, in the order of the file. */
      readonly certificates: readonly Uint8Array[]
      /** SubjectPublicKeyInfo of the private key; null without one. */
      readonly publicKey: Uint8Array | null
      readonly friendlyName: string | null
    }

export function pkcs12Key(path: string, passphrase: string | undefined) {
  const file = quote(path)
  return {
    kind: 'read',
    name: `pkcs12 ${path} ${digest('sha256', passphrase ?? '')}`,
    env: { VPAI_PASS: passphrase ?? '' },
    script: `p=$VPAI_PASS; unset VPAI_PASS
[ -e ${file} ] || { echo absent; exit 0; }
openssl pkcs12 -in ${file} -nokeys -passin fd:3 3<<VPAI_PASS || exit 1
$p
VPAI_PASS
openssl pkcs12 -in ${file} -nocerts -nodes -passin fd:3 3<<VPAI_PASS 2>/dev/null | openssl pkey -pubout 2>/dev/null
$p
VPAI_PASS
true`,
  } as const satisfies Key
}

export function readPkcs12({ code, stdout, stderr }: ReadSeen): Pkcs12Seen {
  if (stdout.startsWith('absent')) return { state: 'absent' }
  if (code !== 0) return { state: 'unreadable', reason: stderr.trim().split('\n')[0] ?? '' }
  return {
    state: 'present',
    certificates: pemBodies(stdout, /CERTIFICATE$/),
    publicKey: pemBodies(stdout, /^PUBLIC KEY$/)[0] ?? null,
    friendlyName: /^\s*friendlyName: (.*)$/m.exec(stdout)?.[1] ?? null,
  }
}

export interface Pkcs12Wish {
  /** The certificate of the key comes first. */
  readonly certificates: readonly Uint8Array[]
  readonly key: PrivateKeySource | null
  readonly friendlyName: string | undefined
  readonly passphrase: string | undefined
  readonly iterations: number | undefined
  readonly isCompatible: boolean
}

export function exportPkcs12(wish: Pkcs12Wish) {
  const key = wish.key === null ? null : privateKeyWords(wish.key)
  const [first, ...more] = wish.certificates.map(body => pem('CERTIFICATE', body))
  const words = [
    'openssl pkcs12 -export -passout file:"$VPAI_FILES/out" -in "$VPAI_FILES/first"',
    key === null ? '-nokeys' : `-inkey ${key.words}`,
    ...(more.length === 0 ? [] : ['-certfile "$VPAI_FILES/more"']),
    ...(wish.friendlyName === undefined ? [] : [`-name ${quote(wish.friendlyName)}`]),
    ...(wish.iterations === undefined ? [] : [`-iter ${wish.iterations}`]),
    ...(wish.isCompatible ? ['-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1'] : []),
  ]
  return {
    script: words.join(' '),
    files: {
      ...key?.files,
      out: bytesOf(`${wish.passphrase ?? ''}\n`),
      first: bytesOf(first ?? ''),
      more: bytesOf(more.join('')),
    },
  }
}

/** Prints `same` when the PEM file at `path` holds what the PKCS#12 file holds. */
export function parsedKey(src: string, path: string, passphrase: string | undefined) {
  return {
    kind: 'read',
    name: `pkcs12 ${src} in ${path} ${digest('sha256', passphrase ?? '')}`,
    env: { VPAI_PASS: passphrase ?? '' },
    script: `p=$VPAI_PASS; unset VPAI_PASS
part() { openssl pkcs12 -in ${quote(src)} -nodes -passin fd:3 "$@" 3<<VPAI_PASS
$p
VPAI_PASS
}
part -noout || exit 1
a=$(${PARTS}) b=$(cat -- ${quote(path)} 2>/dev/null)
[ "$a" = "$b" ] && echo same; true`,
  } as const satisfies Key
}

export function parsePkcs12(src: string, passphrase: string | undefined) {
  return {
    script: `part() { openssl pkcs12 -in ${quote(src)} -nodes -passin file:"$VPAI_FILES/pass" "$@"; }
part -noout || exit 1
${PARTS}`,
    files: { pass: bytesOf(`${passphrase ?? ''}\n`) },
  }
}

/** The key in the form of its kind, its certificate, the others; without what openssl writes between them. */
const PARTS = `{ part -nocerts | openssl pkey -traditional; part -nokeys -clcerts; part -nokeys -cacerts; } 2>/dev/null | sed -n '/^-----BEGIN/,/^-----END/p'`
