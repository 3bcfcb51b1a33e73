/** The commands that bring an account to what was decided: shadow's tools, or those of busybox. */
import { quote } from '../../base/quote.ts'
import type { Action, RunAction } from '../contract.ts'
import type { UserArgs } from './user-arguments.ts'
import {
  AGES,
  type Attribute,
  type Difference,
  expiryDate,
  type UserContext,
  wantedAges,
} from './user-differences.ts'

export function userActions(
  args: UserArgs,
  differences: readonly Difference[],
  context: UserContext,
): Action[] {
  const differs = new Set(differences.map(one => one.attribute))
  if (differs.size === 0) return []
  const account = context.small
    ? smallAccount(args, differs, differences)
    : fullAccount(args, differences, context)
  return [
    ...account,
    ...homeDirectory(args, differs, context),
    ...password(args, differs, context.small),
    ...ages(args, differs),
  ]
}

export function removeUser(args: UserArgs, small: boolean): RunAction {
  if (small) return run(['deluser', ...(args.remove ? ['--remove-home'] : []), args.name])
  return run(['userdel', ...(args.force ? ['-f'] : []), ...(args.remove ? ['-r'] : []), args.name])
}

type Differs = ReadonlySet<Attribute>

function fullAccount(args: UserArgs, differences: readonly Difference[], { seen }: UserContext): RunAction[] {
  const differs = new Set(differences.map(one => one.attribute))
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  if (differs.has('user')) {
    // useradd would make a group of the account's name, and fail when there is one already.
    const taken = args.group === undefined && seen.get({ kind: 'group', name: args.name }).exists
    return [run(['useradd', ...createWords(args), ...when(taken, '-N'), args.name])]
  }
  const groups = differences.find(one => one.attribute === 'groups')?.change.to
  const words = [
    ...when(differs.has('uid'), '-u', String(args.uid), ...when(args.non_unique, '-o')),
    ...when(differs.has('group'), '-g', args.group ?? ''),
    ...when(differs.has('groups'), '-G', Array.isArray(groups) ? groups.join(',') : ''),
    ...when(differs.has('comment'), '-c', args.comment ?? ''),
    ...when(differs.has('home'), '-d', args.home ?? '', ...when(args.move_home, '-m')),
    ...when(differs.has('shell'), '-s', args.shell ?? ''),
    ...when(differs.has('expires'), '-e', expiryDate(args.expires ?? -1)),
  ]
  return words.length === 0 ? [] : [run(['usermod', ...words, args.name])]
}

function createWords(args: UserArgs): string[] {
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  const groups = (args.groups ?? []).filter(name => name !== '')
  return [
    ...when(args.uid !== undefined, '-u', String(args.uid), ...when(args.non_unique, '-o')),
    ...when(args.group !== undefined, '-g', args.group ?? ''),
    ...when(groups.length > 0, '-G', groups.join(',')),
    ...when(args.comment !== undefined, '-c', args.comment ?? ''),
    ...when(args.home !== undefined, '-d', args.home ?? ''),
    ...when(args.shell !== undefined, '-s', args.shell ?? ''),
    ...when(args.expires !== undefined && args.expires >= 0, '-e', expiryDate(args.expires ?? -1)),
    ...when(args.create_home, '-m', ...when(args.skeleton !== undefined, '-k', args.skeleton ?? '')),
    ...when(!args.create_home, '-M'),
    ...when(args.umask !== undefined, '-K', `UMASK=${(args.umask ?? 0).toString(8).padStart(4, '0')}`),
    ...when(args.uid_min !== undefined, '-K', `UID_MIN=${args.uid_min}`),
    ...when(args.uid_max !== undefined, '-K', `UID_MAX=${args.uid_max}`),
    ...when(args.seuser !== undefined, '-Z', args.seuser ?? ''),
    ...when(args.system, '-r'),
  ]
}

/** busybox has no usermod: fields are written into /etc/passwd, groups go through addgroup and delgroup. */
function smallAccount(args: UserArgs, differs: Differs, differences: readonly Difference[]): RunAction[] {
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  const groups = differences.find(one => one.attribute === 'groups')?.change
  const asked = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
  const join = (names: readonly string[]) => names.map(name => run(['addgroup', args.name, name]))
  if (differs.has('user')) {
    const create = [
      'adduser',
      '-D',
      ...when(args.uid !== undefined, '-u', String(args.uid)),
      ...when(args.group !== undefined, '-G', args.group ?? ''),
      ...when(args.comment !== undefined, '-g', args.comment ?? ''),
      ...when(args.home !== undefined, '-h', args.home ?? ''),
      ...when(args.shell !== undefined, '-s', args.shell ?? ''),
      ...when(!args.create_home, '-H'),
      ...when(args.system, '-S'),
      args.name,
    ]
    return [run(create), ...join((args.groups ?? []).filter(name => name !== ''))]
  }
  const leave = asked(groups?.from).filter(name => !asked(groups?.to).includes(name))
  return [
    ...passwdEdits(args, differs),
    ...join(asked(groups?.to).filter(name => !asked(groups?.from).includes(name))),
    ...leave.map(name => run(['delgroup', args.name, name])),
  ]
}

const FIELDS: readonly (readonly [Attribute, number, (args: UserArgs) => string])[] = [
  ['uid', 3, args => String(args.uid)],
  ['comment', 5, args => args.comment ?? ''],
  ['home', 6, args => args.home ?? ''],
  ['shell', 7, args => args.shell ?? ''],
]

function passwdEdits(args: UserArgs, differs: Differs): RunAction[] {
  const edits = FIELDS.filter(([attribute]) => differs.has(attribute))
  const group = differs.has('group') ? [`$4 = "${(args.group ?? '').replace(/\D/g, '')}"`] : []
  if (edits.length === 0 && group.length === 0) return []
  const named = edits.map(([, field]) => `$${field} = ENVIRON["F${field}"]`)
  const groupLookup =
    differs.has('group') && !/^\d+$/.test(args.group ?? '') ? '$4 = ENVIRON["G"]' : (group[0] ?? '')
  const sets = [...named, ...(groupLookup === '' ? [] : [groupLookup])].join('; ')
  const gid = `G=$(grep -e ${quote(`^${args.group ?? ''}:`)} /etc/group | cut -d: -f3); export G\n`
  const move =
    differs.has('home') && args.move_home
      ? `\nmv -- "$(awk -F: -v n=${quote(args.name)} '$1 == n { print $6 }' /etc/passwd)" ${quote(args.home ?? '')}`
      : ''
  return [
    {
      do: 'run',
      env: Object.fromEntries(edits.map(([, field, value]) => [`F${field}`, value(args)])),
      script: `${differs.has('group') ? gid : ''}t=$(awk -F: -v n=${quote(args.name)} 'BEGIN { OFS = ":" } $1 == n { ${sets} } { print }' /etc/passwd) || exit 1${move}
printf '%s\\n' "$t" >/etc/passwd`,
      failure: `could not change ${args.name}`,
    },
  ]
}

/** What useradd would take: HOME_MODE of the host's settings, else what UMASK leaves. */
const DEFAULT_HOME_MODE = `"$(awk '$1 == "HOME_MODE" { m = $2 } $1 == "UMASK" { u = $2 } END { print m ? m : u ? "u=rwx,g=" p(substr(u, length(u) - 1, 1)) ",o=" p(substr(u, length(u), 1)) : "755" } function p(d) { return (d % 8 < 4 ? "r" : "") (d % 4 < 2 ? "w" : "") (d % 2 < 1 ? "x" : "") }' /etc/login.defs 2>/dev/null || echo 755)"`

function homeDirectory(args: UserArgs, differs: Differs, { home }: UserContext): RunAction[] {
  if (!differs.has('home directory')) return []
  const skeleton = quote(args.skeleton ?? '/etc/skel')
  const mode = args.umask === undefined ? DEFAULT_HOME_MODE : (0o777 & ~args.umask).toString(8)
  return [
    {
      do: 'run',
      script: `h=${quote(home)}; mkdir -p -- "$h" && { [ ! -d ${skeleton} ] || cp -R ${skeleton}/. "$h"/; } && chmod ${mode} "$h" && chown -R ${quote(args.name)}: "$h"`,
      failure: `could not make the home directory ${home}`,
    },
  ]
}

/** The hash is read from standard input: it never shows in a process list. */
function password(args: UserArgs, differs: Differs, small: boolean): RunAction[] {
  const set = differs.has('password') && args.password !== undefined
  const locked = args.password_lock === true ? `!${(args.password ?? '').replace(/^!/, '')}` : args.password
  const actions: RunAction[] = set
    ? [{ do: 'run', argv: ['chpasswd', '-e'], stdin: `${args.name}:${locked}\n`, failure: 'chpasswd failed' }]
    : []
  if (!differs.has('lock') || set) return actions
  const flag = args.password_lock === true ? 'L' : 'U'
  return [
    ...actions,
    run(small ? ['passwd', `-${flag === 'L' ? 'l' : 'u'}`, args.name] : ['usermod', `-${flag}`, args.name]),
  ]
}

function ages(args: UserArgs, differs: Differs): RunAction[] {
  const words = wantedAges(args).flatMap(age => (differs.has(age) ? [AGES[age], String(args[age])] : []))
  return words.length === 0 ? [] : [run(['chage', ...words, args.name])]
}

function run(argv: readonly string[]): RunAction {
  return { do: 'run', argv, failure: `${argv[0]} failed` }
}
