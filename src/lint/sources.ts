/** The texts of a project, folder by folder: YAML, templates, and what roles copy. */
import type { ProjectReader } from '../config/reader.ts'
import type { SourceFile } from './contract.ts'

export function readSources(reader: ProjectReader, folder = '.'): SourceFile[] {
  return (reader.list(folder) ?? []).flatMap(name => {
    const file = folder === '.' ? name : `${folder}/${name}`
    if (IGNORED.test(name)) return []
    if (reader.isDirectory(file)) return isFollowed(file) ? readSources(reader, file) : []
    return readSource(reader, file)
  })
}

/** Hidden files, dependencies, and what holds no text of the project. */
const IGNORED =
  /^\.|^node_modules$|^__pycache__$|\.(?:age|png|jpe?g|gif|ico|pdf|gz|xz|zst|zip|deb|rpm|woff2?|retry)$/i

/** A link to a folder above would never end. */
const DEEPEST = 12

function isFollowed(folder: string): boolean {
  return folder.split('/').length < DEEPEST
}

/** Larger ones are data. */
const LONGEST = 1_000_000

function readSource(reader: ProjectReader, file: string): SourceFile[] {
  const text = reader.read(file)
  if (text === null || text.length > LONGEST || text.includes('\0')) return []
  return [{ file, kind: kindOf(file), text, lines: text.split('\n') }]
}

function kindOf(file: string): SourceFile['kind'] {
  if (/\.j2$|(?:^|\/)templates\//.test(file)) return 'template'
  return /\.ya?ml$/.test(file) || /(?:^|\/)(?:group_vars|host_vars)\//.test(file) ? 'yaml' : 'other'
}
