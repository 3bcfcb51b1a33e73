/** Files of the project that tasks name in plain text. */
import { Template, type Value } from '../../base/value.ts'
import type { LoadContext } from '../load-context.ts'
import type { Task } from '../model.ts'
import { type Search, searchLocalFile } from '../search-files.ts'
import type { Above } from '../walk.ts'

export interface NamedFile {
  readonly name: string
  readonly argument: string
  readonly kind: 'file' | 'template' | 'vars'
}

/** The file a task needs from the project; undefined when it needs none or its name holds a template. */
export function namedFile(task: Task): NamedFile | undefined {
  const { module, args, freeText } = task
  const text = (argument: string, kind: NamedFile['kind']): NamedFile | undefined => {
    const value = args[argument]
    return typeof value === 'string' && value !== '' ? { name: value, argument, kind } : undefined
  }
  switch (module) {
    case 'template':
      return text('src', 'template')
    case 'copy':
      return isTrue(args.remote_src) ? undefined : text('src', 'file')
    case 'unarchive': {
      const isElsewhere = isTrue(args.remote_src) || args.copy === false || String(args.src).includes('://')
      return isElsewhere ? undefined : text('src', 'file')
    }
    case 'script':
      return freeText === undefined ? firstWord(args.cmd, 'cmd') : firstWord(freeText, '_raw_params')
    case 'include_vars':
      if (typeof freeText === 'string')
        return { name: freeText.trim(), argument: '_raw_params', kind: 'vars' }
      return text('file', 'vars') ?? text('dir', 'vars')
    default:
      return undefined
  }
}

const FOLDERS = { file: 'files', template: 'templates', vars: 'vars' } as const

/** Looks in the role, beside the file of the task, and beside the playbook. */
export function searchNamedFile(
  context: LoadContext,
  file: NamedFile,
  { task, above }: { readonly task: Task; readonly above: Above },
): Search {
  return searchLocalFile(context, file.name, {
    folder: FOLDERS[file.kind],
    role: task.use?.role.path,
    directories: [task.directory, above.play.directory],
  })
}

function firstWord(value: Value | undefined, argument: string): NamedFile | undefined {
  if (value instanceof Template && !/^\s*[^\s{]+\s/.test(value.source)) return undefined
  const source = value instanceof Template ? value.source : value
  const [word] = typeof source === 'string' ? source.trim().split(/\s+/) : []
  return word === undefined || /^$|[{"'\\]/.test(word) ? undefined : { name: word, argument, kind: 'file' }
}

function isTrue(value: Value | undefined): boolean {
  return (
    value === true ||
    value instanceof Template ||
    (typeof value === 'string' && /^(?:yes|true|on|1|y|t)$/i.test(value))
  )
}
