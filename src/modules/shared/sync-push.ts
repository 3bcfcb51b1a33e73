/** A plan as actions, in their order: the engine sends those of a whole tree as one stream. */
import type { Action, Change, FileAttributes } from '../contract.ts'
import { directoryOf } from './paths.ts'
import type { SyncStep } from './sync-plan.ts'

export function pushActions(
  root: string,
  steps: readonly SyncStep[],
  { isRootThere }: { readonly isRootThere: boolean },
): readonly Action[] {
  const folder = root.replace(/(?<=.)\/+$/, '')
  const at = ({ path }: SyncStep) => (path === '' ? folder : `${folder === '/' ? '' : folder}/${path}`)
  const makesRoot = steps.some(({ kind, path }) => kind === 'directory' && path === '')
  const begin: Action[] = isRootThere ? [] : [{ do: 'mkdir', path: makesRoot ? directoryOf(folder) : folder }]
  // A folder's own time changes while it is filled.
  const times = steps.toReversed().flatMap((step): readonly Action[] => {
    const isLater = step.kind === 'directory' || step.kind === 'attributes'
    return isLater && step.mtime !== undefined
      ? [
          {
            do: 'attributes',
            path: at(step),
            mtime: step.mtime,
            ...(step.path === '' ? { follow: true } : {}),
          },
        ]
      : []
  })
  return [...begin, ...steps.flatMap(step => actionsOf(at(step), step)), ...times]
}

function actionsOf(path: string, step: SyncStep): readonly Action[] {
  const { kind, replaces, mode, mtime, target = '', content = new Uint8Array() } = step
  const owners = ownersOf(step)
  const attributes: FileAttributes = { ...owners, ...(mode === undefined ? {} : { mode }) }
  const clear: readonly Action[] = replaces ? [{ do: 'remove', path }] : []
  switch (kind) {
    case 'remove':
      return [{ do: 'remove', path }]
    case 'link':
      return [...clear, { do: 'link', path, target, force: true, ...owners }]
    case 'directory':
      return [...clear, { do: 'mkdir', path, ...attributes }]
    case 'file':
      return [
        ...clear,
        { do: 'put', path, content, fresh: true, ...attributes, ...(mtime === undefined ? {} : { mtime }) },
      ]
    default:
      if (Object.keys(attributes).length === 0) return []
      // The root may be a link to a folder.
      return [{ do: 'attributes', path, ...attributes, ...(step.path === '' ? { follow: true } : {}) }]
  }
}

function ownersOf({ uid, gid }: SyncStep): FileAttributes {
  return { ...(uid === undefined ? {} : { owner: uid }), ...(gid === undefined ? {} : { group: gid }) }
}

export function toldSteps(steps: readonly SyncStep[]): readonly SyncStep[] {
  return steps.filter(step => step.isQuiet !== true)
}

export function syncChanges(root: string, steps: readonly SyncStep[]): Change[] {
  return toldSteps(steps).map(step => ({
    what: step.kind === 'attributes' ? attributeNames(step) : step.kind === 'remove' ? 'state' : step.kind,
    subject: step.path === '' ? root : `${root.replace(/\/$/, '')}/${step.path}`,
    from: step.isNew ? null : step.kind === 'remove' ? 'present' : 'other',
    to: step.kind === 'remove' ? null : 'as the source',
  }))
}

function attributeNames({ mode, uid, gid, mtime }: SyncStep): string {
  const names = { mode, owner: uid, group: gid, time: mtime }
  return Object.entries(names)
    .flatMap(([name, value]) => (value === undefined ? [] : [name]))
    .join(', ')
}
