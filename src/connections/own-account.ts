/** Who runs vpai, also where the uid has no account, as in many containers. */
import { homedir, userInfo } from 'node:os'

export function ownName(env: Readonly<Record<string, string | undefined>>): string {
  try {
    return userInfo().username
  } catch {
    return env.LOGNAME || env.USER || String(process.getuid?.() ?? '')
  }
}

export function ownHome(env: Readonly<Record<string, string | undefined>>): string {
  if (env.HOME) return env.HOME
  try {
    return homedir()
  } catch {
    return '/'
  }
}
