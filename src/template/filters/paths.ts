/** Filters over paths. Those that look at the control machine ask the Templar's `machine`. */
import { TemplateError } from '../errors.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { type Tuple, tupleOf } from '../runtime/values.ts'

export const pathFilters = define({
  'basename()': (value: unknown) => str(value).slice(str(value).lastIndexOf('/') + 1),
  'dirname()': (value: unknown) => directoryName(str(value)),
  'splitext()': (value: unknown) => splitExtension(str(value)),
  'path_join()': (value: unknown) => (Array.isArray(value) ? joinPaths(value.map(str)) : str(value)),
  'normpath()': (value: unknown) => normalize(str(value)),
  'relpath(start: str)': (value: unknown, start = '.') => relativePath(str(value), start),
  'commonpath()': (value: readonly unknown[]) => commonPath(value.map(str)),
  'win_basename()': (value: unknown) => str(value).split(/[\\/]/).at(-1),
  'win_dirname()': (value: unknown) => str(value).replace(/[\\/]+[^\\/]*$/, ''),
  'win_splitdrive()': (value: unknown) => splitDrive(str(value)),
  'realpath()': (value: unknown) => required('realpath', evaluator().machine.realpath)(str(value)),
  'fileglob()': (value: unknown) => [...required('fileglob', evaluator().machine.glob)(str(value))],
  'expanduser()': (value: unknown) =>
    str(value).replace(/^~(?=\/|$)/, () => required('expanduser', evaluator().machine.home)),
  'expandvars()': (value: unknown) => {
    const environment = required('expandvars', evaluator().machine.environment)
    return str(value).replace(/\$(\w+)|\$\{(\w+)\}/g, (whole, bare?: string, braced?: string) => {
      return environment(bare ?? braced ?? '') ?? whole
    })
  },
})

export function required<T>(what: string, given: T | undefined): T {
  if (given !== undefined) return given
  const hint = 'it looks at the machine vpai runs on, which this evaluation may not do'
  throw new TemplateError('TEMPLATE_UNAVAILABLE', `${what} is not available here`, { hint })
}

function directoryName(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '')
}

function splitExtension(path: string): Tuple {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const dot = base.lastIndexOf('.')
  // Leading dots belong to the name.
  if (dot <= 0 || /^\.+$/.test(base.slice(0, dot + 1))) return tupleOf([path, ''])
  const cut = path.length - base.length + dot
  return tupleOf([path.slice(0, cut), path.slice(cut)])
}

/** A letter with its colon, or the host and the share. */
function splitDrive(path: string): Tuple {
  const drive = /^(?:.:|[\\/]{2}[^\\/]+[\\/][^\\/]+(?=[\\/]|$))/.exec(path)?.[0] ?? ''
  return tupleOf([drive, path.slice(drive.length)])
}

/** os.path.join: an absolute part starts over. */
function joinPaths(parts: readonly string[]): string {
  return parts.reduce((path, part) => {
    if (part.startsWith('/')) return part
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`
  }, '')
}

function normalize(path: string): string {
  const isAbsolute = path.startsWith('/')
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') kept.push(part)
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (!isAbsolute) kept.push('..')
  }
  return (isAbsolute ? '/' : '') + kept.join('/') || '.'
}

function relativePath(path: string, start: string): string {
  const to = normalize(path).split('/').filter(isPart)
  const from = normalize(start).split('/').filter(isPart)
  let same = 0
  while (same < to.length && same < from.length && to[same] === from[same]) same++
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/') || '.'
}

function isPart(part: string): boolean {
  return part !== '' && part !== '.'
}

function commonPath(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map(path => normalize(path).split('/'))
  const length = first.findIndex((part, i) => others.some(other => other[i] !== part))
  const common = (length < 0 ? first : first.slice(0, length)).join('/')
  return common === '' && paths[0]?.startsWith('/') ? '/' : common
}
