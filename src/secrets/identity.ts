/** Where the private key that opens the secrets file comes from. */
import { VpaiError } from '../base/error.ts'
import { quote } from '../base/quote.ts'
import { Secret } from '../base/secret.ts'

export type IdentitySource =
  | { readonly kind: 'key'; readonly key: Secret; readonly origin: string }
  | { readonly kind: 'file'; readonly path: string; readonly origin: string }

export interface IdentityQuery {
  /** `--identity`. */
  readonly flag?: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
}

/** The first that is given wins: `--identity`, VPAI_AGE_IDENTITY (a path or the key itself), ~/.config/vpai/identity. */
export function findIdentitySource(query: IdentityQuery): IdentitySource {
  if (query.flag !== undefined && query.flag !== '') return fromText(query.flag, '--identity', query)
  const variable = query.environment.VPAI_AGE_IDENTITY
  if (variable !== undefined && variable !== '') return fromText(variable, 'VPAI_AGE_IDENTITY', query)
  return { kind: 'file', path: defaultIdentityPath(query), origin: 'the default place' }
}

export function defaultIdentityPath(query: IdentityQuery): string {
  const base = query.environment.XDG_CONFIG_HOME
  return `${base === undefined || base === '' ? `${query.homeDirectory}/.config` : base}/vpai/identity`
}

/**
 * Refuses an identity file that others may read (SECRETS_IDENTITY_MODE).
 * @param mode as stat tells it
 */
export function checkIdentityMode(path: string, mode: number): void {
  const bits = mode & 0o777
  if ((bits & 0o077) === 0) return
  throw new VpaiError(
    'SECRETS_IDENTITY_MODE',
    `${path} can be read by others (mode ${bits.toString(8).padStart(4, '0')}); it must be yours alone`,
    { hint: `chmod 600 ${quote(path)}` },
  )
}

/** The content of a new identity file. */
export function identityFileText(identity: Secret, recipient: string): string {
  return `# The private key of vpai's secrets. Keep a copy off this machine; never share it.\n# public key: ${recipient}\n${identity.reveal()}\n`
}

function fromText(text: string, origin: string, query: IdentityQuery): IdentitySource {
  if (/^AGE-(SECRET-KEY|PLUGIN)-/.test(text.trim())) {
    return { kind: 'key', key: new Secret(text.trim(), origin), origin }
  }
  const path = text.startsWith('~/') ? `${query.homeDirectory}${text.slice(1)}` : text
  return { kind: 'file', path, origin }
}
