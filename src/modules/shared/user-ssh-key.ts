/** The ssh key of an account (generate_ssh_key). A passphrase reaches ssh-keygen through SSH_ASKPASS, never as an argument. */
import { quote } from '../../base/quote.ts'
import type { Key } from '../../probes/contract.ts'
import type { Change, RunAction } from '../contract.ts'
import type { UserArgs } from './user-arguments.ts'
import type { UserContext } from './user-differences.ts'

export function sshKeyKeys(args: UserArgs, home: string): Key[] {
  if (!args.generate_ssh_key) return []
  const file = keyFile(args, home)
  return [
    { kind: 'path', path: file },
    { kind: 'content', path: `${file}.pub` },
  ]
}

export interface SshKeyWork {
  readonly changes: readonly Change[]
  readonly actions: readonly RunAction[]
  /** As seen now; null when none is asked for or none is there. */
  readonly publicKey: string | null
  readonly readBack: RunAction | null
}

const NOTHING: SshKeyWork = { changes: [], actions: [], publicKey: null, readBack: null }

export function sshKeyActions(args: UserArgs, { seen, home }: UserContext): SshKeyWork {
  if (!args.generate_ssh_key) return NOTHING
  const file = keyFile(args, home)
  if (seen.get({ kind: 'path', path: file }).type !== 'absent' && !args.force) {
    const pub = seen.get({ kind: 'content', path: `${file}.pub` })
    return {
      ...NOTHING,
      publicKey: pub.state === 'present' ? new TextDecoder().decode(pub.bytes).trim() : null,
    }
  }
  return {
    changes: [{ what: 'ssh key', subject: file, from: null, to: keyType(args) }],
    actions: [generate(args, file)],
    publicKey: null,
    readBack: { do: 'run', argv: ['cat', `${file}.pub`], ok: 'any', readOnly: true },
  }
}

function generate(args: UserArgs, file: string): RunAction {
  const directory = file.replace(/\/[^/]*$/, '')
  const bits = args.ssh_key_bits === undefined ? '' : ` -b ${args.ssh_key_bits}`
  const comment =
    args.ssh_key_comment === undefined ? '"ansible-generated on $(hostname)"' : quote(args.ssh_key_comment)
  const keygen = `ssh-keygen -q -t ${quote(keyType(args))}${bits} -C ${comment} -f ${quote(file)}`
  const secret = args.ssh_key_passphrase
  return {
    do: 'run',
    script: `umask 077; [ -d ${quote(directory)} ] || { mkdir -p ${quote(directory)} && chown ${quote(args.name)}: ${quote(directory)}; } || exit 1
${args.force ? `rm -f ${quote(file)}; ` : ''}${secret === undefined ? `${keygen} -N ''` : `chmod 0700 "$VPAI_FILES/ask"; SSH_ASKPASS="$VPAI_FILES/ask" SSH_ASKPASS_REQUIRE=force DISPLAY=none setsid ${keygen}`} </dev/null || exit 1
chown ${quote(args.name)}: ${quote(file)} ${quote(`${file}.pub`)}; chmod 0644 ${quote(`${file}.pub`)}`,
    failure: 'could not make the ssh key',
    ...(secret === undefined
      ? {}
      : {
          env: { VPAI_PASSPHRASE: secret },
          files: { ask: new TextEncoder().encode(`#!/bin/sh\nprintf '%s\\n' "$VPAI_PASSPHRASE"\n`) },
        }),
  }
}

function keyType(args: UserArgs): string {
  return args.ssh_key_type === 'default' ? 'rsa' : args.ssh_key_type
}

export function keyFile(args: UserArgs, home: string): string {
  const file = args.ssh_key_file ?? `.ssh/id_${keyType(args)}`
  return file.startsWith('/') ? file : `${home.replace(/\/$/, '')}/${file.replace(/^~\//, '')}`
}
