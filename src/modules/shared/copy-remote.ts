/** copy with remote_src: from one place of the host to another, without the bytes passing through here. */
import { quote } from '../../base/quote.ts'
import type { Key, PathSeen, Seen } from '../../probes/contract.ts'
import type { Context, FileAttributes, RunAction, Steps, Verdict } from '../contract.ts'
import {
  type AttributeArgs,
  attributeChanges,
  attributeResult,
  isPresent,
  ownerKeys,
  predictedResult,
  wantedAttributes,
} from './attributes.ts'
import { checksumKey, checksumOf } from './checksum.ts'
import { modeText } from './mode.ts'
import { baseName, directoryOf, join } from './paths.ts'

export interface RemoteArgs extends AttributeArgs {
  readonly src: string
  readonly dest: string
  readonly backup: boolean
  readonly force: boolean
  readonly follow: boolean
  readonly validate?: string | undefined
}

export function remoteKeys(
  args: { readonly src?: string; readonly dest: string } & AttributeArgs,
): readonly Key[] {
  return [hashed(args.src ?? ''), hashed(args.dest), ...ownerKeys(args)]
}

export function copyRemote(args: RemoteArgs, seen: Seen, ctx: Context): Verdict {
  const source = seen.get(hashed(args.src))
  if (source.type === 'absent') return { kind: 'fail', message: `Source ${args.src} not found` }
  if (source.type === 'unknown')
    return { kind: 'fail', message: `Source ${args.src} cannot be looked at: ${source.reason}` }
  if (source.type === 'directory') return copyDirectory(args, seen)
  if (source.type !== 'file') return { kind: 'fail', message: `Source ${args.src} is a ${source.type}` }
  const into = args.dest.endsWith('/') || seen.get(hashed(args.dest)).type === 'directory'
  const dest = into ? join(args.dest, baseName(args.src)) : args.dest
  const keys = [hashed(dest), parentOf(dest)].filter(key => !seen.has(key))
  return keys.length > 0 ? { kind: 'ask', keys } : copyFile({ ...args, dest }, source, { seen, ctx })
}

const hashed = (path: string) => ({ kind: 'path', path, follow: true, hash: true }) as const
const parentOf = (path: string) => ({ kind: 'path', path: directoryOf(path), follow: true }) as const

function copyFile(
  args: RemoteArgs,
  source: Extract<PathSeen, { type: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'char' | 'block' }>,
  { seen, ctx }: { readonly seen: Seen; readonly ctx: Context },
): Verdict {
  const { dest } = args
  const current = seen.get(hashed(dest))
  if (current.type === 'unknown')
    return { kind: 'fail', message: `${dest} cannot be looked at: ${current.reason}` }
  if (seen.get(parentOf(dest)).type === 'absent')
    return { kind: 'fail', message: `Destination directory ${directoryOf(dest)} does not exist` }
  if (!args.force && isPresent(current))
    return { kind: 'ok', result: { dest, src: args.src, msg: 'file already exists' } }
  const preserved = args.mode === 'preserve' ? { ...args, mode: source.mode } : args
  const wanted = wantedAttributes(preserved, seen, { current })
  if (wanted.problem !== null) return { kind: 'fail', message: wanted.problem }
  const { problem: _none, ...attributes } = wanted
  const differs = current.type !== 'file' || source.sha256 === undefined || current.sha256 !== source.sha256
  const edits = attributeChanges(dest, current, attributes)
  const sum = checksumKey(args.src, 'sha1')
  if (!seen.has(sum)) return { kind: 'ask', keys: [sum] }
  const about = { dest, src: args.src, checksum: checksumOf(seen.get(sum)) }
  if (!differs && edits.length === 0 && isPresent(current))
    return { kind: 'ok', result: { ...about, ...attributeResult(current) } }
  const content = {
    what: 'content',
    subject: dest,
    from: isPresent(current) ? (current.sha256 ?? current.type) : null,
    to: source.sha256 ?? null,
  }
  return {
    kind: 'change',
    changes: [...(differs ? [content] : []), ...edits],
    apply: differs
      ? copySteps(args, attributes)
      : [{ do: 'attributes', path: dest, follow: true, ...attributes }],
    result: {
      ...about,
      ...predictedResult(current, args, { ...attributes, size: source.size, state: 'file', maker: ctx.user }),
    },
    touches: [{ kind: 'path', path: dest }],
  }
}

function copySteps(args: RemoteArgs, attributes: FileAttributes): Steps {
  return function* (): ReturnType<Steps> {
    const output = yield copyAction(args, attributes)
    const [md5 = '', backup = ''] = output.stdout.split('\n')
    return { md5sum: md5.slice(0, 32), ...(backup === '' ? {} : { backup_file: backup }) }
  }
}

/** The same care as a put: a new file beside it, validated, then renamed. */
function copyAction(
  { src, dest, backup, validate, follow, unsafe_writes }: RemoteArgs,
  attributes: FileAttributes,
): RunAction {
  const { owner, group, mode } = attributes
  const chown =
    owner === undefined && group === undefined
      ? ''
      : `chown ${owner ?? ''}${group === undefined ? '' : `:${group}`} "$t" || exit 1`
  const script = [
    `s=${quote(src)} d=${quote(dest)}`,
    follow ? '[ ! -L "$d" ] || d=$(readlink -f -- "$d")' : '',
    `t=$(mktemp "\${d%/*}/.vpai-XXXXXXXXXX") || exit 1`,
    `trap 'rm -f -- "$t"' 0`,
    'cat -- "$s" >"$t" && md5sum <"$t" || exit 1',
    'if [ -f "$d" ]; then chown "$(stat -c %u:%g -- "$d")" "$t" 2>/dev/null; m=$(stat -c %a -- "$d"); else m=644; fi',
    chown,
    `chmod ${mode === undefined ? '"$m"' : modeText(mode)} "$t" || exit 1`,
    validate === undefined
      ? ''
      : `( ${validate.replaceAll('%s', '"$t"')} ) >&2 || { echo 'validation failed' >&2; exit 1; }`,
    backup
      ? `if [ -e "$d" ]; then b="$d.$$.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -p -- "$d" "$b" || exit 1; printf '%s' "$b"; fi`
      : '',
    `mv -f -T -- "$t" "$d"${unsafe_writes ? ' 2>/dev/null || cat -- "$t" >"$d"' : ''}`,
  ]
  return {
    do: 'run',
    script: script.filter(line => line !== '').join('\n'),
    failure: `${src} could not be copied to ${dest}`,
  }
}

/** diff -rq tells what is missing or differs; what only the destination has stays. */
function copyDirectory(args: RemoteArgs, seen: Seen): Verdict {
  const dest = args.src.endsWith('/') ? args.dest : join(args.dest, baseName(args.src))
  const compare: Key = {
    kind: 'read',
    name: `copy compare ${args.src} ${dest}`,
    files: [args.src.replace(/\/+$/, ''), dest],
    script: `s=${quote(args.src.replace(/\/+$/, ''))} d=${quote(dest)}; [ -d "$d" ] || { echo absent; exit 0; }
diff -rq "$s" "$d" 2>&1 | grep -v "^Only in $d[/:]" | head -n 50; :`,
  }
  if (!seen.has(compare)) return { kind: 'ask', keys: [compare] }
  const lines = seen
    .get(compare)
    .stdout.split('\n')
    .filter(line => line !== '')
  const result = { dest, src: args.src, state: 'directory' }
  if (lines.length === 0) return { kind: 'ok', result }
  const script = `s=${quote(args.src.replace(/\/+$/, ''))} d=${quote(dest)}; mkdir -p -- "$d" && cp -Rp -- "$s/." "$d/"`
  return {
    kind: 'change',
    changes: [
      {
        what: 'content',
        subject: dest,
        from: lines[0] === 'absent' ? null : `${lines.length} differences`,
        to: args.src,
      },
    ],
    apply: [{ do: 'run', script, failure: `${args.src} could not be copied to ${dest}` }],
    result,
    touches: [{ kind: 'path', path: dest }],
  }
}
