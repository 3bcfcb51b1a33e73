/** A directory of the project, with all it holds. A source with a slash at its end gives its contents only. */
import type { Key, PathSeen, Seen } from '../../probes/contract.ts'
import type { Action, Change, Context, FileAttributes, LocalEntry, LocalFile, Verdict } from '../contract.ts'
import { type AttributeArgs, attributeChanges, isPresent, ownerKeys, wantedAttributes } from './attributes.ts'
import { digest } from './digest.ts'
import { type Mode, modeBits } from './mode.ts'
import { baseName, join } from './paths.ts'

interface TreeArgs extends AttributeArgs {
  readonly src: string
  readonly dest: string
  readonly backup: boolean
  readonly force: boolean
  readonly directory_mode?: Mode | undefined
}

interface Step {
  readonly changes: readonly Change[]
  readonly actions: readonly Action[]
}

type Tree = Extract<LocalFile, { kind: 'tree' }>

export function copyTree(
  args: TreeArgs,
  tree: Tree,
  { seen }: { readonly seen: Seen; readonly ctx: Context },
): Verdict {
  const root = args.src.endsWith('/') ? args.dest : join(args.dest, baseName(args.src))
  const entries = [{ type: 'directory', path: '', mode: 0o755 } as const, ...tree.entries]
  const keys = [...entries.map(entry => entryKey(root, entry)), ...ownerKeys(args)]
  const missing = keys.filter(key => !seen.has(key))
  if (missing.length > 0) return { kind: 'ask', keys: missing }
  const steps: Step[] = []
  for (const entry of entries) {
    const step = stepFor(args, { root, entry }, seen)
    if (typeof step === 'string') return { kind: 'fail', message: step }
    steps.push(step)
  }
  const apply = steps.flatMap(step => step.actions)
  const result = { dest: args.dest, src: args.src }
  if (apply.length === 0) return { kind: 'ok', result }
  return {
    kind: 'change',
    changes: steps.flatMap(step => step.changes),
    apply,
    result,
  }
}

const NOTHING: Step = { changes: [], actions: [] }

const entryKey = (root: string, entry: LocalEntry): Extract<Key, { kind: 'path' }> => ({
  kind: 'path',
  path: join(root, entry.path),
  hash: entry.type === 'file',
  // A link to a directory is as good as a directory.
  follow: entry.type === 'directory',
})

/** A text is the reason why the tree cannot be copied. */
function stepFor(
  args: TreeArgs,
  { root, entry }: { readonly root: string; readonly entry: LocalEntry },
  seen: Seen,
): Step | string {
  const path = join(root, entry.path)
  const current = seen.get(entryKey(root, entry))
  if (current.type === 'unknown') return `${path} cannot be looked at: ${current.reason}`
  const isDirectory = entry.type === 'directory'
  if (isPresent(current) && isDirectory !== (current.type === 'directory'))
    return `${path} is a ${current.type} on the host and a ${entry.type} in the project`
  if (entry.type === 'link') {
    if (current.type === 'link' && current.target === entry.target) return NOTHING
    return made(path, { do: 'link', path, target: entry.target, force: true })
  }
  const local = args.mode === 'preserve' ? { ...args, mode: entry.mode } : args
  const wanted = wantedAttributes(isDirectory ? { ...local, mode: undefined } : local, seen, { current })
  if (wanted.problem !== null) return wanted.problem
  const { problem: _none, ...attributes } = wanted
  if (entry.type === 'file') return fileStep({ path, content: entry.content, args }, { current, attributes })
  if (isPresent(current)) return NOTHING
  const bits = args.directory_mode === undefined ? undefined : modeBits(args.directory_mode, null, true)
  return made(path, { do: 'mkdir', path, ...attributes, ...(bits === undefined ? {} : { mode: bits }) })
}

function fileStep(
  { path, content, args }: { readonly path: string; readonly content: Uint8Array; readonly args: TreeArgs },
  { current, attributes }: { readonly current: PathSeen; readonly attributes: FileAttributes },
): Step {
  if (!args.force && isPresent(current)) return NOTHING
  const sha256 = digest('sha256', content)
  if (current.type !== 'file' || current.sha256 !== sha256) {
    return {
      changes: [
        {
          what: 'content',
          subject: path,
          from: current.type === 'absent' ? null : current.type,
          to: `sha256:${sha256.slice(0, 12)}`,
        },
      ],
      actions: [{ do: 'put', path, content, ...attributes, backup: args.backup }],
    }
  }
  const changes = attributeChanges(path, current, attributes)
  return changes.length === 0 ? NOTHING : { changes, actions: [{ do: 'attributes', path, ...attributes }] }
}

function made(path: string, action: Action): Step {
  return {
    changes: [
      { what: 'state', subject: path, from: 'absent', to: action.do === 'mkdir' ? 'directory' : 'link' },
    ],
    actions: [action],
  }
}
