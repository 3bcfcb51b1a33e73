/**
 * What the loader makes of playbooks and roles: one resolved shape, short forms and static imports
 * already settled, every value with the place it was written. Values keep their templates; the engine
 * renders them per host. Keyword names follow Ansible's documentation.
 */
import type { Position } from '../base/error.ts'
import type { Dict, Value } from '../base/value.ts'
import type { RoleManifest } from '../manifest/service.ts'

/** Keywords that play, role, block and task share; each level inherits from the one above. */
export interface Keywords {
  readonly vars?: Dict
  readonly environment?: Value
  readonly become?: Value
  readonly becomeUser?: Value
  readonly becomeMethod?: Value
  readonly becomeExe?: Value
  readonly becomeFlags?: Value
  readonly remoteUser?: Value
  readonly port?: Value
  readonly connection?: Value
  readonly noLog?: Value
  readonly checkMode?: Value
  readonly diff?: Value
  readonly ignoreErrors?: Value
  readonly ignoreUnreachable?: Value
  readonly anyErrorsFatal?: Value
  readonly runOnce?: Value
  readonly throttle?: Value
  readonly timeout?: Value
  readonly delegateTo?: Value
  readonly delegateFacts?: Value
  readonly moduleDefaults?: Value
  readonly guard?: Value
  readonly debugger?: Value
  readonly collections?: Value
  /** Conditions, all must hold. */
  readonly when?: readonly Value[]
  readonly tags?: readonly string[]
}

export interface Located {
  readonly position: Position
}

/** A role as loaded from its directory; one object per directory, shared by all uses. */
export interface Role {
  readonly name: string
  /** Directory, relative to the project or absolute for shipped roles. */
  readonly path: string
  readonly defaults: Dict
  readonly vars: Dict
  readonly tasks: readonly Node[]
  readonly handlers: readonly Task[]
  readonly dependencies: readonly RoleUse[]
  readonly allowDuplicates: boolean
  /** meta/argument_specs.yml, by entry point. */
  readonly argumentSpecs: ReadonlyMap<string, EntrySpec>
  /** service.yml: the containers it stands for; empty for most roles. */
  readonly manifest: RoleManifest
}

/** What a role takes at one entry point. */
export interface EntrySpec extends Located {
  readonly title: string | undefined
  /** By name: type, elements, choices, required, aliases, options. */
  readonly options: Dict
}

/** One use of a role: `roles:` entry, dependency, import_role or include_role. */
export interface RoleUse extends Keywords, Located {
  readonly role: Role
  /** Extra keys of the entry: parameters, stronger than role vars. */
  readonly params: Dict
  readonly tasksFrom: string
  readonly defaultsFrom: string
  readonly varsFrom: string
  readonly handlersFrom: string
  readonly public: boolean
  /** Its argument_specs are checked (rolespec_validate). */
  readonly validates: boolean
  /** Not again on a host where it ran already, whatever its meta/main.yml says; undefined: as that says. */
  readonly allowDuplicates: boolean | undefined
}

export type Node = Task | Block | Include

/** A block; also what a static import or a role use becomes, so that its keywords reach its tasks. */
export interface Block extends Keywords, Located {
  readonly kind: 'block'
  readonly name: Value | undefined
  readonly block: readonly Node[]
  readonly rescue: readonly Node[]
  readonly always: readonly Node[]
  /** Set when this block is a role: its tasks see the role's defaults, vars, params and files. */
  readonly use: RoleUse | undefined
  /** Directory that relative file names of its tasks are searched from first, e.g. of an imported file. */
  readonly directory: string
}

/** include_tasks, include_role: loaded when the engine reaches it. */
export interface Include extends Keywords, Located {
  readonly kind: 'include'
  /** As Task.id; what it includes gets ids that begin with it. */
  readonly id: string
  readonly what: 'tasks' | 'role'
  readonly name: Value | undefined
  /** File name or role name; may be a template. */
  readonly target: Value
  /** tasks_from, vars_from, defaults_from, handlers_from, public, allow_duplicates, rolespec_validate. */
  readonly options: Dict
  /** `apply:` — keywords for what is included. */
  readonly apply: Keywords
  readonly loop: Loop | undefined
  readonly register: string | undefined
  readonly directory: string
  readonly use: RoleUse | undefined
}

export interface Loop {
  /** loop, or the lookup's name of with_<name>. */
  readonly kind: 'loop' | { readonly lookup: string }
  readonly value: Value
  readonly control: {
    readonly loopVar: string
    readonly indexVar: string | undefined
    readonly label: Value | undefined
    readonly pause: Value | undefined
    readonly extended: Value | undefined
    readonly extendedAllitems: Value | undefined
    readonly breakWhen: readonly Value[] | undefined
  }
}

export interface Task extends Keywords, Located {
  readonly kind: 'task'
  /** Unique within the loaded project; the same for every host and run of the same files. */
  readonly id: string
  readonly name: Value | undefined
  /** Canonical short module name, e.g. `copy` for ansible.builtin.copy. */
  readonly module: string
  /** Mapping of arguments, or the free text (`command: ls -l`). `args:` is already merged in. */
  readonly args: Dict
  readonly freeText: Value | undefined
  /** Position of each argument's value, by key; that of free text under _raw_params. */
  readonly argPositions: Readonly<Record<string, Position>>
  readonly loop: Loop | undefined
  readonly register: string | undefined
  readonly until: readonly Value[] | undefined
  readonly retries: Value | undefined
  readonly delay: Value | undefined
  readonly changedWhen: readonly Value[] | undefined
  readonly failedWhen: readonly Value[] | undefined
  readonly notify: readonly Value[]
  /** Handlers only. */
  readonly listen: readonly string[]
  /** Handlers only: the include that the handler is. */
  readonly include?: Include
  readonly async: Value | undefined
  readonly poll: Value | undefined
  /** Role the task was written in, for its variables and files; undefined in plays. */
  readonly use: RoleUse | undefined
  /** Directory of the file it was written in. */
  readonly directory: string
}

export interface Play extends Keywords, Located {
  readonly name: Value | undefined
  readonly hosts: Value
  readonly gatherFacts: Value | undefined
  readonly gatherSubset: Value | undefined
  readonly gatherTimeout?: Value | undefined
  readonly factPath?: Value | undefined
  readonly serial: Value | undefined
  readonly strategy: Value | undefined
  readonly order: Value | undefined
  readonly maxFailPercentage: Value | undefined
  readonly forceHandlers: Value | undefined
  readonly varsFiles: readonly Value[]
  readonly varsPrompt: readonly VarsPrompt[]
  readonly preTasks: readonly Node[]
  /** Uses in order, dependencies resolved and placed before their user. */
  readonly roles: readonly Block[]
  readonly tasks: readonly Node[]
  readonly postTasks: readonly Node[]
  readonly handlers: readonly Task[]
  /** What its tasks notify is run by a later play that has the handler. */
  readonly leavesHandlers?: true
  /** Directory of the playbook file. */
  readonly directory: string
  readonly file: string
}

export interface VarsPrompt extends Located {
  readonly name: string
  readonly prompt: Value
  readonly default: Value | undefined
  readonly private: boolean
  readonly confirm: boolean
  readonly encrypt: string | undefined
  readonly salt: string | undefined
  readonly saltSize: number | undefined
  /** The answer may hold template marks; nothing typed is ever rendered here. */
  readonly unsafe: boolean
}

export interface Playbook {
  readonly file: string
  readonly plays: readonly Play[]
}
