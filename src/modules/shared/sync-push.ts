/** A plan carried out in one request: files travel beside the script and are renamed into place. */
import { quote } from '../../base/quote.ts'
import type { Change, RunAction } from '../contract.ts'
import { modeText } from './mode.ts'
import type { SyncStep } from './sync-plan.ts'

export function pushAction(root: string, steps: readonly SyncStep[]): RunAction {
  const files: Record<string, Uint8Array> = {}
  const lines = steps.map((step, index) => {
    if (step.content !== undefined) files[String(index)] = step.content
    return lineOf(step, index)
  })
  // A folder's own time changes while it is filled.
  const folders = steps.filter(one => one.kind === 'directory' || one.kind === 'attributes').reverse()
  const times = folders.flatMap(one =>
    one.mtime === undefined ? [] : [`touch -d @${one.mtime} -- ${place(one)} || exit 1`],
  )
  return {
    do: 'run',
    umask: '022',
    script: [
      `mkdir -p -- ${quote(root)} && cd -- ${quote(root)} || exit 1`,
      FUNCTIONS,
      ...lines,
      ...times,
    ].join('\n'),
    ...(Object.keys(files).length === 0 ? {} : { files }),
    failure: `${root} could not be brought up to date`,
  }
}

/**
 * a PATH OWNER MODE TIME; f NUMBER PATH OWNER MODE TIME. An empty word leaves the thing as it is. A mode has five
 * digits: with fewer GNU chmod keeps the setgid bit that a new folder inherits.
 */
const FUNCTIONS = `a() {
[ -z "$2" ] || chown -h "$2" "$1" || exit 1
[ -z "$3" ] || chmod "$3" "$1" || exit 1
[ -z "$4" ] || touch -d "@$4" -- "$1" || exit 1
}
f() {
t=$2.vpai-$$
cat -- "$VPAI_FILES/$1" >"$t" || { rm -f -- "$t"; exit 1; }
a "$t" "$3" "$4" "$5"
mv -f -T -- "$t" "$2" || exit 1
}`

function place({ path }: SyncStep): string {
  return quote(path === '' ? '.' : `./${path}`)
}

function lineOf(step: SyncStep, index: number): string {
  const { kind, replaces, mode, uid, gid, mtime } = step
  const at = place(step)
  const clear = replaces ? `rm -rf -- ${at} || exit 1\n` : ''
  const owner =
    uid === undefined && gid === undefined ? '' : `${uid ?? ''}${gid === undefined ? '' : `:${gid}`}`
  const words = (time: number | undefined) =>
    `${quote(owner) || "''"} ${mode === undefined ? "''" : `0${modeText(mode)}`} ${time ?? "''"}`
  switch (kind) {
    case 'remove':
      return `rm -rf -- ${at} || exit 1`
    case 'link':
      return `${clear}ln -sfn -- ${quote(step.target ?? '')} ${at} || exit 1${owner === '' ? '' : `; chown -h ${owner} ${at}`}`
    case 'directory':
      return `${clear}mkdir -p -- ${at} || exit 1; a ${at} ${words(undefined)}`
    case 'file':
      return `${clear}f ${index} ${at} ${words(mtime)}`
    default:
      return `a ${at} ${words(mtime)}`
  }
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
