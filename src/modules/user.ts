/**
 * user: an account of the host.
 *
 * Args     name, state, uid, group, groups (+ append), comment, home, move_home, create_home, shell, skeleton,
 *          system, password (hash) with update_password, password_lock, password_expire_min/max/warn/account_disable, uid_min/max, expires,
 *          generate_ssh_key and ssh_key_*, remove, force, non_unique, umask, local.
 * Changes  one for each attribute. Hashes travel on standard input (chpasswd -e) and are never shown.
 * Errors   a group that does not exist; the shadow file not readable with a password asked for.
 *          Hosts with busybox only get adduser, addgroup and edits of /etc/passwd.
 */
import type { Key, Seen, UserSeen } from '../probes/contract.ts'
import { defineModule, type Result, type Verdict } from './contract.ts'
import { localKeys, notLocal } from './shared/local-account.ts'
import { fail } from './shared/results.ts'
import { removeUser, userActions } from './shared/user-actions.ts'
import { type UserArgs, userSchema } from './shared/user-arguments.ts'
import { ageKey, userDifferences, wantedAges } from './shared/user-differences.ts'
import { keyFile, sshKeyActions, sshKeyKeys } from './shared/user-ssh-key.ts'

const TOOL = { kind: 'which', command: 'usermod' } as const satisfies Key

export const user = defineModule<UserArgs>({
  name: 'user',
  summary: 'An account of the host',
  args: userSchema,
  freeForm: 'name',
  keys: args => [
    userKey(args),
    TOOL,
    groupKey(args.name),
    ...groupNames(args).map(groupKey),
    ...ageKeys(args),
    ...localKeys('/etc/passwd', args),
  ],
  decide(args, seen): Verdict {
    const found = seen.get(userKey(args))
    const elsewhere = found.exists ? notLocal('/etc/passwd', args, seen) : null
    if (elsewhere !== null) return fail(elsewhere)
    if (args.state === 'absent') return absent(args, found, seen)
    const missing = groupNames(args).find(name => !/^\d+$/.test(name) && !seen.get(groupKey(name)).exists)
    if (missing !== undefined) return fail(`Group ${missing} does not exist`)
    if (
      found.exists &&
      found.passwordHash === null &&
      args.password !== undefined &&
      args.update_password === 'always'
    ) {
      return fail(
        `the password of ${args.name} cannot be compared: /etc/shadow is not readable (does the task need become?)`,
      )
    }
    const more = homeKeys(args, found)
    if (more.some(key => !seen.has(key))) return { kind: 'ask', keys: more }
    return present(args, found, seen)
  },
  declares: args => (args.state === 'absent' ? [] : [{ kind: 'user', name: args.name }]),
  settles: true,
})

function present(args: UserArgs, found: UserSeen, seen: Seen): Verdict {
  const context = { found, seen, small: seen.get(TOOL).path === null, home: homeOf(args, found) }
  const differences = userDifferences(args, context)
  const keyed = sshKeyActions(args, context)
  const changes = [...differences.map(one => one.change), ...keyed.changes]
  const result = resultOf(args, found, keyed.publicKey)
  const warnings = passwordWarnings(args)
  if (changes.length === 0) return { kind: 'ok', result, warnings }
  return {
    kind: 'change',
    changes,
    warnings,
    result,
    touches: [userKey(args), { kind: 'group', name: args.group ?? args.name }, ...homeKeys(args, found)],
    apply: function* () {
      for (const action of [...userActions(args, differences, context), ...keyed.actions]) yield action
      const line = yield {
        do: 'run',
        argv: ['grep', '-e', `^${args.name}:`, '/etc/passwd'],
        ok: 'any',
        readOnly: true,
      }
      const publicKey = keyed.readBack === null ? null : (yield keyed.readBack).stdout.trim()
      return { ...passwdLine(line.stdout), ...(publicKey === null ? {} : { ssh_public_key: publicKey }) }
    },
  }
}

function absent(args: UserArgs, found: UserSeen, seen: Seen): Verdict {
  const result = { name: args.name, state: 'absent', force: args.force, remove: args.remove }
  if (!found.exists) return { kind: 'ok', result }
  return {
    kind: 'change',
    changes: [{ what: 'user', subject: args.name, from: 'present', to: null }],
    apply: [removeUser(args, seen.get(TOOL).path === null)],
    touches: [userKey(args)],
    result,
  }
}

function resultOf(args: UserArgs, found: UserSeen, publicKey: string | null): Result {
  const base = {
    name: args.name,
    state: 'present',
    append: args.append,
    move_home: args.move_home,
    create_home: args.create_home,
    system: args.system,
    ...(args.groups === undefined ? {} : { groups: args.groups.join(',') }),
    ...(args.password === undefined ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
    ...(publicKey === null ? {} : { ssh_public_key: publicKey }),
    ...(args.generate_ssh_key ? { ssh_key_file: keyFile(args, homeOf(args, found)) } : {}),
  }
  if (!found.exists) return base
  const { uid, gid: group, comment, home, shell } = found
  return { ...base, uid, group, comment, home, shell }
}

function passwdLine(line: string): Result {
  const [, , uid, gid, comment = '', home = '', shell = ''] = line.trim().split(':')
  return uid === undefined ? {} : { uid: Number(uid), group: Number(gid), comment, home, shell }
}

function passwordWarnings({ password }: UserArgs): string[] {
  if (password === undefined || /^(!|\*|\$|_)/.test(password) || password === '') return []
  return ['The password is not hashed: it would not work. Hash it with the password_hash filter']
}

function homeOf(args: UserArgs, found: UserSeen): string {
  return args.home ?? (found.exists ? found.home : `/home/${args.name}`)
}

function homeKeys(args: UserArgs, found: UserSeen): Key[] {
  const home = homeOf(args, found)
  return [{ kind: 'path', path: home, follow: true }, ...sshKeyKeys(args, home)]
}

function groupNames(args: UserArgs): string[] {
  return [...(args.group === undefined ? [] : [args.group]), ...(args.groups ?? [])]
}

function ageKeys(args: UserArgs): Key[] {
  return wantedAges(args).length > 0 ? [ageKey(args.name)] : []
}

function userKey(args: UserArgs) {
  return { kind: 'user', name: args.name } as const satisfies Key
}

function groupKey(name: string) {
  return { kind: 'group', name } as const satisfies Key
}
