/** Files of the controller that tasks ask for: found along the search path, read whole; templates and vars as well. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import path from 'node:path'
import { ProblemsError, VpaiError } from '../base/error.ts'
import { type Dict, isDict } from '../base/value.ts'
import type { LocalFiles } from '../engine/world.ts'
import type { LocalEntry, LocalFile, LocalNeed } from '../modules/contract.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { writeAtomically } from './atomic-write.ts'

/** `root`: what relative directories of the search path begin at. */
export function localFiles(root: string): LocalFiles {
  return {
    find: (need, directories) => find(need, candidates(root, need.path, directories)),
    template(name, directories) {
      const found = candidates(root, name, directories).find(isFile)
      return found === undefined ? null : { source: readFileSync(found, 'utf8'), path: found }
    },
    async write(file, content, mode) {
      const target = path.resolve(root, file)
      mkdirSync(path.dirname(target), { recursive: true })
      await writeAtomically({ path: target, content, mode: mode ?? 0o644 })
    },
  }
}

function candidates(root: string, name: string, directories: readonly string[]): string[] {
  if (path.isAbsolute(name)) return [name]
  return [...new Set([...directories, '.'].map(directory => path.resolve(root, directory, name)))]
}

function find(need: LocalNeed, places: readonly string[]): LocalFile {
  const found = places.find(need.kind === 'tree' ? existsSync : isFile)
  if (found === undefined) return { kind: 'missing', path: need.path, searched: places }
  if (need.kind === 'vars') return { kind: 'vars', path: found, values: varsIn(found) }
  if (need.kind === 'tree' && statSync(found).isDirectory())
    return { kind: 'tree', path: found, entries: treeOf(found) }
  return { kind: 'file', path: found, content: readFileSync(found), mode: statSync(found).mode & 0o7777 }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}

function varsIn(file: string): Dict {
  const document = readYaml(readFileSync(file, 'utf8'), { file, templates: true })
  const errors = document.problems.filter(problem => problem.severity !== 'warning')
  if (errors.length > 0) throw new ProblemsError(errors)
  if (document.value === null) return {}
  if (isDict(document.value)) return document.value
  throw new VpaiError('VARS_FILE_SHAPE', `${file} must hold a mapping of variables`)
}

/** Directories before what they hold, in name order, so that two reads of the same tree are equal. */
function treeOf(root: string, under = ''): LocalEntry[] {
  return readdirSync(path.join(root, under))
    .sort()
    .flatMap(name => entriesAt(root, under === '' ? name : `${under}/${name}`))
}

function entriesAt(root: string, relative: string): LocalEntry[] {
  const file = path.join(root, relative)
  const stat = lstatSync(file)
  const mode = stat.mode & 0o7777
  if (stat.isSymbolicLink()) return [{ type: 'link', path: relative, target: readlinkSync(file) }]
  if (stat.isDirectory()) return [{ type: 'directory', path: relative, mode }, ...treeOf(root, relative)]
  return [{ type: 'file', path: relative, content: readFileSync(file), mode }]
}
