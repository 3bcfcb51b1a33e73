/** What an inventory is made from, and what comes out of it. */
import type { Position, Problem } from '../base/error.ts'
import type { Layer, Scope, VariableLevel, Variables } from './precedence.ts'

/** One inventory the user named, already read. Files are relative to the project. */
export type InventorySource =
  | { readonly kind: 'text'; readonly file: string; readonly text: string }
  /** A program: its `--list` output when the caller ran it, else undefined, which is told as a problem. */
  | { readonly kind: 'program'; readonly file: string; readonly output: string | undefined }
  /** A list on the command line: "web1,web2," */
  | { readonly kind: 'list'; readonly hosts: string }

/** One file of group_vars or host_vars. `name` is the group or host its path names. */
export interface VarsFile {
  readonly of: 'group' | 'host'
  readonly near: 'inventory' | 'playbook'
  readonly name: string
  readonly file: string
  readonly text: string
}

/** Variables from elsewhere, such as the secrets file. */
export interface ExtraLayer {
  /** Default: inventory group_vars/all. */
  readonly level?: VariableLevel
  readonly vars: Variables
  readonly origin: Position | string
  readonly positionOf?: (name: string) => Position
}

export interface HostEntry {
  readonly name: string
  /** Every group it is in, directly or through children, without all; sorted by name. */
  readonly groups: readonly string[]
  readonly position: Position
  /** localhost when no inventory names it: reached without a connection, not part of all. */
  readonly isImplicit: boolean
}

export interface GroupEntry {
  readonly name: string
  /** Hosts that sources put into this very group. */
  readonly ownHosts: readonly string[]
  /** Every host in it and in its children. */
  readonly hosts: readonly string[]
  readonly children: readonly string[]
  readonly parents: readonly string[]
  /** Longest way down from all, which has 0. Deeper groups win. */
  readonly depth: number
  /** ansible_group_priority, default 1. Among groups of one depth the higher wins, then the later name. */
  readonly priority: number
  readonly position: Position
}

export interface Inventory {
  readonly hosts: ReadonlyMap<string, HostEntry>
  readonly groups: ReadonlyMap<string, GroupEntry>
  /** The host by name; localhost exists even when no inventory names it. */
  host(name: string): HostEntry | undefined
  /** Weakest first. Empty for a name that is no host. */
  hostLayers(host: string): readonly Layer[]
  /** The layers of a host that came to be during a run, or came into more groups, among the groups there are now. */
  layersOf(host: HostEntry, groups: ReadonlyMap<string, GroupEntry>): readonly Layer[]
  /** The layers of a host as one scope, made once. */
  variables(host: string): Scope
}

export interface BuiltInventory {
  readonly inventory: Inventory
  readonly problems: readonly Problem[]
}
