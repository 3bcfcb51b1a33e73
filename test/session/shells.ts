import { execFileSync } from 'node:child_process'
import { mkdtempSync, symlinkSync } from 'node:fs'
import path from 'node:path'

const isThere = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Programs that can be /bin/sh on a host: those of this machine. */
export const SHELLS: readonly string[] = ['dash', 'bash', 'busybox', 'mksh'].filter(isThere)

/** Programs that can be a login shell. */
export const LOGIN_SHELLS: readonly string[] = ['dash', 'bash', 'zsh', 'fish', 'tcsh', 'mksh'].filter(isThere)

export const missing = (wanted: readonly string[], found: readonly string[]): string =>
  wanted.filter(shell => !found.includes(shell)).join(', ') || 'none'

/**
 * A prefix for command lines so that every /bin/sh in them, and `sh` and the tools busybox has, is `shell`:
 * a private mount namespace with another /bin/sh, its links below `parent`. Needs root; null when the machine does not allow it.
 */
export function withShell(shell: string, parent: string): readonly string[] | null {
  const directory = mkdtempSync(path.join(parent, 'shell-'))
  const real = execFileSync('sh', ['-c', `readlink -f "$(command -v ${shell})"`], { encoding: 'utf8' }).trim()
  if (shell === 'busybox') {
    execFileSync(real, ['--install', '-s', directory])
  }
  symlinkSync(real, path.join(directory, `sh-${shell}`))
  const sh = execFileSync('readlink', ['-f', '/bin/sh'], { encoding: 'utf8' }).trim()
  const inner = `mount --bind ${real} ${sh} && PATH=${directory}:$PATH && export PATH && shift && exec /bin/sh "$@"`
  const prefix = ['unshare', '-m', '--propagation', 'private', 'bash', '-c', inner, 'x', 'x'] as const
  try {
    execFileSync(prefix[0], [...prefix.slice(1), '-c', 'true'], { stdio: 'ignore' })
    return prefix
  } catch {
    return null
  }
}
