/**
 * Owner and mode of a whole tree. The host answers with the different combinations that occur, so the answer
 * is short for trees of any size, and symbolic modes can be judged for each of them.
 */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { Action, Change } from '../contract.ts'
import type { AttributeArgs } from './attributes.ts'
import { type Mode, modeBits, modeText } from './mode.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export function treeKey(path: string): ReadKey {
  return {
    kind: 'read',
    name: `tree attributes ${path}`,
    files: [path],
    script: `[ ! -d ${quote(path)} ] || find -H ${quote(path)} -exec stat -c '%f %u %g' -- {} + | sort | uniq -c`,
  }
}

export interface TreeWanted {
  readonly mode?: Mode | undefined
  readonly owner?: number | undefined
  readonly group?: number | undefined
}

/** One change for each attribute that something in the tree lacks. */
export function treeChanges(path: string, seen: ReadSeen, wanted: TreeWanted): readonly Change[] {
  const wrong = { owner: 0, group: 0, mode: 0 }
  for (const line of seen.stdout.split('\n')) {
    const match = /^\s*(\d+) ([0-9a-f]+) (\d+) (\d+)$/.exec(line)
    if (match === null) continue
    const [count, bits, uid, gid] = [
      Number(match[1]),
      Number.parseInt(match[2] ?? '0', 16),
      match[3],
      match[4],
    ]
    const type = bits >> 12
    if (wanted.owner !== undefined && Number(uid) !== wanted.owner) wrong.owner += count
    if (wanted.group !== undefined && Number(gid) !== wanted.group) wrong.group += count
    if (wanted.mode !== undefined && type !== LINK) {
      const current = bits & 0o7777
      const target = modeBits(wanted.mode, current, type === DIRECTORY)
      if (target !== undefined && target !== current) wrong.mode += count
    }
  }
  const targets = { owner: wanted.owner, group: wanted.group, mode: modeShown(wanted.mode) }
  return (['owner', 'group', 'mode'] as const)
    .filter(what => wrong[what] > 0)
    .map(what => ({
      what,
      subject: path,
      from: `${wrong[what]} in the tree differ`,
      to: targets[what] ?? null,
    }))
}

const DIRECTORY = 0x4
const LINK = 0xa

export function treeAction(path: string, args: AttributeArgs, wanted: TreeWanted): readonly Action[] {
  const { owner, group } = wanted
  const { mode } = args
  if (typeof mode !== 'object')
    return [
      {
        do: 'attributes',
        path,
        recursive: true,
        owner,
        group,
        ...(typeof mode === 'number' ? { mode } : {}),
      },
    ]
  const ids =
    owner === undefined && group === undefined
      ? []
      : [{ do: 'attributes', path, recursive: true, owner, group } as const]
  return [
    ...ids,
    { do: 'run', argv: ['chmod', '-R', '--', mode.symbolic, path], failure: `chmod of ${path} failed` },
  ]
}

const modeShown = (mode: Mode | undefined): string | undefined =>
  mode === undefined
    ? undefined
    : typeof mode === 'number'
      ? modeText(mode)
      : typeof mode === 'string'
        ? mode
        : mode.symbolic
