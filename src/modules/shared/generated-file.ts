/**
 * The frame of modules whose file is made by a program of the host (keys, requests, certificates): looked at,
 * made beside the old one when something is wrong with that, moved over it whole. What is made never leaves the host
 * unless the task asks for its content.
 */
import { quote } from '../../base/quote.ts'
import type { Key, PathSeen, Seen } from '../../probes/contract.ts'
import type { Action, Output, Result, RunAction, Verdict } from '../contract.ts'
import {
  type AttributeArgs,
  attributeChanges,
  attributeResult,
  isPresent,
  ownerKeys,
  predictedResult,
  wantedAttributes,
} from './attributes.ts'
import { contentText } from './content-text.ts'
import { modeText } from './mode.ts'
import { directoryOf } from './paths.ts'
import { fail } from './results.ts'

export interface GeneratedArgs extends AttributeArgs {
  readonly path: string
  readonly backup: boolean
}

export interface Generated {
  readonly args: GeneratedArgs
  /** As in "the private key". */
  readonly what: string
  /** Why it is made anew; null when it is right as it is. */
  readonly reason: string | null
  /** sh that writes the new content to standard output. */
  readonly make: Pick<RunAction, 'env' | 'files'> & { readonly script: string }
  /** What is known of the result before anything is done. */
  readonly result: Result
  /** What is to be read of the new file for the result. */
  readonly readBack?: () => Generator<Action, Result, Output>
  /** What tasks after this one may look at. */
  readonly touches?: readonly Key[]
  readonly warnings?: readonly string[]
}

export function generatedKeys(args: GeneratedArgs): readonly Key[] {
  return [pathKey(args.path), parentKey(args.path), ...ownerKeys(args)]
}

export function generatedFile(generated: Generated, seen: Seen): Verdict {
  const { args, reason, what, result: known } = generated
  const { path } = args
  const current = seen.get(pathKey(path))
  if (current.type === 'unknown') return fail(`${path} cannot be looked at: ${current.reason}`)
  if (current.type === 'directory') return fail(`${path} is a directory, not a file`)
  if (seen.get(parentKey(path)).type !== 'directory')
    return fail(`The directory ${directoryOf(path)} does not exist or the file is not a directory`)
  const wanted = wantedAttributes(args, seen, { current })
  if (wanted.problem !== null) return fail(wanted.problem)
  const { problem: _none, ...attributes } = wanted
  const changes = attributeChanges(path, current, attributes)
  const { warnings = [] } = generated
  if (reason === null && isPresent(current)) {
    // `size` of a key is in bits, and goes before the size of its file.
    const result = { ...attributeResult(current), ...known }
    if (changes.length === 0) return { kind: 'ok', result, warnings }
    const predicted = predictedResult(current, args, { ...attributes, state: 'file' })
    const apply = [{ do: 'attributes' as const, path, ...attributes }]
    return { kind: 'change', changes, apply, result: { ...predicted, ...known }, warnings }
  }
  const place = { current, attributes }
  return {
    kind: 'change',
    changes: [
      { what, subject: path, from: isPresent(current) ? (reason ?? '') : null, to: 'made anew' },
      ...changes,
    ],
    result: { ...predictedResult(current, args, { ...attributes, state: 'file' }), ...known },
    touches: [pathKey(path), { kind: 'content', path }, ...(generated.touches ?? [])],
    warnings,
    apply: function* () {
      const made = yield makeAction(generated, place)
      const backup = made.stdout.trim()
      return {
        ...(backup === '' ? {} : { backup_file: backup }),
        ...(generated.readBack === undefined ? {} : yield* generated.readBack()),
      }
    },
  }
}

/** state: absent. */
export function generatedAbsent(args: GeneratedArgs, seen: Seen, what: string): Verdict {
  const { path } = args
  const result = { filename: path }
  const current = seen.get(pathKey(path))
  if (current.type === 'unknown') return fail(`${path} cannot be looked at: ${current.reason}`)
  if (current.type === 'absent') return { kind: 'ok', result }
  const backup: Action = {
    do: 'run',
    script: `p=${quote(path)}\n${BACKUP}`,
    failure: `the backup of ${path} failed`,
  }
  return {
    kind: 'change',
    changes: [{ what, subject: path, from: 'present', to: null }],
    touches: [pathKey(path), { kind: 'content', path }],
    result,
    apply: function* () {
      const kept = args.backup ? (yield backup).stdout.trim() : ''
      yield { do: 'remove', path }
      const none: Result = {}
      return kept === '' ? none : { backup_file: kept }
    },
  }
}

/** return_content: what the file holds now, under the name that Ansible gives it. */
export function contentKeys(args: GeneratedArgs & { readonly return_content: boolean }): readonly Key[] {
  return args.return_content ? [{ kind: 'content', path: args.path }] : []
}

export function returnedContent(
  args: GeneratedArgs & { readonly return_content: boolean },
  seen: Seen,
  name: string,
): Result {
  const text = args.return_content
    ? contentText(seen.get({ kind: 'content', path: args.path }), args.path)
    : null
  return text === null ? {} : { [name]: text }
}

/** The answer of a `read` key asked again after a change. */
export function* askAgain(key: Extract<Key, { kind: 'read' }>): Generator<Action, Output, Output> {
  return yield {
    do: 'run',
    script: key.script,
    ...(key.env === undefined ? {} : { env: key.env }),
    ok: 'any',
    readOnly: true,
  }
}

interface Place {
  readonly current: PathSeen
  readonly attributes: { readonly mode?: number; readonly owner?: number; readonly group?: number }
}

/** Without owner or mode the former file's stay. */
function makeAction({ args, what, make }: Generated, { current, attributes }: Place): RunAction {
  const { mode, owner, group } = attributes
  const before = isPresent(current) && current.type === 'file' ? current : null
  const kept = before === null ? null : `${before.uid}:${before.gid}`
  const wanted = `${owner ?? ''}${group === undefined ? '' : `:${group}`}`
  return {
    do: 'run',
    script: `p=${quote(args.path)}
t=$(umask 077; mktemp ${quote(directoryOf(args.path))}/.vpai-XXXXXXXXXX) || exit 96
trap 'rm -f -- "$t"' 0
( umask 077; ${make.script}
) >"$t" || exit 1
[ -s "$t" ] || { echo 'nothing came out' >&2; exit 1; }
${args.backup ? `{ ${BACKUP}; } || exit 95` : ''}
${kept === null ? '' : `chown ${kept} "$t" 2>/dev/null`}
${wanted === '' ? '' : `chown ${quote(wanted)} "$t" || exit 97`}
chmod ${modeText(mode ?? before?.mode ?? 0o644)} "$t" || exit 97
sync "$t" 2>/dev/null
mv -f -- "$t" "$p" ${args.unsafe_writes ? '2>/dev/null || cat -- "$t" >"$p" ' : ''}|| exit 96`,
    ...(make.env === undefined ? {} : { env: make.env }),
    ...(make.files === undefined ? {} : { files: make.files }),
    failure: `making the ${what} ${args.path} failed`,
    timeoutS: 3600,
  }
}

const BACKUP = `if [ -e "$p" ]; then b="$p.$$.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -p -- "$p" "$b" && printf '%s' "$b"; fi`

const pathKey = (path: string) => ({ kind: 'path', path }) as const
const parentKey = (path: string) => ({ kind: 'path', path: directoryOf(path), follow: true }) as const
