/**
 * `~`, `~name` and relative paths, which mean the home directory of a user of the host. The home is asked
 * first, then the module is asked with absolute paths; no module knows of it.
 */
import type { Key, Seen } from '../../probes/contract.ts'
import type { Context, Module, Verdict } from '../contract.ts'

/** `fields` are the arguments that name one path on the host. */
export function withHome<Args extends object>(
  fields: (args: Args) => readonly (keyof Args & string)[],
  module: Module<Args>,
): Module<Args> {
  const usersOf = (args: Args, ctx: Context): readonly string[] => {
    const users = fields(args).map(field => homeUser(args[field], ctx))
    return [...new Set(users.filter(user => user !== null))]
  }
  return {
    ...module,
    keys(args, ctx) {
      const users = usersOf(args, ctx)
      return users.length === 0 ? module.keys(args, ctx) : users.map(userKey)
    },
    decide(args, seen, ctx): Verdict {
      if (usersOf(args, ctx).length === 0) return module.decide(args, seen, ctx)
      const expanded: Record<string, unknown> = Object.fromEntries(Object.entries(args))
      for (const field of fields(args)) {
        const path = absolute(args[field], seen, ctx)
        if (path.problem !== null) return { kind: 'fail', message: path.problem }
        expanded[field] = path.value
      }
      const absoluteArgs = expanded as Args
      const missing = module.keys(absoluteArgs, ctx).filter(key => !seen.has(key))
      return missing.length > 0 ? { kind: 'ask', keys: missing } : module.decide(absoluteArgs, seen, ctx)
    },
  }
}

const userKey = (name: string) => ({ kind: 'user', name }) as const satisfies Key

/** Whose home the path begins in; null for an absolute path and for what is no path. */
function homeUser(path: unknown, ctx: Context): string | null {
  if (typeof path !== 'string' || path.startsWith('/') || path === '') return null
  return /^~([^/]*)/.exec(path)?.[1] || ctx.user
}

function absolute(path: unknown, seen: Seen, ctx: Context): { problem: string | null; value?: unknown } {
  const name = homeUser(path, ctx)
  if (name === null) return { problem: null, value: path }
  const user = seen.get(userKey(name))
  if (!user.exists) return { problem: `${path}: there is no user ${name} on the host` }
  const below = String(path).replace(/^~[^/]*\/?/, '')
  return { problem: null, value: below === '' ? user.home : `${user.home.replace(/\/$/, '')}/${below}` }
}
