/** Flags of connecting, with passwords asked at the start (-k, -K) or when it turns out that one is needed. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { didYouMean } from '../../base/did-you-mean.ts'
import { VpaiError } from '../../base/error.ts'
import { ownHome } from '../../connections/own-account.ts'
import { askSecret } from '../ask.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project/open.ts'
import { positive } from '../run-settings.ts'
import { type ConnectSettings, isConnectionKind } from './connect.ts'

export async function connectSettings(
  io: Io,
  project: Project,
  options: Readonly<Record<string, unknown>>,
): Promise<ConnectSettings> {
  const remember = (value: string) => {
    project.registry.add(value)
    return value
  }
  const once = (message: string) => {
    let asked: Promise<string> | null = null
    return () => {
      asked ??= askSecret(message).then(remember)
      return asked
    }
  }
  const mayAsk = io.stdinIsTty
  const { ansible } = project
  const login =
    (options.askPass ?? ansible.askPass) === true ? await asked(io, 'Login password').then(remember) : null
  const become =
    (options.askBecomePass ?? ansible.becomeAskPass) === true
      ? await asked(io, 'Password for sudo').then(remember)
      : null
  return {
    io,
    project,
    user: (options.user as string | undefined) ?? null,
    privateKey: keyFileOf(io, options.privateKey),
    connection: connectionOf(options.connection),
    timeoutS: positive('--timeout', options.timeout) ?? ansible.timeout ?? project.settings.timeout,
    loginPassword: login !== null ? async () => login : mayAsk ? once('Login password') : null,
    becomePassword: become !== null ? async () => become : mayAsk ? once('Password for sudo') : null,
    passphrase: async file => {
      if (!mayAsk)
        throw new VpaiError(
          'SSH_PASSPHRASE_NEEDED',
          `${file} is protected by a passphrase, and nobody can be asked`,
          { hint: 'Load it into ssh-agent.' },
        )
      return remember(await askSecret(`Passphrase of ${file}`))
    },
  }
}

/** Absolute. A key that is not there would be left out without a word. */
function keyFileOf(io: Io, given: unknown): string | null {
  if (given === undefined) return null
  const named = String(given)
  const file = named.startsWith('~/')
    ? path.join(ownHome(io.env), named.slice(2))
    : path.resolve(io.cwd, named)
  if (existsSync(file)) return file
  throw new VpaiError('OPTION_VALUE', `--private-key: there is no file ${named}`)
}

function connectionOf(given: unknown): string | null {
  if (given === undefined) return null
  const kind = String(given)
  if (isConnectionKind(kind)) return kind
  throw new VpaiError('OPTION_VALUE', `--connection takes ssh or local, not ${kind}`, {
    hint: didYouMean(kind, ['ssh', 'local']) ?? 'Containers are not reached this way yet.',
  })
}

async function asked(io: Io, message: string): Promise<string> {
  if (io.stdinIsTty) return askSecret(message)
  const { readAll } = await import('../io.ts')
  const [password = ''] = (await readAll(io.stdin)).split('\n')
  if (password !== '') return password
  throw new VpaiError('PASSWORD_MISSING', 'a password is to be asked for, and nobody can be asked', {
    hint: 'Pipe it in as one line, or leave -k and -K out.',
  })
}
