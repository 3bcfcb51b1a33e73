import { createIdentityFile, exists } from '../../files/identity-file.ts'
import { findIdentitySource } from '../../secrets/identity.ts'
import type { Io } from '../io.ts'
import { identityQuery } from './open-secrets.ts'

export interface MadeIdentity {
  readonly path: string
  /** The public key. */
  readonly recipient: string
}

/** Makes an identity where one would be looked for, when there is none; null: there is one. */
export async function ensureIdentity(io: Io, flag: unknown): Promise<MadeIdentity | null> {
  const source = findIdentitySource(identityQuery(io, flag))
  if (source.kind === 'key' || (await exists(source.path))) return null
  const { recipient } = await createIdentityFile(source.path)
  return { path: source.path, recipient }
}

export function tellIdentity(io: Io, made: MadeIdentity): void {
  io.err.write(
    `Made an identity: ${made.path}\n` +
      'It alone opens the secrets. Keep a copy somewhere safe, off this machine; it cannot be made again.\n',
  )
}
