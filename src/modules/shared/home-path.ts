/** A leading ~ or ~name in a path, resolved through the host's user database. */
import { VpaiError } from '../../base/error.ts'
import type { Key, Seen } from '../../probes/contract.ts'
import type { Context } from '../contract.ts'

/** The user to look up before `expandHome`; none when the path has no ~. */
export function homeKeys(path: string | undefined, ctx: Context): readonly Key[] {
  const name = path === undefined ? null : userOf(path, ctx)
  return name === null ? [] : [{ kind: 'user', name }]
}

/** Throws MODULE_NO_HOME when the user does not exist on the host. */
export function expandHome(path: string, seen: Seen, ctx: Context): string {
  const name = userOf(path, ctx)
  if (name === null) return path
  const user = seen.get({ kind: 'user', name })
  if (!user.exists) throw new VpaiError('MODULE_NO_HOME', `${path}: the host has no user ${name}`)
  return `${user.home.replace(/\/$/, '')}${path.replace(/^~[^/]*/, '')}`
}

function userOf(path: string, ctx: Context): string | null {
  const name = /^~([^/]*)/.exec(path)?.[1]
  return name === undefined ? null : name === '' ? ctx.user : name
}
