/**
 * A repository's address without the login in it. git would show it in the process list, and keep it in
 * its configuration; a credential helper hands it over from the environment instead, to its own site only.
 */
import { quote } from '../../base/quote.ts'

export interface GitAddress {
  readonly url: string
  /** https://host:port, where name and password are meant for; null when there are none. */
  readonly site: string | null
  readonly user: string
  readonly password: string
}

export function gitAddress(repo: string): GitAddress {
  const [, scheme = '', login, rest = ''] = /^(https?:\/\/)(?:([^/@]*)@)?(.*)$/is.exec(repo) ?? []
  if (login === undefined) return { url: plainUrl(repo), site: null, user: '', password: '' }
  const colon = login.indexOf(':')
  const [user, password] = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)]
  const site = `${scheme}${rest.replace(/[/?#].*$/s, '')}`
  return { url: `${scheme}${rest}`, site, user: decoded(user), password: decoded(password) }
}

/** git ignores `depth` for a bare path, but not for the same path as an address. */
function plainUrl(repo: string): string {
  return repo.startsWith('/') ? `file://${repo}` : repo
}

/** For the helper below. */
export function loginEnvironment(repo: string): Readonly<Record<string, string>> {
  const { site, user, password } = gitAddress(repo)
  return site === null ? {} : { VPAI_GIT_USER: user, VPAI_GIT_PASSWORD: password }
}

/** git and the options that make it ask the environment; the words hold no secret. */
export function gitWithLogin(executable: string, repo: string): string {
  const { site } = gitAddress(repo)
  if (site === null) return executable
  const key = `credential.${site}.helper`
  return `${executable} -c ${quote(`${key}=`)} -c ${quote(`${key}=${HELPER}`)}`
}

const HELPER = `!f() { [ "$1" != get ] || printf 'username=%s\\npassword=%s\\n' "$VPAI_GIT_USER" "$VPAI_GIT_PASSWORD"; }; f`

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
