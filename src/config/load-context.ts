/** What one loading of a project shares: reader, options, caches and the problems found so far. */
import type { Position, Problem } from '../base/error.ts'
import type { Value } from '../base/value.ts'
import type { Vault } from '../base/vault.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import type { ConfigCode } from './codes.ts'
import { Cursor } from './cursor.ts'
import type { Include, Node, Role, RoleUse, Task } from './model.ts'
import type { ProjectReader } from './reader.ts'

export interface ModuleInfo {
  /** Short name, also for an alias or a full name. */
  readonly canonical: string
  /** Names of all arguments; null when any is accepted. */
  readonly args: readonly string[] | null
  /** Takes free text, as command does. */
  readonly freeForm: boolean
}

/** Arguments of a task as far as their values are written out. */
export interface WrittenArguments {
  readonly given: Readonly<Record<string, Value>>
  readonly freeText: Value | undefined
  /** There are no others. */
  readonly isWhole: boolean
}

export interface LoadOptions {
  /** Directories of roles beside roles/ of the project and of the playbook's directory. */
  readonly rolesPath: readonly string[]
  /** Directory of the roles that come with vpai, searched last. */
  readonly shippedRoles: string | undefined
  readonly knownModules: (name: string) => ModuleInfo | null
  /** What a module would refuse of them; left out: nobody asks. `argument` null: all of them together. */
  readonly argumentIssues?: (
    module: string,
    written: WrittenArguments,
  ) => readonly { readonly argument: string | null; readonly message: string }[]
  /** Names to suggest for a module that does not exist. */
  readonly suggestModules: readonly string[]
  /** Variables from outside of playbooks and roles: inventory, group_vars, host_vars, command line. */
  readonly definedNames: ReadonlySet<string>
  /** True when nobody can list the variables beforehand, e.g. an executable inventory. */
  readonly hasDynamicNames: boolean
  /** Opens files and values of ansible-vault. */
  readonly vault?: Vault | undefined
}

/** Where the thing being read stands. */
export interface Scope {
  readonly use: RoleUse | undefined
  /** Of the file being read. */
  readonly directory: string
  /** Of the files that import this one, nearest first. */
  readonly importers: readonly string[]
  readonly playbookDirectory: string
  /** Files and roles being imported, to see cycles. */
  readonly chain: readonly string[]
  /** Ids of the import statements that lead here. */
  readonly idPrefix: string
  readonly inHandlers: boolean
  /** From `notify` of the blocks around. */
  readonly notify: readonly Value[]
  /** Handlers of imported roles belong to the play. */
  readonly addHandlers: (handlers: readonly Task[]) => void
}

/** Static imports may double with every level; more than this nobody means. */
const MOST_NODES = 50_000

export class LoadContext {
  readonly reader: ProjectReader
  readonly options: LoadOptions
  readonly problems: Problem[] = []
  /** By directory and, where main is not meant, the names of its variable files. */
  readonly roles = new Map<string, Role>()
  /** What static includes hold, loaded once for its problems and names. */
  readonly included = new Map<Include, readonly Node[]>()
  /** Handlers that come with roles of static includes. */
  readonly includedHandlers: Task[] = []
  /** Where the texts of a list of conditions begin: plain text carries no position of its own. */
  readonly textPositions = new WeakMap<readonly Value[], readonly Position[]>()
  /** Where a handler is notified, by id of the task and name of the handler. */
  readonly notifyPositions = new Map<string, Position>()
  /** Where become_user stands, by the place of what it belongs to. */
  readonly becomeUsers = new Map<string, Position>()
  /** Static includes looked into so far. */
  readonly visited = new Set<string>()
  /** Files of variables read so far, as cursors at their mapping. */
  readonly variableFiles = new Map<string, Cursor>()
  readonly #lines = new Map<string, readonly string[]>()
  readonly #documents = new Map<string, Opened | undefined>()
  #nodes = 0
  #hasDuplicates = false

  constructor(reader: ProjectReader, options: LoadOptions) {
    this.reader = reader
    this.options = options
  }

  report(code: ConfigCode, message: string, details: Omit<Problem, 'code' | 'message'> = {}): void {
    this.problems.push({ code, message, ...details })
  }

  /** A YAML file; undefined when it is not there. Its own problems are noted with each use of it. */
  open(file: string): Cursor | undefined {
    if (!this.#documents.has(file)) this.#documents.set(file, this.#parse(file))
    const opened = this.#documents.get(file)
    this.problems.push(...(opened?.problems ?? []))
    return opened?.cursor
  }

  /** Lines of a file that was opened; nothing for others. */
  linesOf(file: string): readonly string[] {
    return this.#lines.get(file) ?? []
  }

  /** What an include brings at run time is counted on its own. */
  startCounting(): void {
    this.#nodes = 0
  }

  /** False when the project has grown beyond reason; said once. */
  count(position: Position): boolean {
    this.#nodes++
    if (this.#nodes === MOST_NODES + 1) {
      this.report('CONFIG_TOO_MANY_TASKS', `With all imports followed there are over ${MOST_NODES} tasks`, {
        position,
        hint: 'Look for files and roles that import each other several times.',
      })
    }
    return this.#nodes <= MOST_NODES
  }

  /** A key given twice is a warning in YAML; in a play or task it is a mistake that changes what happens. */
  refuseDuplicates(cursor: Cursor): void {
    if (!this.#hasDuplicates) return
    for (const [name, item] of cursor.entries()) {
      const { file, line, column } = item.keyPosition
      const index = this.problems.findIndex(
        ({ code, position }) =>
          code === 'YAML_DUPLICATE_KEY' &&
          position?.file === file &&
          position.line === line &&
          position.column === column,
      )
      if (index === -1) continue
      const position = { file, line, column }
      const message = `${name} is given twice here`
      this.problems.splice(index, 1)
      this.report('CONFIG_DUPLICATE_TASK_KEY', message, { position, hint: 'Is a "- " missing above?' })
    }
  }

  #parse(file: string): Opened | undefined {
    const text = this.reader.read(file)
    if (text === null) return undefined
    const document = readYaml(text, { file, templates: true, vault: this.options.vault })
    this.#lines.set(file, text.split('\n'))
    this.#hasDuplicates ||= document.problems.some(problem => problem.code === 'YAML_DUPLICATE_KEY')
    return { cursor: new Cursor(document), problems: document.problems }
  }
}

/** A place as key of a map. */
export function placeKey({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}

interface Opened {
  readonly cursor: Cursor
  readonly problems: readonly Problem[]
}
