/**
 * mount: an entry of fstab, and the live mount.
 *
 * Args     path, src, fstype, opts, dump, passno, state, fstab, boot, backup, opts_no_log.
 * Changes  the entry; the mount; the mount point (made for mounted, removed for absent).
 * Errors   src or fstype missing; a remount of what is not mounted; another source mounted there already
 *          (ephemeral); mount's own words.
 *          Absent unmounts first and forgets the entry then, so that a busy mount is tried again next time.
 */
import type { z } from 'zod'
import type { Key, Seen } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Result, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { findEntry, fstabLine, withEntry, withoutEntry } from './shared/fstab-text.ts'
import {
  type LiveMount,
  liveMount,
  MOUNTS,
  type MountWish,
  mountAction,
  realPathKey,
  remountAction,
  renewAction,
  unmountAction,
} from './shared/mount-state.ts'
import { fail } from './shared/results.ts'

const STATES = [
  'mounted',
  'present',
  'absent',
  'unmounted',
  'remounted',
  'absent_from_fstab',
  'ephemeral',
] as const

const schema = () =>
  argumentsOf(
    {
      path: path(),
      src: word().optional(),
      fstype: word().optional(),
      opts: word().default('defaults'),
      opts_no_log: bool().default(false),
      dump: text().default('0'),
      passno: text().default('0'),
      state: choice(STATES),
      fstab: path().default('/etc/fstab'),
      boot: bool().default(true),
      backup: bool().default(false),
    },
    { name: 'path' },
  ).refine(
    args => !NEEDS_SOURCE.has(args.state) || (args.src !== undefined && args.fstype !== undefined),
    'needs src and fstype in this state',
  )
type Args = z.output<ReturnType<typeof schema>>

const NEEDS_SOURCE: ReadonlySet<string> = new Set(['mounted', 'present', 'ephemeral'])

export const mount = defineModule<Args>({
  name: 'mount',
  summary: 'An entry of fstab, and the live mount',
  args: schema,
  keys: args => [
    ...(usesTable(args) ? [tableKey(args)] : []),
    ...(args.state === 'present' || args.state === 'absent_from_fstab'
      ? []
      : [MOUNTS, realPathKey(args.path), pointKey(args)]),
  ],
  decide(args, seen): Verdict {
    const table = usesTable(args) ? tableStep(args, seen) : NOTHING
    const live = liveStep(args, seen, table.changes.length > 0)
    if (typeof live === 'string') return fail(live)
    // The mount needs its entry; the entry of what is still mounted is not forgotten.
    const steps = args.state === 'absent' ? [live, table, pointStep(args, seen, table)] : [table, live]
    const changes = steps.flatMap(step => step.changes)
    const result = resultOf(args)
    if (changes.length === 0) return { kind: 'ok', result }
    const apply = steps.flatMap(step => step.actions)
    const touches = [tableKey(args), MOUNTS, pointKey(args)]
    return { kind: 'change', changes, apply, result, touches }
  },
  declares: args => (NEEDS_SOURCE.has(args.state) ? [{ kind: 'mount', path: args.path }] : []),
  settles: 'remounted and ephemeral mount anew each time',
})

interface Step {
  readonly changes: readonly Change[]
  readonly actions: readonly Action[]
}

const NOTHING: Step = { changes: [], actions: [] }

const usesTable = ({ state }: Args): boolean => !['unmounted', 'remounted', 'ephemeral'].includes(state)
const tableKey = (args: Args) => ({ kind: 'content', path: args.fstab }) as const satisfies Key
const pointKey = (args: Args) => ({ kind: 'path', path: args.path, follow: true }) as const satisfies Key

function tableStep(args: Args, seen: Seen): Step {
  const text = contentText(seen.get(tableKey(args)), args.fstab)
  const isGone = args.state === 'absent' || args.state === 'absent_from_fstab'
  const wanted = { ...entryOf(args), src: args.src ?? '', fstype: args.fstype ?? '' }
  const after = isGone
    ? withoutEntry(text ?? '', { name: args.path, src: args.src })
    : withEntry(text ?? '', wanted)
  if (after === withoutLineEnd(text)) return NOTHING
  const found = findEntry(text ?? '', { name: args.path, src: args.src })
  const change: Change = {
    what: 'fstab entry',
    subject: args.path,
    from: found === null ? null : args.opts_no_log ? 'present' : fstabLine(found),
    to: isGone ? null : args.opts_no_log ? 'as asked' : fstabLine(wanted),
    ...(args.opts_no_log ? {} : { diff: { before: text ?? '', after, label: args.fstab } }),
  }
  const mode = text === null ? { mode: 0o644 } : {}
  const backup = args.backup && text !== null ? { backup: true } : {}
  return {
    changes: [change],
    actions: [{ do: 'put', path: args.fstab, content: bytesOf(after), ...mode, ...backup }],
  }
}

/** A last line without its end is no difference by itself. */
function withoutLineEnd(text: string | null): string {
  return text === null || text === '' || text.endsWith('\n') ? (text ?? '') : `${text}\n`
}

/** A text is the reason why it cannot be done. */
function liveStep(args: Args, seen: Seen, tableChanged: boolean): Step | string {
  if (args.state === 'present' || args.state === 'absent_from_fstab') return NOTHING
  const real = seen.get(realPathKey(args.path)).stdout.replace(/\n$/, '') || args.path
  const live = liveMount(seen.get(MOUNTS), real)
  const wish: MountWish = { path: args.path, fstab: args.fstab, direct: directOf(args) }
  const change = (from: string | null, to: string | null) => [{ what: 'mount', subject: args.path, from, to }]
  switch (args.state) {
    case 'unmounted':
      return live === null
        ? NOTHING
        : { changes: change(live.src, null), actions: [unmountAction(args.path)] }
    case 'absent':
      if (live === null || !tableChanged) return NOTHING
      return { changes: change(live.src, null), actions: [unmountAction(args.path)] }
    case 'remounted':
      if (live === null) return `Cannot remount ${args.path}: nothing is mounted there`
      return { changes: change('mounted', 'mounted anew'), actions: [remountAction(wish)] }
    default:
      if (live === null) return mountStep(args, seen, wish)
      return mountedStep(args, { live, wish, tableChanged })
  }
}

function mountStep(args: Args, seen: Seen, wish: MountWish): Step | string {
  const point = seen.get(pointKey(args))
  if (point.type === 'unknown') return `${args.path} cannot be looked at: ${point.reason}`
  const isMissing = point.type === 'absent'
  return {
    changes: [
      ...(isMissing ? [{ what: 'state', subject: args.path, from: 'absent', to: 'directory' }] : []),
      { what: 'mount', subject: args.path, from: null, to: args.src ?? args.path },
    ],
    actions: [...(isMissing ? [{ do: 'mkdir', path: args.path } as const] : []), mountAction(wish)],
  }
}

interface Mounted {
  readonly live: LiveMount
  readonly wish: MountWish
  readonly tableChanged: boolean
}

function mountedStep(args: Args, { live, wish, tableChanged }: Mounted): Step | string {
  const isOther = isOtherSource(args, live)
  if (args.state === 'ephemeral') {
    if (isOther)
      return `${args.path} is already mounted from ${live.src}, not from ${args.src}: unmount it first (state: unmounted), or use another path`
    const changes = [{ what: 'mount', subject: args.path, from: 'mounted', to: 'mounted anew' }]
    return { changes, actions: [remountAction(wish)] }
  }
  if (!tableChanged) return NOTHING
  const changes = [{ what: 'mount', subject: args.path, from: live.src, to: args.src ?? null }]
  return { changes, actions: [isOther ? renewAction(wish) : remountAction(wish)] }
}

/** Only what can be told for sure: UUID=…, LABEL=… and links name a device in another way than the kernel. */
function isOtherSource({ src = '', opts }: Args, live: LiveMount): boolean {
  if (/(^|,)r?bind(,|$)/.test(opts)) return live.root === '/' ? false : !src.endsWith(live.root)
  if (!src.startsWith('/dev/') && src.includes('=')) return false
  if (/^\/dev\/(disk|mapper)\//.test(src)) return false
  return live.src !== src
}

/** The mount point of an entry that is forgotten, when it is empty. */
function pointStep(args: Args, seen: Seen, table: Step): Step {
  if (table.changes.length === 0 || seen.get(pointKey(args)).type !== 'directory') return NOTHING
  return {
    changes: [{ what: 'state', subject: args.path, from: 'directory', to: 'absent' }],
    actions: [{ do: 'run', argv: ['rmdir', args.path], failure: `Error rmdir ${args.path}` }],
  }
}

function entryOf(args: Args) {
  const opts = args.boot || /(^|,)noauto(,|$)/.test(args.opts) ? args.opts : `${args.opts},noauto`
  return { name: args.path, opts, dump: args.dump, passno: args.passno }
}

function directOf({ state, src, fstype, opts }: Args): MountWish['direct'] {
  return state === 'ephemeral' && src !== undefined && fstype !== undefined
    ? { src, fstype, opts }
    : undefined
}

function resultOf(args: Args): Result {
  const entry = entryOf(args)
  return {
    ...entry,
    fstab: args.fstab,
    boot: args.boot ? 'yes' : 'no',
    ...(args.src === undefined ? {} : { src: args.src }),
    ...(args.fstype === undefined ? {} : { fstype: args.fstype }),
  }
}
