/**
 * What file systems keep of a file beside owner and mode: the attributes of chattr, and the context of SELinux. They are
 * asked only where a task names them, of any number of paths in one read; what differs is set by one script, which looks
 * again itself, since what it is run after may have made the file anew.
 *
 * As Ansible: a context counts only where SELinux is enabled on the host, its level only where there are levels, and
 * `_default` is what the policy has for the path.
 */
import { quote, quoteAll } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { Change, RunAction } from '../contract.ts'
import type { AttributeArgs } from './attributes.ts'

export interface HostPaths {
  readonly paths: readonly string[]
  /** Of a link, what it leads to. */
  readonly follow: boolean
  /** With all that is below them. */
  readonly recurse: boolean
}

/** Does the task name any of them? */
export function asksHost(args: AttributeArgs): boolean {
  return flagsWanted(args) !== null || contextWanted(args)
}

export function hostAttributesKey(args: AttributeArgs, where: HostPaths): Extract<Key, { kind: 'read' }> {
  const [flags, context] = [flagsWanted(args) !== null, contextWanted(args)]
  const asked = [flags, context, where.follow, where.recurse, isDefaulted(args)].map(Number).join('')
  return {
    kind: 'read',
    name: `host attributes ${asked} ${where.paths.join('\0')}`,
    script: forEach(where, {
      first: `${flags ? `${TOOLS} && printf f\n` : ''}${context ? `! ${ENABLED} || { printf s; ${LEVELS} && printf l; ${POLICY} && printf m; }` : ''}
printf '\\0'`,
      each: `for p do printf '%s\\0' "$p"
${flags ? `lsattr -d "$p" 2>&1` : ''}
printf '\\0'
${context ? `! ${ENABLED} || stat -c %C "$p" 2>/dev/null` : ''}
printf '\\0'
${isDefaulted(args) ? `! ${ENABLED} || matchpathcon -n "$p" 2>/dev/null` : ''}
printf '\\0'; done`,
    }),
  }
}

/** What has to change for what is there; a text says why it cannot. */
export function hostChanges(args: AttributeArgs, seen: ReadSeen): readonly Change[] | string {
  const [can = '', ...fields] = seen.stdout.split('\0')
  const changes: Change[] = []
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [subject = '', flags = '', context = '', policy = ''] = fields.slice(at, at + 4)
    const flagged = flagsChange(args, { subject, flags, has: can.includes('f') })
    if (typeof flagged === 'string') return flagged
    const labelled = contextChange(args, { subject, context: context.trim(), policy: policy.trim(), can })
    if (typeof labelled === 'string') return labelled
    changes.push(...flagged, ...labelled)
  }
  return changes
}

/** Sets what differs, and prints a line when it set something. */
export function hostAttributesAction(args: AttributeArgs, where: HostPaths): RunAction {
  const wanted = flagsWanted(args)
  const context = contextWanted(args)
  return {
    do: 'run',
    script: forEach(where, {
      each: `${wanted === null ? '' : flagsFunction(wanted)}
${context ? contextFunction(args, where.follow) : ''}
for p do
${wanted === null ? '' : 'flags "$p" || exit 1'}
${context ? `! ${ENABLED} || context "$p" || exit 1` : ''}
done`,
    }),
    failure: `attributes of ${where.paths[0] ?? ''} could not be set`,
  }
}

/** Takes away what would refuse a change to the file. */
export function unlocks(args: AttributeArgs): boolean {
  const wanted = flagsWanted(args)
  if (wanted === null || wanted.how === '+') return false
  return [...'ai'].some(letter => wanted.letters.includes(letter) === (wanted.how === '-'))
}

/** Letters that chattr takes. */
export const FLAG_LETTERS = 'aAcCdDeFijmPsStTux'
export const isFlagWord = (word: string): boolean => FLAG_PATTERN.test(word)

const FLAG_PATTERN = new RegExp(`^[-+=]?[${FLAG_LETTERS}]*$`)

interface FlagsWanted {
  readonly how: '+' | '-' | '='
  readonly letters: string
}

/** Without a sign they are all there shall be; a sign alone asks for nothing. */
function flagsWanted({ attributes = '' }: AttributeArgs): FlagsWanted | null {
  const [, sign = '', letters = ''] = /^([-+=]?)(.*)$/.exec(attributes) ?? []
  if (letters === '') return null
  return { how: sign === '+' || sign === '-' ? sign : '=', letters }
}

const CONTEXT = ['seuser', 'serole', 'setype', 'selevel'] as const
const contextWanted = (args: AttributeArgs): boolean => CONTEXT.some(name => args[name] !== undefined)
const isDefaulted = (args: AttributeArgs): boolean => CONTEXT.some(name => args[name] === '_default')

/** Flags that the file system sets by itself: asking for exactly some letters does not take these away. */
const OWN_FLAGS = 'eEhINVBXZ'

function flagsChange(
  args: AttributeArgs,
  { subject, flags, has }: { readonly subject: string; readonly flags: string; readonly has: boolean },
): readonly Change[] | string {
  const wanted = flagsWanted(args)
  if (wanted === null) return []
  if (!has) return 'attributes need lsattr and chattr on the host: install the package e2fsprogs'
  const [, shown] = /^([-A-Za-z]{5,}) /.exec(flags) ?? []
  if (shown === undefined)
    return `attributes of ${subject} cannot be read; its file system may have none: ${flags.trim()}`
  const now = new Set(shown.replaceAll('-', ''))
  const { how, letters } = wanted
  const more = how === '-' ? [] : [...letters].filter(letter => !now.has(letter))
  const isExtra = (letter: string) =>
    how === '-'
      ? letters.includes(letter)
      : how === '=' && !letters.includes(letter) && !OWN_FLAGS.includes(letter)
  const less = [...now].filter(isExtra)
  if (more.length === 0 && less.length === 0) return []
  return [{ what: 'attributes', subject, from: [...now].join(''), to: `${how}${letters}` }]
}

function contextChange(
  args: AttributeArgs,
  at: { readonly subject: string; readonly context: string; readonly policy: string; readonly can: string },
): readonly Change[] | string {
  if (!contextWanted(args) || !at.can.includes('s')) return []
  if (isDefaulted(args) && !at.can.includes('m'))
    return '_default needs matchpathcon on the host: install the package libselinux-utils'
  const now = partsOf(at.context)
  const policy = partsOf(at.policy)
  const wanted = CONTEXT.map((name, index) => {
    const asked = args[name]
    if (asked === undefined || (name === 'selevel' && !at.can.includes('l'))) return now[index]
    return asked === '_default' ? (policy[index] ?? now[index]) : asked
  })
  if (wanted.every((part, index) => part === now[index])) return []
  const to = wanted.filter(part => part !== undefined && part !== '').join(':')
  return [{ what: 'SELinux context', subject: at.subject, from: at.context, to }]
}

/** user:role:type:level, of which the level may hold colons. */
function partsOf(context: string): readonly string[] {
  const [user = '', role = '', type = '', ...level] = context.split(':')
  return [user, role, type, level.join(':')]
}

const TOOLS = 'command -v lsattr >/dev/null 2>&1 && command -v chattr >/dev/null 2>&1'
const POLICY = 'command -v matchpathcon >/dev/null 2>&1'
const ENABLED = '[ -e /sys/fs/selinux/enforce ]'
const LEVELS = '[ "$(cat /sys/fs/selinux/mls 2>/dev/null)" = 1 ]'

/** `each` gets what is there of the paths as "$@"; below folders links stay out. */
function forEach(
  { paths, follow, recurse }: HostPaths,
  { first = '', each }: { readonly first?: string; readonly each: string },
): string {
  const followed = follow ? '[ ! -L "$p" ] || [ ! -e "$p" ] || p=$(readlink -f -- "$p"); ' : ''
  return `${first}
set -- ${quoteAll(paths)}
for p do shift; ${followed}if [ -e "$p" ] || [ -L "$p" ]; then set -- "$@" "$p"; fi; done
[ $# != 0 ] || exit 0
${recurse ? `find "$@" ! -type l -exec sh -c ${quote(each)} sh {} +` : each}`
}

function flagsFunction({ how, letters }: FlagsWanted): string {
  const set = {
    '+': `m=+${letters}`,
    '-': `m=-${letters}`,
    '=': `d=$(printf %s "$c" | tr -d -- ${quote(`${letters}${OWN_FLAGS}-`)}); m="+${letters}\${d:+ -$d}"`,
  }[how]
  return `flags() {
c=$(lsattr -d "$1" 2>&1) || { printf '%s\\n' "$c" >&2; return 1; }
c=\${c%% *}; ${set}
chattr $m "$1" || return 1
[ "$(lsattr -d "$1")" = "$c $1" ] || echo changed; }`
}

function contextFunction(args: AttributeArgs, follow: boolean): string {
  const options = { seuser: '-u', serole: '-r', setype: '-t', selevel: '-l' } as const
  const lines = CONTEXT.flatMap(name => {
    const asked = args[name]
    if (asked === undefined) return []
    const field = CONTEXT.indexOf(name) + 1
    const value =
      asked === '_default'
        ? `"$(matchpathcon -n "$1" | cut -d: -f${field === 4 ? '4-' : field})"`
        : quote(asked)
    const add = `set -- "$@" ${options[name]} ${value}`
    return [name === 'selevel' ? `! ${LEVELS} || ${add}` : add]
  })
  return `context() {
b=$(stat -c %C "$1")
${lines.join('\n')}
p=$1; shift; [ $# != 0 ] || return 0
chcon${follow ? '' : ' -h'} "$@" "$p" || return 1
[ "$(stat -c %C "$p")" = "$b" ] || echo changed; }`
}
