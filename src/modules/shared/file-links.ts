/** file: states link and hard. */
import type { Seen } from '../../probes/contract.ts'
import type { Change, Verdict } from '../contract.ts'
import type { FileArgs } from '../file.ts'
import { attributeChanges, isPresent, predictedResult, wantedAttributes } from './attributes.ts'
import { entriesKey, linkKey, parentKey, sourceKey } from './file-keys.ts'
import { directoryOf } from './paths.ts'

export function decideLink(args: FileArgs, seen: Seen, maker: string): Verdict {
  const { path, src = '', force } = args
  const current = seen.get(linkKey(path))
  if (sourceKey(args).path === path)
    return { kind: 'fail', message: `${path} would be a link to itself`, result: { path, src } }
  if (!force && !isPresent(seen.get(sourceKey(args)))) {
    return {
      kind: 'fail',
      message: `src file does not exist, use "force=yes" if you really want to create the link: ${sourceKey(args).path}`,
      result: { path, src },
    }
  }
  if (isPresent(current) && current.type !== 'link' && !force)
    return {
      kind: 'fail',
      message: `refusing to convert from ${current.type} to symlink for ${path}`,
      result: { path, src },
    }
  const obstacle = obstacleTo(args, seen)
  if (obstacle !== null) return obstacle
  const ids = wantedAttributes({ owner: args.owner, group: args.group }, seen, { current })
  if (ids.problem !== null) return { kind: 'fail', message: ids.problem }
  const { problem: _none, ...owners } = ids
  const same = current.type === 'link' && current.target === src
  const edits = same ? attributeChanges(path, current, owners) : []
  // Linux gives every link all bits, and the length of its text as size.
  const shape = { mode: 0o777, size: Buffer.byteLength(src), state: 'link', maker }
  const result = {
    dest: path,
    src,
    ...predictedResult(same ? current : { type: 'absent' }, args, { ...owners, ...shape }),
  }
  if (same && edits.length === 0) return { kind: 'ok', result }
  const from = current.type === 'link' ? (current.target ?? '') : isPresent(current) ? current.type : 'absent'
  const change: Change = { what: 'link', subject: path, from, to: src }
  return {
    kind: 'change',
    changes: same ? edits : [change],
    apply: same
      ? [{ do: 'attributes', path, ...owners }]
      : [{ do: 'link', path, target: src, force, ...owners }],
    result,
  }
}

export function decideHard(args: FileArgs, seen: Seen): Verdict {
  const { path, src = '', force } = args
  const current = seen.get(linkKey(path))
  const source = seen.get(sourceKey(args))
  if (!isPresent(source)) return { kind: 'fail', message: `src ${src} does not exist`, result: { path, src } }
  if (source.type === 'directory')
    return { kind: 'fail', message: `a directory cannot have a hard link: ${src}` }
  const same = isPresent(current) && current.inode === source.inode && current.device === source.device
  const result = { dest: path, src, ...predictedResult(source, args, { state: 'hard' }) }
  if (same) return { kind: 'ok', result }
  if (isPresent(current) && !force)
    return {
      kind: 'fail',
      message: `Cannot link, the destination ${path} exists; use force to replace it`,
      result: { path, src },
    }
  const obstacle = obstacleTo(args, seen)
  if (obstacle !== null) return obstacle
  const from = isPresent(current) ? current.type : 'absent'
  return {
    kind: 'change',
    changes: [{ what: 'link', subject: path, from, to: src }],
    apply: [{ do: 'link', path, target: src, hard: true, force }],
    result,
    touches: [linkKey(src)],
  }
}

/** Why nothing can be put at the path, or what has to be asked to tell. */
function obstacleTo(args: FileArgs, seen: Seen): Verdict | null {
  const { path, src = '' } = args
  const parent = seen.get(parentKey(args))
  if (parent.type !== 'directory') {
    const what = parent.type === 'absent' ? 'does not exist' : 'is not a directory'
    return { kind: 'fail', message: `${directoryOf(path)} ${what}`, result: { path, src } }
  }
  if (seen.get(linkKey(path)).type !== 'directory') return null
  const entries = entriesKey(path)
  if (!seen.has(entries)) return { kind: 'ask', keys: [entries] }
  if (seen.get(entries).stdout === '') return null
  const message = `the directory ${path} is not empty: no link takes its place`
  return { kind: 'fail', message, result: { path, src } }
}
