/**
 * Owner, group and mode: the arguments all file modules share, and what has to change for them.
 * Names are compared by id, so a name and its number are the same owner; changes are made by id too.
 */
import type { Dict } from '../../base/value.ts'
import type { Key, PathSeen, Seen } from '../../probes/contract.ts'
import type { Change, FileAttributes } from '../contract.ts'
import { bool, owner, text } from './arguments.ts'
import { only } from './honoured.ts'
import { FLAG_LETTERS, isFlagWord } from './host-attributes.ts'
import { type Mode, mode, modeBits, modeText } from './mode.ts'

/** seuser to attributes are carried out by defineFileModule. */
export const attributeShape = () => ({
  mode: mode().optional(),
  owner: owner().optional(),
  group: owner().optional(),
  seuser: text().optional(),
  serole: text().optional(),
  setype: text().optional(),
  selevel: text().optional(),
  attributes: only(text(), isFlagWord, `chattr takes ${FLAG_LETTERS}, with +, - or = in front`).optional(),
  unsafe_writes: bool().default(false),
})

export const ATTRIBUTE_ALIASES = { attr: 'attributes' } as const

export interface AttributeArgs {
  readonly mode?: Mode | undefined
  readonly owner?: string | number | undefined
  readonly group?: string | number | undefined
  readonly seuser?: string | undefined
  readonly serole?: string | undefined
  readonly setype?: string | undefined
  readonly selevel?: string | undefined
  readonly attributes?: string | undefined
  readonly unsafe_writes?: boolean | undefined
}

/** Something that is there. */
export type Present = Extract<PathSeen, { mode: number }>

export const isPresent = (seen: PathSeen): seen is Present =>
  seen.type !== 'absent' && seen.type !== 'unknown'

export function ownerKeys(args: AttributeArgs): readonly Key[] {
  return [
    ...(isName(args.owner) ? [{ kind: 'user' as const, name: args.owner }] : []),
    ...(isName(args.group) ? [{ kind: 'group' as const, name: args.group }] : []),
  ]
}

/** The attributes wanted of one thing, in numbers; or why they cannot be told. */
export type Wanted =
  | { readonly problem: string }
  | { readonly problem: null; readonly mode?: number; readonly owner?: number; readonly group?: number }

export function wantedAttributes(
  args: AttributeArgs,
  seen: Seen,
  { current, isDirectory = false }: { readonly current: PathSeen; readonly isDirectory?: boolean },
): Wanted {
  const owner = userId(args.owner, seen)
  const group = groupId(args.group, seen)
  if (typeof owner === 'string') return { problem: owner }
  if (typeof group === 'string') return { problem: group }
  const bits =
    args.mode === undefined
      ? undefined
      : modeBits(args.mode, isPresent(current) ? current.mode : null, isDirectory)
  return {
    problem: null,
    ...(bits === undefined ? {} : { mode: bits }),
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
  }
}

/** Only what differs; nothing for a thing that is not there yet, whose making says it all. */
export function attributeChanges(path: string, current: PathSeen, wanted: FileAttributes): readonly Change[] {
  if (!isPresent(current)) return []
  const changes: Change[] = []
  if (wanted.owner !== undefined && wanted.owner !== current.uid)
    changes.push({ what: 'owner', subject: path, from: current.owner ?? current.uid, to: wanted.owner })
  if (wanted.group !== undefined && wanted.group !== current.gid)
    changes.push({ what: 'group', subject: path, from: current.group ?? current.gid, to: wanted.group })
  if (wanted.mode !== undefined && current.type !== 'link' && wanted.mode !== current.mode)
    changes.push({ what: 'mode', subject: path, from: modeText(current.mode), to: modeText(wanted.mode) })
  return changes
}

/** mode, owner, group, uid, gid, size and state, as file modules return them. */
export function attributeResult(current: Present): Dict {
  return {
    mode: modeText(current.mode),
    uid: current.uid,
    gid: current.gid,
    owner: current.owner ?? String(current.uid),
    group: current.group ?? String(current.gid),
    size: current.size,
    state: current.type,
  }
}

/** The result after a change: what was seen, with what was asked for on top. */
export function predictedResult(
  current: PathSeen,
  args: AttributeArgs,
  wanted: FileAttributes & { readonly size?: number; readonly state: string; readonly maker?: string },
): Dict {
  const before = isPresent(current) ? attributeResult(current) : ownerOfNew(wanted.maker)
  const bits =
    wanted.mode ?? (isPresent(current) ? current.mode : wanted.state === 'directory' ? 0o755 : 0o644)
  return {
    ...before,
    mode: modeText(bits),
    ...(wanted.owner === undefined ? {} : { uid: wanted.owner, owner: String(args.owner) }),
    ...(wanted.group === undefined ? {} : { gid: wanted.group, group: String(args.group) }),
    ...(wanted.size === undefined ? {} : { size: wanted.size }),
    state: wanted.state,
  }
}

/** A new file belongs to whoever makes it; only of root are all names and numbers known beforehand. */
function ownerOfNew(maker: string | undefined): Dict {
  if (maker === undefined) return {}
  return maker === 'root' ? { uid: 0, gid: 0, owner: 'root', group: 'root' } : { owner: maker }
}

const isName = (owner: string | number | undefined): owner is string =>
  typeof owner === 'string' && !/^\d+$/.test(owner)

function userId(owner: string | number | undefined, seen: Seen): number | string | undefined {
  if (owner === undefined) return undefined
  if (!isName(owner)) return Number(owner)
  const user = seen.get({ kind: 'user', name: owner })
  return user.exists ? user.uid : `There is no user ${owner} on the host`
}

function groupId(group: string | number | undefined, seen: Seen): number | string | undefined {
  if (group === undefined) return undefined
  if (!isName(group)) return Number(group)
  const found = seen.get({ kind: 'group', name: group })
  return found.exists ? found.gid : `There is no group ${group} on the host`
}
