/** Finds what kind of embedded host this machine allows this user. */
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import { VpaiError } from '../base/error.ts'
import { ownName } from '../connections/own-account.ts'

export type EmbeddedTier = 'root' | 'subuid' | 'single-uid'

export interface SubordinateIds {
  readonly uidStart: number
  readonly gidStart: number
  readonly count: number
}

export interface TierFinding {
  readonly tier: EmbeddedTier
  /** User namespaces work; without them (root only) the host is held by missing capabilities alone. */
  readonly nested: boolean
  readonly subordinate: SubordinateIds | null
}

/** Throws SANDBOX_NAMESPACES_FORBIDDEN, SANDBOX_NOT_LINUX or SANDBOX_PROGRAM_MISSING. */
export async function findTier(wanted?: EmbeddedTier): Promise<TierFinding> {
  demandLinux()
  for (const program of ['unshare', 'nsenter', 'setpriv', 'mount', 'pivot_root']) demandProgram(program)
  const isRoot = process.getuid?.() === 0
  const userNamespaces = await works(['-U', '-m', '-p', '-n', '-u', '-i', '-f', 'true'])
  if (wanted === 'root' && !isRoot) {
    throw new VpaiError('SANDBOX_TIER_REFUSED', 'A sandbox of the tier root can only be started by root.')
  }
  if (
    isRoot &&
    (wanted ?? 'root') === 'root' &&
    (await works(['-m', '-p', '-n', '-u', '-i', '-f', 'true']))
  ) {
    return { tier: 'root', nested: userNamespaces, subordinate: null }
  }
  if (!userNamespaces) throw forbidden()
  const subordinate = wanted === 'single-uid' ? null : subordinateIds()
  if (subordinate !== null) return { tier: 'subuid', nested: true, subordinate }
  if (wanted === 'subuid') {
    throw new VpaiError(
      'SANDBOX_TIER_REFUSED',
      'This user has no subordinate ids, or newuidmap is missing.',
      {
        hint: 'Install the package uidmap and give the user a range in /etc/subuid and /etc/subgid.',
      },
    )
  }
  return { tier: 'single-uid', nested: true, subordinate: null }
}

/** Path of a program, also where sbin is not in PATH; null when it is not there. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin', '/bin']
  return (
    folders
      .filter(folder => folder !== '')
      .map(folder => join(folder, name))
      .find(existsSync) ?? null
  )
}

/** The first range of 65536 or fewer ids that /etc/subuid gives `user` (a name or a uid). */
export function parseSubordinate(
  text: string,
  users: readonly string[],
): { start: number; count: number } | null {
  for (const line of text.split('\n')) {
    const [user = '', start = '', count = ''] = line.trim().split(':')
    if (users.includes(user) && Number(count) > 0)
      return { start: Number(start), count: Math.min(Number(count), 65536) }
  }
  return null
}

function subordinateIds(): SubordinateIds | null {
  if (findProgram('newuidmap') === null || findProgram('newgidmap') === null) return null
  const users = [String(process.getuid?.()), ownName(process.env)]
  const uids = parseSubordinate(readOrEmpty('/etc/subuid'), users)
  const gids = parseSubordinate(readOrEmpty('/etc/subgid'), users)
  if (uids === null || gids === null) return null
  return { uidStart: uids.start, gidStart: gids.start, count: Math.min(uids.count, gids.count) }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function works(unshareArguments: readonly string[]): Promise<boolean> {
  const { failed } = await execa(findProgram('unshare') ?? 'unshare', [...unshareArguments], {
    reject: false,
  })
  return !failed
}

function demandLinux(): void {
  if (process.platform === 'linux') return
  throw new VpaiError(
    'SANDBOX_NOT_LINUX',
    `The embedded sandbox needs Linux namespaces; this is ${process.platform}.`,
    {
      hint: 'Use `--backend docker`, or point the inventory at a host of your own.',
    },
  )
}

function demandProgram(name: string): void {
  if (findProgram(name) !== null) return
  throw new VpaiError(
    'SANDBOX_PROGRAM_MISSING',
    `The embedded sandbox needs ${name}, which is not on this machine.`,
    {
      hint: 'Install util-linux, or use `--backend docker`.',
    },
  )
}

function forbidden(): VpaiError {
  return new VpaiError(
    'SANDBOX_NAMESPACES_FORBIDDEN',
    'This machine does not let this user create the namespaces an embedded sandbox is made of.',
    {
      hint:
        'Use `vpai sandbox up --backend docker`, or point the inventory at a host of your own. Some distributions ' +
        'switch namespaces off with the sysctls kernel.unprivileged_userns_clone, user.max_user_namespaces or ' +
        'kernel.apparmor_restrict_unprivileged_userns, and most containers forbid them.',
    },
  )
}
