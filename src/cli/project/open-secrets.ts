/** The secrets file of a project, opened with the user's identity, as variables and as what must be masked. */
import { existsSync } from 'node:fs'
import { VpaiError } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'
import { type Dict, isMapping, type Value } from '../../base/value.ts'
import { ownHome } from '../../connections/own-account.ts'
import type { IdentityQuery } from '../../secrets/identity.ts'
import type { MaskingRegistry } from '../../secrets/registry.ts'
import type { Io } from '../io.ts'

export interface OpenedSecrets {
  readonly values: Dict
  /** The project's own, for what it signs; null when there is none. */
  readonly signingKey: Secret | null
  /** False: there is a file, and no key to open it. Its names are then not known. */
  readonly isOpen: boolean
  /** Names of secrets too short to be found everywhere. */
  readonly weak: readonly string[]
  /** Names of unquoted numbers: plain values, not masked at all. */
  readonly unprotected: readonly string[]
}

export function identityQuery(io: Io, flag: unknown): IdentityQuery {
  return {
    flag: typeof flag === 'string' ? flag : undefined,
    environment: io.env,
    homeDirectory: ownHome(io.env),
  }
}

/** `required` false: for commands that only show, a file that cannot be opened is passed over. */
export async function openProjectSecrets(
  file: string,
  {
    io,
    identity,
    required,
    registry,
  }: { io: Io; identity: unknown; required: boolean; registry: MaskingRegistry },
): Promise<OpenedSecrets> {
  if (!existsSync(file)) return { ...NO_SECRETS, isOpen: true }
  const [{ loadKeys }, { openSecretsFile }, { SIGNING_KEY }, { askSecret }] = await Promise.all([
    import('../../files/identity-file.ts'),
    import('../../files/secrets-file.ts'),
    import('../../secrets/operations.ts'),
    import('../ask.ts'),
  ])
  try {
    const ask = io.stdinIsTty
      ? async (name: string) => new Secret(await askSecret(`Passphrase of ${name}`))
      : undefined
    const { document } = await openSecretsFile(file, await loadKeys(identityQuery(io, identity), ask))
    const { [SIGNING_KEY]: signingKey, ...values } = document.values()
    for (const secret of leaves([signingKey ?? null, values])) registry.add(secret)
    return {
      values,
      signingKey: signingKey instanceof Secret ? signingKey : null,
      isOpen: true,
      weak: registry.weak(),
      unprotected: document.unprotected(),
    }
  } catch (error) {
    if (required || !(error instanceof VpaiError)) throw error
    return { ...NO_SECRETS, isOpen: false }
  }
}

const NO_SECRETS = { values: {}, signingKey: null, weak: [], unprotected: [] } as const

function leaves(value: Value): Secret[] {
  if (value instanceof Secret) return [value]
  if (Array.isArray(value)) return value.flatMap(leaves)
  if (value instanceof Map) return [...value.values()].flatMap(leaves)
  if (isMapping(value)) return Object.values(value).flatMap(leaves)
  return []
}
