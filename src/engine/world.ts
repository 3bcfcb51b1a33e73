/** Everything a run touches that is not data: handed in once, by cli/wire. */

import type { Position } from '../base/error.ts'
import type { RunEvent } from '../base/event.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import type { Dict, Value } from '../base/value.ts'
import type { IncludeRequest } from '../config/load-at-runtime.ts'
import type { Node, RoleUse, Task } from '../config/model.ts'
import type { Action, LocalFile, LocalNeed, Module, Verdict } from '../modules/contract.ts'
import type { Key } from '../probes/contract.ts'
import type { Answer } from '../probes/index.ts'
import type { Templar } from '../template/index.ts'
import type { TemplarOptions } from '../template/templar.ts'
import type { FirstChange } from './first-change.ts'
import type { RecordOptions } from './lease.ts'
import type { Clock, Host } from './ports.ts'
import type { Scope } from './scope.ts'

export interface RunOptions {
  readonly check: boolean
  readonly diff: boolean
  readonly forks: number
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly startAtTask: string | null
  readonly extraVars: Dict
  readonly verbosity: number
  /** In plays that do not say. */
  readonly gatherFacts: boolean
  /** Plays that do not say leave out hosts whose facts are known. */
  readonly gatherOnce?: boolean
  readonly forceHandlers: boolean
  /** Tell where the time of each task went. */
  readonly profile?: boolean
  /** A secret in the arguments of a command is an error, not a warning. */
  readonly strictSecrets: boolean
  readonly become: { readonly on: boolean; readonly user: string | null; readonly method: string | null }
}

export interface InventoryPort {
  readonly hosts: readonly string[]
  readonly groups: Value
  groupsOf(host: string): readonly string[]
  /** Variables of inventory, group_vars, host_vars and the secrets file, merged, for one host; templates unrendered. */
  variables(host: string): Scope
  /** Hosts of a pattern within --limit, in inventory order. */
  match(pattern: string): readonly string[]
  readonly file: string | null
  readonly directory: string | null
  /** add_host and group_by: for the rest of this run. False: nothing is new. */
  addHost(added: {
    readonly name: string
    readonly groups: readonly string[]
    readonly vars?: Dict
    readonly parents?: readonly string[]
  }): boolean
  refresh(): void
  readonly limit: string | null
  readonly sources: readonly string[]
}

/** Connection variables, rendered; what they mean is the connection room's business. */
export interface ConnectTarget {
  readonly name: string
  readonly variables: (name: string) => Value | undefined
  /** null: nobody says. */
  readonly connection: string | null
  readonly remoteUser: string | null
  readonly port: number | null
}

export interface Reached {
  readonly host: Host
  /** The user logged in as. */
  readonly user: string
  /** Over a network, so that one can be locked out. */
  readonly isRemote?: boolean
}

export interface LocalFiles {
  /** Looks in the given directories in order. Raw bytes: templates are rendered by the caller. */
  find(need: LocalNeed, directories: readonly string[]): LocalFile
  /** A template file's text for include/import, or null. */
  template(
    name: string,
    directories: readonly string[],
  ): { readonly source: string; readonly path: string } | null
  /** false: the file had that content already. */
  write(path: string, content: Uint8Array, mode: number | undefined): Promise<boolean>
}

export interface CachedFacts {
  /** Without the prefix. */
  readonly facts: Dict
  /** Of set_fact with cacheable. */
  readonly kept: ReadonlyMap<string, Value>
}

export interface FactCache {
  /** Null: none, or too old. */
  read(host: string): CachedFacts | null
  write(host: string, facts: CachedFacts): void
}

/** What hosts were looked at for in the last run like this one: by host, then by id of the identity. */
export interface KeyStore {
  read(host: string): ReadonlyMap<string, readonly Key[]>
  write(host: string, keys: ReadonlyMap<string, readonly Key[]>): void
}

export interface IncludeLoader {
  /** Tasks of a file or role named at run time, without the keywords of `apply:`; throws ProblemsError. */
  load(request: IncludeRequest): { readonly nodes: readonly Node[]; readonly handlers: readonly Task[] }
}

export type Lookups = Record<
  string,
  (terms: Value[], options: Record<string, Value>, templar: Templar) => Value
>

/** What the journal is told before and after each action. */
export interface Ledger {
  intent(entry: LedgerEntry): Promise<void>
  outcome(entry: LedgerEntry, result: { readonly ok: boolean; readonly elapsedMs: number }): Promise<void>
}

export interface LedgerEntry {
  readonly id: number
  readonly host: string
  readonly taskId: string
  readonly action: Action['do'] | 'bundle'
  readonly subject: string
}

/** Is told what a run looks at and what it is about to do; a saved plan is made so, and kept to. */
export interface Witness {
  /** A task looked at it, as the identity of this id. */
  looked(host: string, identity: string, look: Looked): void
  /** The host was asked for it, whether a task will look at it or not. */
  answered(host: string, identity: string, look: Looked): void
  /** Before anything is done, also in check mode and for tasks that are sent ahead. What it throws refuses it. */
  intends(doer: Doer, intent: Intent): void
}

export interface Looked {
  readonly key: Key
  readonly answer: Answer
}

export type Intent = Extract<Verdict, { kind: 'change' | 'opaque' }>

export interface Doer {
  readonly host: string
  readonly taskId: string
  readonly isHandler: boolean
  /** Ids of the includes that brought it in, and RESCUE. */
  readonly within: readonly string[]
}

export const RESCUE = 'rescue'

/** Thrown by a witness: the host ends here, whatever the play says of errors. */
export const REFUSED = 'PLAN_NOT_LISTED'

export interface World {
  /** Absolute folder of the project. */
  readonly root: string
  readonly options: RunOptions
  readonly inventory: InventoryPort
  readonly connect: (target: ConnectTarget) => Promise<Reached>
  readonly module: (name: string) => Module | null
  readonly files: LocalFiles
  /** For tests and filters of paths in templates; undefined: they are errors. */
  readonly machine?: TemplarOptions['machine']
  readonly includes: IncludeLoader
  /** Facts of earlier runs; undefined: none are kept. */
  readonly factCache?: FactCache
  /** undefined: nothing is guessed from earlier runs. */
  readonly keyStore?: KeyStore
  /** Pure ones only when `ahead`: nothing that runs a program, reads the clock or draws a number. */
  readonly lookups: (directories: readonly string[], ahead: boolean) => Lookups
  readonly secrets: SecretRegistry
  readonly clock: Clock
  /** n random lower-case letters and digits. */
  readonly token: (n: number) => string
  readonly random: () => number
  readonly emit: (event: RunEvent) => void
  readonly ledger: Ledger
  /** undefined: nobody watches. */
  readonly witness?: Witness
  /** undefined: no data is kept before something changes. */
  readonly firstChange?: FirstChange
  /** undefined: hosts keep nothing of this run. */
  readonly record?: RecordOptions
  /** null: there is nobody to ask. */
  readonly prompt: (text: string, echo: boolean) => Promise<string | null>
  /** The run is to end well: what runs is stopped or waited for, nothing new begins. */
  readonly signal: AbortSignal
  /** The run is to end at once, whatever hosts are doing. */
  readonly leave: AbortSignal
  readonly version: string
  /** The ansible.cfg that was read. */
  readonly configFile: string | null
}

export interface PlayVars {
  readonly scopes: readonly Scope[]
  /** Roles whose defaults and vars the whole play sees. */
  readonly publicUses: RoleUse[]
}

export function warn(
  world: World,
  message: string,
  where: { host?: string; position?: Position } = {},
): void {
  world.emit({
    type: 'warning',
    message: world.secrets.mask(message),
    host: where.host ?? null,
    position: where.position ?? null,
  })
}
