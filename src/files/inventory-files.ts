/**
 * Reads inventories, and the group_vars and host_vars beside them and beside the playbook, for inventory/build-inventory.
 * Programs are never run. Problems: INVENTORY_MISSING, INVENTORY_PATTERN_FILE, FILES_UNREADABLE, and those of vars-folders.
 */
import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Problem, VpaiError } from '../base/error.ts'
import type { InventoryInput } from '../inventory/build-inventory.ts'
import type { InventorySource, VarsFile } from '../inventory/model.ts'
import { splitPattern } from '../inventory/pattern.ts'
import { projectFiles } from './project-files.ts'
import { shownPath } from './shown-path.ts'
import { readVarsFolders } from './vars-folders.ts'

export interface InventoryRequest {
  /** Absolute; files are named relative to it. */
  readonly root: string
  /** Files, folders, or lists of hosts such as "web1,web2,", in the order given. */
  readonly inventories: readonly string[]
  /** Folder of the playbook, for its own group_vars and host_vars. */
  readonly playbookDir?: string
  /** What inventory programs printed for --list, by their path as the user wrote it. */
  readonly outputs?: ReadonlyMap<string, string>
}

export interface InventoryFiles extends Required<Pick<InventoryInput, 'sources' | 'varsFiles'>> {
  readonly problems: readonly Problem[]
}

export function readInventoryFiles({
  root,
  inventories,
  playbookDir,
  outputs,
}: InventoryRequest): InventoryFiles {
  const reader = new InventoryReader(root, outputs ?? new Map())
  for (const inventory of inventories) reader.read(inventory)
  if (playbookDir !== undefined) reader.varsBeside(playbookDir, 'playbook')
  return reader
}

/** --limit with each @file replaced by the patterns in it, one a line. Throws INVENTORY_PATTERN_FILE. */
export function expandLimitFiles(limit: string, root: string): string {
  return splitPattern(limit)
    .flatMap(part => (part.startsWith('@') ? patternsIn(part.slice(1), root) : [part]))
    .join(',')
}

function patternsIn(file: string, root: string): string[] {
  const text = projectFiles(root).read(file)
  if (text === null) {
    throw new VpaiError('INVENTORY_PATTERN_FILE', `--limit names the file ${file}, which is not there`)
  }
  const lines = text.split(/\r?\n/).map(line => line.trim())
  return lines.filter(line => line !== '' && !line.startsWith('#'))
}

/** Never an inventory, whatever its name: backups, documents, folders of variables, and vpai's secrets and host keys. */
const IGNORED =
  /^\.|~$|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry|age|draft|recipients|lock)$|^(?:group_vars|host_vars|known_hosts)$/

class InventoryReader implements InventoryFiles {
  readonly sources: InventorySource[] = []
  readonly varsFiles: VarsFile[] = []
  readonly problems: Problem[] = []
  readonly #root: string
  readonly #outputs: ReadonlyMap<string, string>
  readonly #seen = new Set<string>()
  #lastBase: string | undefined

  constructor(root: string, outputs: ReadonlyMap<string, string>) {
    this.#root = root
    this.#outputs = outputs
  }

  read(inventory: string): void {
    const stats = statSync(this.#absolute(inventory), { throwIfNoEntry: false })
    if (stats === undefined && inventory.includes(',')) {
      this.sources.push({ kind: 'list', hosts: inventory })
      this.varsBeside('.', 'inventory')
      return
    }
    if (stats === undefined) {
      const message = `There is no inventory at ${inventory}`
      const hint = 'Give the path of a file or a folder, or hosts with a comma: web1,web2,'
      this.problems.push({ code: 'INVENTORY_MISSING', message, hint })
      return
    }
    if (stats.isDirectory()) this.#folder(inventory)
    else this.#file(inventory)
    this.varsBeside(stats.isDirectory() ? inventory : path.dirname(inventory), 'inventory')
  }

  varsBeside(folder: string, near: VarsFile['near']): void {
    const base = this.#absolute(folder)
    // The same files once more, a level higher, would change nothing.
    if (near === 'playbook' && base === this.#lastBase) return
    if (near === 'inventory') this.#lastBase = base
    this.#guarded(() => {
      const { files, problems } = readVarsFolders({ root: this.#root, base, near })
      this.varsFiles.push(...files)
      this.problems.push(...problems)
    })
  }

  #folder(folder: string): void {
    const real = realpathSync(this.#absolute(folder))
    // A link back up would go round for ever.
    if (this.#seen.has(real)) return
    this.#seen.add(real)
    this.#guarded(() => {
      const files = projectFiles(this.#root)
      for (const name of files.list(folder) ?? []) {
        if (IGNORED.test(name)) continue
        const child = path.join(folder, name)
        if (files.isDirectory(child)) this.#folder(child)
        else if (files.isFile(child)) this.#file(child)
      }
    })
  }

  #file(name: string): void {
    this.#guarded(() => {
      const text = projectFiles(this.#root).read(name)
      if (text === null) return
      const file = shownPath(this.#root, this.#absolute(name))
      const isProgram = this.#isProgram(name, text)
      const output = this.#outputs.get(name) ?? this.#outputs.get(file)
      this.sources.push(isProgram ? { kind: 'program', file, output } : { kind: 'text', file, text })
    })
  }

  /** File systems without rights mark every file executable, so the name or the first line decides too. */
  #isProgram(name: string, text: string): boolean {
    if (text.startsWith('#!')) return true
    const isExecutable = (statSync(this.#absolute(name)).mode & 0o111) !== 0
    return isExecutable && !/\.(?:ya?ml|json|ini)$/i.test(name) && path.extname(name) !== ''
  }

  #guarded(read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof VpaiError)) throw error
      this.problems.push(error.toProblem())
    }
  }

  #absolute(name: string): string {
    return path.resolve(this.#root, name)
  }
}
