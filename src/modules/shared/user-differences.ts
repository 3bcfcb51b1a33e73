/** What differs between an account as asked for and as it is. */

import type { Value } from '../../base/value.ts'
import type { Key, Seen, UserSeen } from '../../probes/contract.ts'
import type { Change } from '../contract.ts'
import type { UserArgs } from './user-arguments.ts'

export interface UserContext {
  readonly found: UserSeen
  readonly seen: Seen
  /** Only busybox tools are there. */
  readonly small: boolean
  readonly home: string
}

/** Fields 4 to 7 of /etc/shadow, as the arguments call them, with the letters of chage. */
export const AGES = {
  password_expire_min: '-m',
  password_expire_max: '-M',
  password_expire_warn: '-W',
  password_expire_account_disable: '-I',
} as const
export type Age = keyof typeof AGES

export function wantedAges(args: UserArgs): readonly Age[] {
  const all = [
    'password_expire_min',
    'password_expire_max',
    'password_expire_warn',
    'password_expire_account_disable',
  ] as const
  return all.filter(age => args[age] !== undefined)
}

export type Attribute =
  | 'user'
  | 'uid'
  | 'group'
  | 'groups'
  | 'comment'
  | 'home'
  | 'shell'
  | 'expires'
  | 'password'
  | 'lock'
  | 'home directory'
  | Age

export interface Difference {
  readonly attribute: Attribute
  readonly change: Change
}

export function userDifferences(args: UserArgs, context: UserContext): Difference[] {
  const { found } = context
  const out: Difference[] = []
  const add = (attribute: Attribute, from: Value, to: Value) =>
    out.push({ attribute, change: { what: attribute, subject: args.name, from, to } })
  if (!found.exists) {
    add('user', null, 'present')
    if (args.password !== undefined) add('password', null, '(hash)')
    if (args.password_lock === true) add('lock', false, true)
    addAges(args, context, add)
    return out
  }
  if (args.uid !== undefined && args.uid !== found.uid) add('uid', found.uid, args.uid)
  if (args.group !== undefined && !isPrimary(args.group, found)) add('group', found.primaryGroup, args.group)
  const groups = wantedGroups(args, found)
  if (groups !== null) add('groups', [...found.groups].sort(), groups)
  if (args.comment !== undefined && args.comment !== found.comment)
    add('comment', found.comment, args.comment)
  if (args.home !== undefined && trim(args.home) !== trim(found.home)) add('home', found.home, args.home)
  if (args.shell !== undefined && args.shell !== found.shell) add('shell', found.shell, args.shell)
  const expires = args.expires === undefined ? undefined : expiryDate(args.expires)
  const expiresNow = found.expires === null ? '' : expiryDate(found.expires)
  if (expires !== undefined && expires !== expiresNow)
    add('expires', expiresNow || 'never', expires || 'never')
  addPassword(args, found.passwordHash ?? '', add)
  addHome(args, context, add)
  addAges(args, context, add)
  return out
}

type Add = (attribute: Attribute, from: Value, to: Value) => unknown

/** The hash is compared and never shown. */
function addPassword(args: UserArgs, hash: string, add: Add): void {
  const bare = (text: string) => text.replace(/^!+(?=.)/, '')
  const wanted = args.password
  if (wanted !== undefined && args.update_password === 'always' && bare(wanted) !== bare(hash))
    add('password', '(hash)', '(hash)')
  if (args.password_lock !== undefined && args.password_lock !== hash.startsWith('!')) {
    add('lock', !args.password_lock, args.password_lock)
  }
}

function addHome(args: UserArgs, { seen, home, found }: UserContext, add: Add): void {
  if (!args.create_home || !found.exists || (args.home !== undefined && args.move_home)) return
  if (seen.get({ kind: 'path', path: home, follow: true }).type === 'absent')
    add('home directory', null, home)
}

function addAges(args: UserArgs, { seen, found }: UserContext, add: Add): void {
  const wanted = wantedAges(args)
  if (wanted.length === 0) return
  const now = found.exists ? seen.get(ageKey(args.name)).stdout.trim().split(':') : []
  const places = Object.keys(AGES)
  for (const age of wanted) {
    const known = now[places.indexOf(age)] ?? ''
    if (String(args[age]) !== known) add(age, known === '' ? null : Number(known), args[age] ?? null)
  }
}

/** Days from the shadow file: least and most age of a password, when it warns, when the account ends after it. */
export function ageKey(name: string) {
  const script = `grep -e '^${name.replace(/[^\w.-]/g, '')}:' /etc/shadow | cut -d: -f4-7`
  return { kind: 'read', name: `password age of ${name}`, script } as const satisfies Key
}

/** The supplementary groups there must be, sorted; null when they are so already. */
export function wantedGroups(args: UserArgs, found: Extract<UserSeen, { exists: true }>): string[] | null {
  if (args.groups === undefined) return null
  const asked = args.groups.filter(name => name !== '' && name !== (args.group ?? found.primaryGroup))
  const wanted = [...new Set(args.append ? [...found.groups, ...asked] : asked)].sort()
  return wanted.join() === [...found.groups].sort().join() ? null : wanted
}

function isPrimary(group: string, found: Extract<UserSeen, { exists: true }>): boolean {
  return /^\d+$/.test(group) ? Number(group) === found.gid : group === found.primaryGroup
}

/** The day in UTC; '' for an account that never expires. */
export function expiryDate(seconds: number): string {
  return seconds < 0 ? '' : new Date(seconds * 1000).toISOString().slice(0, 10)
}

function trim(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}
