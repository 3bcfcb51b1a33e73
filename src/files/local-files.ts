/** Files of the controller that tasks ask for: found along the search path, read whole; templates and vars as well. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { ProblemsError, VpaiError } from '../base/error.ts'
import { type Dict, isDict } from '../base/value.ts'
import { isVaulted, VAULT_HEADER, type Vault } from '../base/vault.ts'
import type { LocalFiles } from '../engine/world.ts'
import type { LocalEntry, LocalFile, LocalNeed, LocalStat } from '../modules/contract.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { writeAtomically } from './atomic-write.ts'

/** `root`: what relative directories of the search path begin at. */
export function localFiles(root: string, vault?: Vault): LocalFiles {
  return {
    find: (need, directories) => find(need, candidates(root, need.path, directories), vault),
    template(name, directories) {
      const found = candidates(root, name, directories).find(isFile)
      return found === undefined ? null : { source: readClear(found, vault).toString('utf8'), path: found }
    },
    async write(file, content, mode) {
      const target = path.resolve(root, file)
      if (isFile(target) && readFileSync(target).equals(content)) return false
      mkdirSync(path.dirname(target), { recursive: true })
      await writeAtomically({ path: target, content, mode: mode ?? 0o644 })
      return true
    },
  }
}

function candidates(root: string, name: string, directories: readonly string[]): string[] {
  if (path.isAbsolute(name)) return [name]
  return [...new Set([...directories, '.'].map(directory => path.resolve(root, directory, name)))]
}

function find(need: LocalNeed, places: readonly string[], keys: Vault | undefined): LocalFile {
  // `decrypt: false` of a task hands the file on as it is.
  const vault = need.options?.decrypt === false ? undefined : keys
  const isDirectoryNeed = need.kind === 'vars' && need.options?.directory === true
  const mayBeDirectory = need.kind === 'tree' || need.kind === 'file' || isDirectoryNeed
  const found = places.find(place => isFile(place) || (mayBeDirectory && isDirectory(place)))
  if (found === undefined) return { kind: 'missing', path: need.path, searched: places }
  if (need.kind === 'vars') {
    const files = isDirectoryNeed ? varsFilesIn(found, need.options ?? {}) : [found]
    const values = Object.assign({}, ...files.map(file => varsIn(file, vault)))
    return { kind: 'vars', path: found, files, values }
  }
  const reading = {
    vault,
    ...(need.options?.stat === true ? { names: new Names() } : {}),
    follow: need.options?.links === 'follow',
  }
  const stat = statSync(found)
  const mode = stat.mode & 0o7777
  const own = ownStat(stat, reading)
  if (!stat.isDirectory())
    return { kind: 'file', path: found, content: readClear(found, vault), mode, ...own }
  const root = { type: 'directory', path: '', mode, ...own } as const
  const entries = treeOf(found, '', reading)
  return { kind: 'tree', path: found, entries: reading.names ? [root, ...entries] : entries }
}

/** include_vars dir: every file in it, in name order, later ones over earlier ones. */
function varsFilesIn(root: string, options: Dict): string[] {
  const depth = Number(options.depth ?? 0)
  const extensions = (Array.isArray(options.extensions) ? options.extensions : ['json', 'yaml', 'yml']).map(
    String,
  )
  const matching = typeof options.files_matching === 'string' ? new RegExp(options.files_matching) : null
  const ignored = (Array.isArray(options.ignore_files) ? options.ignore_files : []).map(String)
  const files = treeOf(root).filter(entry => {
    const name = path.basename(entry.path)
    const isDeeper = depth > 0 && entry.path.split('/').length > depth
    if (entry.type !== 'file' || isDeeper || ignored.includes(name)) return false
    if (matching !== null && !matching.test(name)) return false
    if (extensions.includes(path.extname(name).slice(1))) return true
    if (options.ignore_unknown_extensions === true || matching !== null) return false
    throw new VpaiError(
      'VARS_FILE_EXTENSION',
      `${entry.path} does not have a valid extension: ${extensions.join(', ')}`,
      {
        hint: 'Set ignore_unknown_extensions, or name the file in ignore_files.',
      },
    )
  })
  return files.map(entry => path.join(root, entry.path))
}

/** Throws LOCAL_FILE_UNREADABLE. */
function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new VpaiError('LOCAL_FILE_UNREADABLE', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** What ansible-vault encrypted comes in clear, as with Ansible, and is hidden wherever it shows. */
export function readClear(file: string, vault: Vault | undefined): Buffer {
  const bytes = readBytes(file)
  if (vault === undefined || !isVaulted(bytes.subarray(0, VAULT_HEADER.length).toString('latin1')))
    return bytes
  const clear = Buffer.from(vault.open(bytes.toString('latin1'), file))
  vault.known(clear.toString('utf8'), file)
  return clear
}

function isDirectory(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}

function varsIn(file: string, vault: Vault | undefined): Dict {
  const document = readYaml(readBytes(file).toString('utf8'), { file, templates: true, vault })
  const errors = document.problems.filter(problem => problem.severity !== 'warning')
  if (errors.length > 0) throw new ProblemsError(errors)
  if (document.value === null) return {}
  if (isDict(document.value)) return document.value
  throw new VpaiError('VARS_FILE_SHAPE', `${file} must hold a mapping of variables`)
}

interface Reading {
  readonly vault: Vault | undefined
  /** Wanted: times, and owners by name. */
  readonly names?: Names
  /** What links lead to, in the place of the links. */
  readonly follow: boolean
}

const PLAIN: Reading = { vault: undefined, follow: false }

/** Directories before what they hold, in name order, so that two reads of the same tree are equal. */
function treeOf(root: string, under = '', reading: Reading = PLAIN): LocalEntry[] {
  return readdirSync(path.join(root, under))
    .sort()
    .flatMap(name => entriesAt(root, under === '' ? name : `${under}/${name}`, reading))
}

function entriesAt(root: string, relative: string, reading: Reading): LocalEntry[] {
  const file = path.join(root, relative)
  const stat = reading.follow ? statSync(file) : lstatSync(file)
  const mode = stat.mode & 0o7777
  const own = ownStat(stat, reading)
  if (stat.isSymbolicLink()) return [{ type: 'link', path: relative, target: readlinkSync(file), ...own }]
  if (stat.isDirectory())
    return [{ type: 'directory', path: relative, mode, ...own }, ...treeOf(root, relative, reading)]
  // A pipe or a device would be read for ever.
  if (!stat.isFile()) throw new VpaiError('LOCAL_FILE_KIND', `${file} is neither a file, a folder nor a link`)
  return [{ type: 'file', path: relative, content: readClear(file, reading.vault), mode, ...own }]
}

function ownStat(
  { mtimeMs, uid, gid }: Stats,
  { names }: Pick<Reading, 'names'>,
): { readonly stat?: LocalStat } {
  if (names === undefined) return {}
  const [user, group] = [names.of('passwd', uid), names.of('group', gid)]
  return { stat: { mtime: Math.floor(mtimeMs / 1000), uid, gid, user, group } }
}

/** By /etc/passwd and /etc/group, read once; null where they do not know the id (a directory service, macOS). */
class Names {
  readonly #known = new Map<string, ReadonlyMap<string, string>>()

  of(file: 'passwd' | 'group', id: number): string | null {
    const known = this.#known.get(file) ?? namesIn(`/etc/${file}`)
    this.#known.set(file, known)
    return known.get(String(id)) ?? null
  }
}

/** By id; the first of several counts. */
function namesIn(file: string): ReadonlyMap<string, string> {
  const lines = isFile(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .map(line => line.split(':'))
    : []
  return new Map(lines.toReversed().map(([name = '', , id = '']) => [id, name]))
}
