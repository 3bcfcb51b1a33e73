/** file: states absent, directory and file. */
import type { PathSeen, Seen } from '../../probes/contract.ts'
import type { Verdict } from '../contract.ts'
import type { FileArgs } from '../file.ts'
import {
  attributeChanges,
  attributeResult,
  isPresent,
  type Present,
  predictedResult,
  wantedAttributes,
} from './attributes.ts'
import { followedKey, linkKey } from './file-keys.ts'
import { treeAction, treeChanges, treeKey } from './tree-attributes.ts'

export function decideAbsent(args: FileArgs, link: PathSeen): Verdict {
  const { path } = args
  const result = { path, state: 'absent' }
  if (!isPresent(link)) return { kind: 'ok', result }
  return {
    kind: 'change',
    changes: [{ what: 'state', subject: path, from: link.type, to: 'absent' }],
    apply: [{ do: 'remove', path }],
    result,
  }
}

/** A link to a directory counts as the directory, as long as links are followed. */
export function decideDirectory(args: FileArgs, seen: Seen, maker: string): Verdict {
  const { path } = args
  const link = seen.get(linkKey(path))
  const current = link.type === 'link' && args.follow ? seen.get(followedKey(path)) : link
  if (isPresent(current) && current.type !== 'directory')
    return {
      kind: 'fail',
      message: `${path} already exists as a ${current.type}`,
      result: { path, state: current.type },
    }
  if (link.type === 'link' && !isPresent(current))
    return { kind: 'fail', message: `${path} is a link that leads nowhere`, result: { path, state: 'link' } }
  if (current.type === 'absent' && current.blocked)
    return { kind: 'fail', message: `${path} cannot be made: something above it is not a directory` }
  const wanted = wantedAttributes(args, seen, { current, isDirectory: true })
  if (wanted.problem !== null) return { kind: 'fail', message: wanted.problem }
  const { problem: _none, ...attributes } = wanted
  if (isPresent(current)) {
    return args.recurse
      ? recursively(args, { seen, current, attributes })
      : adjusted(args, current, attributes)
  }
  return {
    kind: 'change',
    changes: [{ what: 'state', subject: path, from: 'absent', to: 'directory' }],
    apply: [{ do: 'mkdir', path, ...attributes }],
    result: { path, ...predictedResult(current, args, { ...attributes, state: 'directory', maker }) },
  }
}

export function decideFile(args: FileArgs, seen: Seen): Verdict {
  const { path } = args
  const link = seen.get(linkKey(path))
  const current = link.type === 'link' && args.follow ? seen.get(followedKey(path)) : link
  if (!isPresent(current))
    return {
      kind: 'fail',
      message: `file (${path}) is absent, cannot continue`,
      result: { path, state: 'absent' },
    }
  if (current.type === 'directory')
    return {
      kind: 'fail',
      message: `file (${path}) is directory, cannot continue`,
      result: { path, state: 'directory' },
    }
  const wanted = wantedAttributes(args, seen, { current })
  if (wanted.problem !== null) return { kind: 'fail', message: wanted.problem }
  const { problem: _none, ...attributes } = wanted
  return adjusted(args, current, attributes)
}

type Attributes = { readonly mode?: number; readonly owner?: number; readonly group?: number }

function adjusted(args: FileArgs, current: Present, attributes: Attributes): Verdict {
  const { path, follow } = args
  const changes = attributeChanges(path, current, attributes)
  if (changes.length === 0) return { kind: 'ok', result: { path, ...attributeResult(current) } }
  return {
    kind: 'change',
    changes,
    apply: [{ do: 'attributes', path, follow, ...attributes }],
    result: { path, ...predictedResult(current, args, { ...attributes, state: current.type }) },
  }
}

function recursively(
  args: FileArgs,
  {
    seen,
    current,
    attributes,
  }: { readonly seen: Seen; readonly current: Present; readonly attributes: Attributes },
): Verdict {
  const { path } = args
  const wanted = { ...attributes, mode: args.mode }
  const changes = treeChanges(path, seen.get(treeKey(path)), wanted)
  if (changes.length === 0) return { kind: 'ok', result: { path, ...attributeResult(current) } }
  return {
    kind: 'change',
    changes,
    apply: treeAction(path, args, wanted),
    result: { path, ...predictedResult(current, args, { ...attributes, state: 'directory' }) },
  }
}
