/** What is mounted now, from the kernel's own table, and the commands that change it. */
import { quote, quoteAll } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { RunAction } from '../contract.ts'
import { fromOctal } from './fstab-text.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export const MOUNTS = {
  kind: 'read',
  name: 'mounts',
  script: 'cat /proc/self/mountinfo',
} as const satisfies Key

/** The kernel knows a mount by the path without links. */
export function realPathKey(path: string): ReadKey {
  return { kind: 'read', name: `real path of ${path}`, script: `readlink -f -- ${quote(path)}` }
}

export interface LiveMount {
  readonly path: string
  /** What of the file system is mounted: `/`, or the folder a bind mount shows. */
  readonly root: string
  readonly src: string
  readonly fstype: string
}

/** The topmost mount at the path; null when nothing is mounted there. */
export function liveMount(mounts: ReadSeen, path: string): LiveMount | null {
  const all = mounts.stdout.split('\n').flatMap(readLine)
  return all.findLast(mount => mount.path === path) ?? null
}

/** id parent major:minor root path options [more …] - type source options */
function readLine(line: string): LiveMount[] {
  const [left = '', right = ''] = line.split(' - ', 2)
  const [, , , root, path] = left.split(' ')
  const [fstype, src] = right.split(' ')
  if (root === undefined || path === undefined || fstype === undefined || src === undefined) return []
  return [{ path: fromOctal(path), root: fromOctal(root), src: fromOctal(src), fstype }]
}

export interface MountWish {
  readonly path: string
  readonly fstab: string
  /** Given for a mount that fstab does not know. */
  readonly direct?: { readonly src: string; readonly fstype: string; readonly opts: string } | undefined
}

export function mountAction(wish: MountWish): RunAction {
  return { do: 'run', argv: mountWords(wish), failure: `Error mounting ${wish.path}` }
}

/** Some file systems cannot be remounted: those are unmounted and mounted anew. */
export function remountAction(wish: MountWish): RunAction {
  const { path, direct } = wish
  const options = direct === undefined ? 'remount' : `remount,${direct.opts}`
  const fresh = `umount ${quote(path)} && ${quoteAll(mountWords(wish))}`
  const again = quoteAll(['mount', ...tableWords(wish), '-o', options, path])
  return { do: 'run', script: `${again} 2>/dev/null || { ${fresh}; }`, failure: `Error remounting ${path}` }
}

export function renewAction(wish: MountWish): RunAction {
  const script = `umount ${quote(wish.path)} && ${quoteAll(mountWords(wish))}`
  return { do: 'run', script, failure: `Error mounting ${wish.path}` }
}

export function unmountAction(path: string): RunAction {
  return { do: 'run', argv: ['umount', path], failure: `Error unmounting ${path}` }
}

function mountWords(wish: MountWish): string[] {
  const { path, direct } = wish
  if (direct !== undefined) return ['mount', '-t', direct.fstype, '-o', direct.opts, direct.src, path]
  return ['mount', ...tableWords(wish), path]
}

function tableWords({ fstab, direct }: MountWish): string[] {
  return direct !== undefined || fstab === '/etc/fstab' ? [] : ['-T', fstab]
}
