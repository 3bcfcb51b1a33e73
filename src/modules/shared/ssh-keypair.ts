/** A pair of OpenSSH key files on the host: what is there, and the programs that make and mend it. */
import { quote } from '../../base/quote.ts'
import type { ContentSeen, Key, ReadSeen } from '../../probes/contract.ts'
import type { FileAttributes, RunAction } from '../contract.ts'
import { modeText } from './mode.ts'
import { directoryOf } from './paths.ts'
import { type PublicKey, parseKeyLine, printKey } from './ssh-public-key.ts'

export interface KeypairWish {
  readonly path: string
  readonly type: string
  /** Bits; undefined where the type has one size. */
  readonly size?: number | undefined
  readonly comment?: string | undefined
  readonly passphrase?: string | undefined
  readonly private_key_format: 'auto' | 'pkcs1' | 'pkcs8' | 'ssh'
}

export type PrivateSeen =
  | { readonly state: 'absent' }
  | { readonly state: 'no ssh-keygen' }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'encrypted' }
  | { readonly state: 'open'; readonly key: PublicKey }

/** The empty passphrase is tried, so nothing secret stands in the command line. */
export function privateHalfKey(path: string) {
  const file = quote(path)
  return {
    kind: 'read',
    name: `ssh key ${path}`,
    script: `command -v ssh-keygen >/dev/null || { echo 'no ssh-keygen'; exit 0; }
[ -e ${file} ] || { echo absent; exit 0; }
ssh-keygen -y -P '' -f ${file}`,
  } as const satisfies Key
}

export function publicHalfKey(path: string) {
  return { kind: 'content', path: `${path}.pub` } as const satisfies Key
}

export function readPrivateHalf({ code, stdout, stderr }: ReadSeen): PrivateSeen {
  const line = stdout.trim()
  if (line === 'no ssh-keygen' || line === 'absent') return { state: line }
  const key = code === 0 ? parseKeyLine(line) : null
  if (key !== null) return { state: 'open', key }
  if (/incorrect passphrase|bad passphrase/i.test(stderr)) return { state: 'encrypted' }
  return { state: 'unreadable', reason: stderr.trim().split('\n').at(-1) ?? '' }
}

export function readPublicHalf(seen: ContentSeen): PublicKey | null {
  return seen.state === 'present' ? parseKeyLine(new TextDecoder().decode(seen.bytes).trim()) : null
}

export function createKeypair(wish: KeypairWish, attributes: FileAttributes): RunAction {
  const { path, type, size, comment, private_key_format: format } = wish
  const words = [
    `-q -t ${quote(type)}`,
    ...(size === undefined ? [] : [`-b ${size}`]),
    ...(comment === undefined ? [] : [`-C ${quote(comment)}`]),
    ...(format === 'auto' ? [] : [`-m ${{ pkcs1: 'PEM', pkcs8: 'PKCS8', ssh: 'RFC4716' }[format]}`]),
    '-f "$d/key"',
  ]
  return withPassphrase(wish, {
    do: 'run',
    failure: `making the ssh key ${path} failed`,
    script: `d=$(umask 077; mktemp -d ${quote(directoryOf(path))}/.vpai-XXXXXXXXXX) || exit 96
trap 'rm -rf -- "$d"' 0
${keygen(wish)} ${words.join(' ')}${hasPassphrase(wish) ? '' : " -N ''"} </dev/null || exit 1
chmod 0644 "$d/key.pub" && ${attribute(attributes)} || exit 97
mv -f -- "$d/key.pub" ${quote(`${path}.pub`)} && mv -f -- "$d/key" ${quote(path)} || exit 96`,
  })
}

/** The public file anew from the private one. */
export function writePublicHalf(wish: KeypairWish, comment: string, attributes: FileAttributes): RunAction {
  const { path } = wish
  return withPassphrase(wish, {
    do: 'run',
    failure: `making ${path}.pub failed`,
    script: `d=$(umask 077; mktemp -d ${quote(directoryOf(path))}/.vpai-XXXXXXXXXX) || exit 96
trap 'rm -rf -- "$d"' 0
k=$(${keygen(wish)} -y -f ${quote(path)}${hasPassphrase(wish) ? '' : " -P ''"} </dev/null) || exit 1
set -f; set -- $k; printf '%s %s%s\\n' "$1" "$2" ${quote(comment === '' ? '' : ` ${comment}`)} >"$d/key.pub" || exit 96
chmod 0644 "$d/key.pub" && ${attribute({ ...attributes, mode: undefined }, '"$d/key.pub"')} || exit 97
mv -f -- "$d/key.pub" ${quote(`${path}.pub`)} || exit 96`,
  })
}

/** ssh-keygen -c changes both files; an old form of private key has no room for a comment, then the .pub alone. */
export function writeComment(wish: KeypairWish, key: PublicKey): RunAction {
  const comment = wish.comment ?? ''
  const file = quote(wish.path)
  return withPassphrase(wish, {
    do: 'run',
    failure: `the comment of ${wish.path} could not be written`,
    script: `${keygen(wish)} -q -c -C ${quote(comment)} -f ${file}${hasPassphrase(wish) ? '' : " -P ''"} </dev/null >/dev/null 2>&1 ||
printf '%s\\n' ${quote(printKey({ ...key, comment }))} >${quote(`${wish.path}.pub`)}`,
  })
}

function hasPassphrase({ passphrase }: KeypairWish): boolean {
  return (passphrase ?? '') !== ''
}

function keygen(wish: KeypairWish): string {
  if (!hasPassphrase(wish)) return 'ssh-keygen'
  return 'SSH_ASKPASS="$VPAI_FILES/ask" SSH_ASKPASS_REQUIRE=force DISPLAY=none setsid ssh-keygen'
}

/** ssh-keygen asks a program, which gets the passphrase from its environment. */
function withPassphrase(wish: KeypairWish, action: RunAction): RunAction {
  if (!hasPassphrase(wish)) return action
  return {
    ...action,
    script: `chmod 0700 "$VPAI_FILES/ask" || exit 97\n${action.script ?? ''}`,
    env: { VPAI_PASSPHRASE: wish.passphrase ?? '' },
    files: { ask: new TextEncoder().encode(`#!/bin/sh\nprintf '%s\\n' "$VPAI_PASSPHRASE"\n`) },
  }
}

function attribute(
  {
    mode,
    owner,
    group,
  }: {
    readonly mode?: number | undefined
    readonly owner?: string | number
    readonly group?: string | number
  },
  files = '"$d/key" "$d/key.pub"',
): string {
  const who = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`
  const commands = [
    ...(mode === undefined ? [] : [`chmod ${modeText(mode)} "$d/key"`]),
    ...(who === '' ? [] : [`chown ${quote(who)} ${files}`]),
  ]
  return commands.length === 0 ? 'true' : commands.join(' && ')
}
