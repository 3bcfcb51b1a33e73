/**
 * openssh_keypair: a private key of OpenSSH and its .pub file, made by ssh-keygen on the host.
 *
 * Args     path, type, size, comment, passphrase, private_key_format (auto, ssh, pkcs1, pkcs8), regenerate, force, state,
 *          mode (0600 without one, for the private key), owner, group (for both).
 * Changes  the pair; the .pub file alone when it belongs to another key; the comment.
 * Errors   no ssh-keygen; a key that `regenerate` forbids to replace. Of a key that is there it is seen whether it has a
 *          passphrase, not which. rsa1 is refused.
 */
import type { z } from 'zod'
import type { Key, Seen } from '../probes/contract.ts'
import type { Action, Change, FileAttributes, Result, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, path, text } from './shared/arguments.ts'
import {
  ATTRIBUTE_ALIASES,
  attributeChanges,
  attributeResult,
  attributeShape,
  isPresent,
  ownerKeys,
  wantedAttributes,
} from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { withHome } from './shared/home.ts'
import { withoutEffect } from './shared/honoured.ts'
import { isOneLine, ONE_LINE } from './shared/one-line.ts'
import { opensshFacts } from './shared/openssh-line.ts'
import { directoryOf } from './shared/paths.ts'
import { fail } from './shared/results.ts'
import {
  createKeypair,
  type PrivateSeen,
  privateHalfKey,
  publicHalfKey,
  readPrivateHalf,
  readPublicHalf,
  writeComment,
  writePublicHalf,
} from './shared/ssh-keypair.ts'
import type { PublicKey } from './shared/ssh-public-key.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      state: choice(['present', 'absent']).default('present'),
      type: choice(['rsa', 'dsa', 'ecdsa', 'ed25519']).default('rsa'),
      size: int().optional(),
      comment: text().optional(),
      passphrase: text().optional(),
      private_key_format: choice(['auto', 'pkcs1', 'pkcs8', 'ssh']).default('auto'),
      backend: withoutEffect(
        choice(['auto', 'cryptography', 'opensshbin']).default('auto'),
        'the ssh-keygen of the host is used',
      ),
      regenerate: choice(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always']).default(
        'partial_idempotence',
      ),
      force: bool().default(false),
      ...attributeShape(),
      unsafe_writes: withoutEffect(bool().default(false), 'ssh-keygen writes the files itself'),
    },
    ATTRIBUTE_ALIASES,
  ).refine(args => isOneLine(args.passphrase), { message: ONE_LINE, path: ['passphrase'] })
type Args = z.output<ReturnType<typeof schema>>

const SIZES = { rsa: 4096, dsa: 1024, ecdsa: 256, ed25519: undefined } as const

export const opensshKeypair = withHome<Args>(
  () => ['path'],
  defineFileModule<Args>({
    name: 'openssh_keypair',
    summary: 'A private key of OpenSSH and its public file',
    args: schema,
    written: filesOf,
    settles: 'force and regenerate: always make a new pair every time',
    keys: args => [
      ...filesOf(args).map(pathKey),
      { kind: 'path', path: directoryOf(args.path), follow: true },
      privateHalfKey(args.path),
      publicHalfKey(args.path),
      ...ownerKeys(args),
    ],
    decide(args, seen): Verdict {
      if (args.state === 'absent') return absent(args, seen)
      const half = readPrivateHalf(seen.get(privateHalfKey(args.path)))
      if (half.state === 'no ssh-keygen')
        return fail('ssh-keygen is not there: install the package openssh-client')
      const folder = directoryOf(args.path)
      if (seen.get({ kind: 'path', path: folder, follow: true }).type !== 'directory')
        return fail(`The directory ${folder} does not exist or the file is not a directory`)
      const pub = readPublicHalf(seen.get(publicHalfKey(args.path)))
      const reason = difference(args, half, pub)
      if (typeof reason === 'object' && reason !== null) return fail(reason.problem)
      return present(args, { seen, half, pub, reason })
    },
  }),
)

interface Found {
  readonly seen: Seen
  readonly half: PrivateSeen
  readonly pub: PublicKey | null
  /** Why a new pair is made; null when the key stays. */
  readonly reason: string | null
}

function present(args: Args, { seen, half, pub, reason }: Found): Verdict {
  const current = seen.get(pathKey(args.path))
  const wanted = wantedAttributes({ ...args, mode: args.mode ?? 0o600 }, seen, { current })
  if (wanted.problem !== null) return fail(wanted.problem)
  const { problem: _none, ...attributes } = wanted
  const { mode: _own, ...owners } = attributes
  const wish = { ...args, size: args.size ?? SIZES[args.type] }
  const changes: Change[] = []
  const apply: Action[] = []
  const add = (change: Change, action: Action) => {
    changes.push(change)
    apply.push(action)
  }
  const key = pub ?? (half.state === 'open' ? half.key : null)
  if (reason !== null) {
    add(
      { what: 'ssh key', subject: args.path, from: reason === 'absent' ? null : reason, to: args.type },
      createKeypair(wish, attributes),
    )
  } else if (pub === null || (half.state === 'open' && pub.blob !== half.key.blob)) {
    const comment = args.comment ?? pub?.comment ?? key?.comment ?? ''
    add(
      {
        what: 'public key',
        subject: `${args.path}.pub`,
        from: pub === null ? null : 'another',
        to: args.type,
      },
      writePublicHalf(wish, comment, owners),
    )
  } else if (args.comment !== undefined && args.comment !== pub.comment) {
    add({ what: 'comment', subject: args.path, from: pub.comment, to: args.comment }, writeComment(wish, pub))
  }
  if (reason === null) addAttributes(args, seen, attributes, { changes, apply })
  const known = {
    ...(isPresent(current) ? attributeResult(current) : {}),
    ...resultOf(args, reason === null ? key : null),
  }
  if (changes.length === 0) return { kind: 'ok', result: known }
  return {
    kind: 'change',
    changes,
    result: known,
    touches: touched(args),
    apply: function* () {
      for (const action of apply) yield action
      const { bytes } = yield { do: 'read', path: `${args.path}.pub` }
      return resultOf(args, readPublicHalf({ state: 'present', bytes }))
    },
  }
}

function addAttributes(
  args: Args,
  seen: Seen,
  attributes: FileAttributes,
  { changes, apply }: { readonly changes: Change[]; readonly apply: Action[] },
): void {
  const { mode: _own, ...owners } = attributes
  for (const path of filesOf(args)) {
    const wanted = path === args.path ? attributes : owners
    const edits = attributeChanges(path, seen.get(pathKey(path)), wanted)
    if (edits.length === 0) continue
    changes.push(...edits)
    apply.push({ do: 'attributes', path, ...wanted })
  }
}

function difference(
  args: Args,
  half: PrivateSeen,
  pub: PublicKey | null,
): string | null | { readonly problem: string } {
  if (half.state === 'absent') return 'absent'
  if (args.force || args.regenerate === 'always') return 'present'
  if (args.regenerate === 'never') return null
  const hint =
    'To force regeneration, call the module with regenerate: full_idempotence or always, or force: true'
  const isEncrypted = half.state === 'encrypted'
  if (half.state === 'unreadable' && /bad permissions|UNPROTECTED/.test(half.reason)) return null
  if (half.state === 'unreadable' || isEncrypted !== ((args.passphrase ?? '') !== '')) {
    if (args.regenerate !== 'full_idempotence')
      return {
        problem: `Unable to read the key. The key is protected with a passphrase or broken. Will not proceed. ${hint}`,
      }
    return isEncrypted ? 'with a passphrase' : 'unreadable or without a passphrase'
  }
  const facts = opensshFacts((half.state === 'open' ? half.key : pub)?.blob ?? '')
  // An encrypted key without its public file tells nothing: the file is written first.
  if (
    facts === null ||
    (facts.type === args.type && facts.size === (args.size ?? SIZES[args.type] ?? facts.size))
  )
    return null
  if (args.regenerate === 'fail')
    return { problem: `Key has wrong type and/or size. Will not proceed. ${hint}` }
  return `${facts.type} ${facts.size}`
}

function absent(args: Args, seen: Seen): Verdict {
  const there = filesOf(args).filter(path => seen.get(pathKey(path)).type !== 'absent')
  const result = { filename: args.path }
  if (there.length === 0) return { kind: 'ok', result }
  return {
    kind: 'change',
    changes: there.map(path => ({ what: 'ssh key', subject: path, from: 'present', to: null })),
    apply: there.map(path => ({ do: 'remove', path })),
    touches: touched(args),
    result,
  }
}

function resultOf(args: Args, key: PublicKey | null): Result {
  const facts = key === null ? null : opensshFacts(key.blob)
  const base = { filename: args.path, type: facts?.type ?? args.type }
  if (key === null || facts === null) return base
  return {
    ...base,
    size: facts.size,
    fingerprint: facts.fingerprint,
    public_key: `${key.type} ${key.blob}`,
    comment: args.comment ?? key.comment,
  }
}

function filesOf({ path }: Args): readonly string[] {
  return [path, `${path}.pub`]
}

function touched(args: Args): readonly Key[] {
  const content = filesOf(args).map(path => ({ kind: 'content', path }) as const)
  return [...filesOf(args).map(pathKey), ...content, privateHalfKey(args.path)]
}

const pathKey = (path: string) => ({ kind: 'path', path }) as const
