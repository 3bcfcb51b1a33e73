/**
 * A file written whole: into a new file beside it, made durable, given owner and mode, checked, then renamed.
 *
 * The directory is entered once and everything happens by names inside it, so nobody can swap a component on
 * the way; owner and mode are set through the open descriptor, so nobody can swap the new file. Without
 * owner or mode the former file's stay (a new file, and with `fresh` any, gets 0644).
 * Exit codes: see explain-failure.ts. Prints the path of the backup, if one was made.
 */
import { quote } from '../base/quote.ts'
import type { Action } from '../modules/contract.ts'
import { chmodWord, ownerWord } from './attributes.ts'
import type { RenderOptions } from './render-action.ts'

export type PutAction = Extract<Action, { do: 'put' }>

export function putScript(action: PutAction, options: Pick<RenderOptions, 'token' | 'precondition'>): string {
  const slash = action.path.lastIndexOf('/')
  const directory = slash > 0 ? action.path.slice(0, slash) : '/'
  return [
    `d=${quote(`./${action.path.slice(slash + 1)}`)} t=./.vpai-${options.token}.tmp`,
    `cd -P -- ${quote(directory)} || exit 90`,
    '[ ! -d "$d" ] || [ -L "$d" ] || exit 94',
    WRITE,
    arrived(action.content.length),
    attributes(action),
    action.mtime === undefined ? '' : `touch -d @${action.mtime} -- "$t" || exit 97`,
    action.validate === undefined ? '' : validate(action.validate),
    guard(options),
    action.backup === true ? backup(directory) : '',
    SELINUX,
    action.unsafe === true ? UNSAFE : RENAME,
  ]
    .filter(line => line !== '')
    .join('\n')
}

/** Whole, and whose it is so far. */
const arrived = (length: number): string => `n=$(stat -c '%s %u:%g' -- "$t")
[ "\${n% *}" = ${length} ] || exit 91; n=\${n#* }`

/** What may be left is removed by the trap of WRITE. */
const UNSAFE = 'mv -f -T -- "$t" "$d" 2>/dev/null || cat -- "$t" >"$d" || exit 96'

/** Busybox takes a link to a folder for the folder: there the link has to go first. */
const RENAME = `mv -f -T -- "$t" "$d" 2>/dev/null || { [ ! -L "$d" ] || rm -f -- "$d"; mv -f -T -- "$t" "$d"; } || exit 96
trap - 0`

/** `set -C` makes the shell open with O_EXCL; dd's fsync is the only one every host has. */
const WRITE = `trap 'rm -f -- "$t"' 0
umask 077; set -C; command exec 9>"$t" || exit 96; set +C
dd bs=262144 conv=fsync 2>/dev/null >&9 || exit 96
f=/proc/self/fd/9; [ -e "$f" ] || f=$t`

/** Owner before mode, because chown clears setuid bits. */
function attributes(action: PutAction): string {
  const { mode, owner, group } = action
  const wanted = ownerWord(action)
  const lines = ['m=644 u=']
  if (action.fresh !== true)
    lines.push(
      `if [ -f "$d" ] && [ ! -L "$d" ]; then m=$(stat -c '%a %u:%g' -- "$d"); u=\${m#* } m=\${m% *}; ${ACL}; fi`,
    )
  if (owner === undefined || group === undefined)
    lines.push('[ -z "$u" ] || [ "$u" = "$n" ] || chown "$u" "$f" 9>&9 2>/dev/null')
  if (wanted !== null) lines.push(`chown ${wholeOwner(action)} "$f" 9>&9 || exit 97`)
  lines.push(`chmod ${mode === undefined ? '"$m"' : chmodWord(mode)} "$f" 9>&9 || exit 97`)
  return lines.join('\n')
}

/**
 * Where only one of the two is given, busybox would take the other from the descriptor's link. It may have been taken
 * over from the former file just before, so it is asked.
 */
function wholeOwner({ owner, group }: PutAction): string {
  const own = (part: 'u' | 'g') => `"$(stat -c %${part} -- "$t")"`
  const word = (name: string | number | undefined, part: 'u' | 'g') =>
    name === undefined ? own(part) : quote(String(name))
  return `${word(owner, 'u')}:${word(group, 'g')}`
}

/** Access control lists are lost by replacing a file, so they are carried over where the tools are there. */
const ACL = `if command -v getfacl >/dev/null 2>&1 && [ -n "$(getfacl -cs -- "$d" 2>/dev/null)" ]; then getfacl -c -- "$d" 2>/dev/null | setfacl --set-file=- -- "$t"; fi`

/** The path is exported too, so that %s inside a quoted `sh -c` still finds it. */
function validate(command: string): string {
  return `v=$(pwd -P)/\${t#./}; export v
( ${command.replaceAll('%s', '"$v"')} ) 9>&- </dev/null >&2 || exit 92`
}

function guard(options: Pick<RenderOptions, 'precondition'>): string {
  const { precondition } = options
  if (precondition === undefined) return ''
  if (precondition.is === 'absent') return '[ ! -e "$d" ] && [ ! -L "$d" ] || exit 93'
  return `[ "$(stat -c '%i %Z %s' -- "$d" 2>/dev/null)" = ${quote(precondition.stat)} ] || exit 93`
}

/** A hard link is instant and keeps everything; unsafe writes and odd file systems get a copy. */
function backup(directory: string): string {
  const shown = directory === '/' ? '' : directory
  return `if [ -e "$d" ]; then
b="$d.$$.$(date +%Y-%m-%d@%H:%M:%S)~"; while [ -e "$b" ]; do b="$b~"; done
cp -p -- "$d" "$b" || exit 95
printf '%s/%s' ${quote(shown)} "\${b#./}"
fi`
}

const SELINUX = `if [ -d /sys/fs/selinux ]; then
if [ -e "$d" ]; then chcon --reference="$d" "$t" 2>/dev/null; else restorecon "$t" 2>/dev/null; fi
fi`
