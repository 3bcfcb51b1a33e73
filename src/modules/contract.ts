/**
 * The contract a module fills in: a schema and two pure functions.
 *
 *   keys(args, ctx)          what must be known of the host (asked in one batch with the keys of the tasks ahead)
 *   decide(args, seen, ctx)  nothing to do | changes and how to make them | ask for more | fail
 *
 * Check mode stops after `decide`: the same code, with apply left out. Nothing here awaits, reads a
 * file or talks to a host. Actions are data; the engine carries them out through its one door.
 */
import type { z } from 'zod'
import type { Resource } from '../base/resource.ts'
import type { Dict, Value } from '../base/value.ts'
import type { Key, Seen } from '../probes/contract.ts'

/** What a module returns to `register`, without `changed`, `failed` and `skipped`, which the engine adds. */
export type Result = Dict

/** One difference, for plan, diff, journal and rollback. `from` null: was not there; `to` null: will be gone. */
export interface Change {
  /** content, mode, owner, state, package, line … */
  readonly what: string
  /** What is changed: a path, a package, a unit. */
  readonly subject: string
  readonly from: Value
  readonly to: Value
  /** Texts for a unified diff, when the change has content worth showing. */
  readonly diff?: { readonly before: string; readonly after: string; readonly label: string }
}

export interface FileAttributes {
  /** Permission bits, e.g. 0o644. */
  readonly mode?: number
  /** Names or numeric ids, resolved on the host by chown. */
  readonly owner?: string | number
  readonly group?: string | number
}

/**
 * One thing to do on a host, as data. All but `run` fail the task by themselves when they fail.
 * Paths are absolute. Texts that may hold a secret travel in `content` and `stdin` only.
 */
export type Action =
  | ({
      readonly do: 'put'
      readonly path: string
      readonly content: Uint8Array
      /** Keep the former file beside it under a time-stamped name; the name comes back as Output.stdout. */
      readonly backup?: boolean
      /** Command with %s for the temporary file; non-zero refuses the new content. */
      readonly validate?: string
      /** Write in place instead of rename (bind-mounted files). */
      readonly unsafe?: boolean
      /** What is not given is as for a new file, whatever is there. */
      readonly fresh?: boolean
      /** Seconds since the epoch. Default now. */
      readonly mtime?: number
    } & FileAttributes)
  | ({ readonly do: 'mkdir'; readonly path: string } & FileAttributes)
  | ({
      readonly do: 'link'
      readonly path: string
      readonly target: string
      readonly hard?: boolean
      readonly force?: boolean
    } & FileAttributes)
  | { readonly do: 'remove'; readonly path: string }
  | ({
      readonly do: 'attributes'
      readonly path: string
      readonly recursive?: boolean
      readonly follow?: boolean
      /** Seconds since the epoch. Left out: as it is. */
      readonly mtime?: number
    } & FileAttributes)
  | ({
      readonly do: 'touch'
      readonly path: string
      readonly accessTime?: string
      readonly modificationTime?: string
    } & FileAttributes)
  | RunAction
  /** Waits on the controller; `prompt` shows a text first and waits for Enter when there is a terminal. */
  | { readonly do: 'pause'; readonly seconds?: number; readonly prompt?: string; readonly echo?: boolean }
  /** Drops the connection and dials until the host answers again (reset_connection, wait_for_connection, reboot). */
  | {
      readonly do: 'reconnect'
      readonly timeoutS: number
      readonly delayS: number
      readonly sleepS: number
      readonly connectTimeoutS: number
    }
  /** Reads a whole file from the host; comes back as Output.bytes. */
  | { readonly do: 'read'; readonly path: string }
  /** Writes a file on the controller (fetch). */
  | { readonly do: 'writeLocal'; readonly path: string; readonly content: Uint8Array; readonly mode?: number }

export interface RunAction {
  readonly do: 'run'
  /** argv is quoted by the engine; script is POSIX sh (or text for `shell`). Exactly one of the two. */
  readonly argv?: readonly string[]
  readonly script?: string
  readonly stdin?: string | Uint8Array
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly umask?: string
  /** Shell that reads `script`, e.g. /bin/bash. Default /bin/sh. */
  readonly shell?: string
  /** Exit codes that are fine. 'any': the module looks itself. Default [0]. */
  readonly ok?: readonly number[] | 'any'
  /** What to say when it is not fine, before the output. */
  readonly failure?: string
  readonly timeoutS?: number
  /** True: stdout and stderr become part of the task's result. */
  readonly returnsOutput?: boolean
  /** True: it only reads, so check mode runs it as well and the snapshot stays valid. */
  readonly readOnly?: boolean
  /** What the result begins with besides what the run says; its presence means that the run may be left alone (async). */
  readonly about?: CommandAbout
  /** Set by the engine: nobody waits for it. */
  readonly detached?: DetachedJob
  /** Upload these before the run, to a private directory whose path is $VPAI_FILES; removed afterwards. */
  readonly files?: Readonly<Record<string, Uint8Array>>
}

/** What of a command its result repeats. */
export interface CommandAbout {
  readonly cmd: Value
  /** Without line ends at the end of what it says. */
  readonly strip: boolean
}

/** A run that goes on by itself, in a folder of its own on the host. */
export interface DetachedJob {
  /** The folder, as a word of sh: made new, private to the user. */
  readonly folder: string
  /** Kept beside it, for whoever asks how it went. */
  readonly about: string
  /** Seconds after which it is ended. */
  readonly limitS: number
}

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
  /** Seconds. */
  readonly elapsed: number
  /** Whole stdout as bytes (`read`, binary commands). */
  readonly bytes: Uint8Array
}

/** A multi-step way to apply: yields actions, receives their outputs, returns what to add to the result. */
export type Steps = () => Generator<Action, Result, Output>

export type Verdict =
  /** Not enough seen yet: these keys too, then decide again. */
  | { readonly kind: 'ask'; readonly keys: readonly Key[] }
  | { readonly kind: 'ok'; readonly result?: Result; readonly warnings?: readonly string[] }
  | { readonly kind: 'skip'; readonly reason: string; readonly result?: Result }
  | {
      readonly kind: 'change'
      readonly changes: readonly Change[]
      readonly apply: readonly Action[] | Steps
      /** Known already now; check mode registers it. */
      readonly result?: Result
      /** Keys of what would exist, change or vanish: in check mode, tasks that look at these are known after apply. */
      readonly touches?: readonly Key[]
      readonly warnings?: readonly string[]
    }
  /** What it brings cannot be known ahead (command, shell, uri …). Check mode does not run it. `result.changed` may say false. */
  | {
      readonly kind: 'opaque'
      readonly summary: string
      readonly apply: Steps
      /** Whether a run that succeeds counts as changed: always, never, or left out: only running it tells. */
      readonly changes?: boolean
      readonly warnings?: readonly string[]
    }
  | { readonly kind: 'fail'; readonly message: string; readonly result?: Result }

/** A file of the project that a module needs, found in the role's or playbook's files/ or templates/. */
export interface LocalNeed {
  /** The module's own name for it, used in ctx.local(name). */
  readonly name: string
  /** text of a template is rendered by the engine; tree lists a directory with all its files. */
  readonly kind: 'file' | 'template' | 'tree' | 'vars'
  readonly path: string
  /**
   * For templates: block_start_string and the like, as Templar.file takes them. For files and trees: `stat` adds
   * times and owners, and the root itself as the entry ''; `links: follow` reads what links lead to instead of the links.
   */
  readonly options?: Dict
  readonly optional?: boolean
}

/** Asked for by the option `stat` of a need. Times in seconds since the epoch; names as this machine knows them. */
export interface LocalStat {
  readonly mtime: number
  readonly uid: number
  readonly gid: number
  readonly user: string | null
  readonly group: string | null
}

export type LocalFile =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly content: Uint8Array
      readonly mode: number
      readonly stat?: LocalStat
    }
  | { readonly kind: 'tree'; readonly path: string; readonly entries: readonly LocalEntry[] }
  | { readonly kind: 'vars'; readonly path: string; readonly values: Dict; readonly files: readonly string[] }
  | { readonly kind: 'missing'; readonly path: string; readonly searched: readonly string[] }

/** One entry of a tree, in path order. `path` is relative to the tree's root; directories come before what they hold. */
export type LocalEntry =
  | {
      readonly type: 'file'
      readonly path: string
      readonly content: Uint8Array
      readonly mode: number
      readonly stat?: LocalStat
    }
  | { readonly type: 'directory'; readonly path: string; readonly mode: number; readonly stat?: LocalStat }
  | { readonly type: 'link'; readonly path: string; readonly target: string; readonly stat?: LocalStat }

export interface Context {
  readonly check: boolean
  readonly diff: boolean
  /** inventory_hostname, and the user the task acts as (become_user, else the login user). */
  readonly host: string
  readonly user: string
  readonly local: (name: string) => LocalFile
  /** Native value of an expression, and truth of a condition, with the task's variables (debug, assert). */
  readonly evaluate: (expression: string) => Value
  readonly test: (condition: Value) => boolean
  /** A variable of the host as text-free value, undefined when not defined (e.g. ansible_python_interpreter). */
  readonly variable: (name: string) => Value | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly now: () => Date
  /** n random lower-case letters and digits. */
  readonly token: (n: number) => string
  /** Does the text hold a known secret? For warnings about argv. */
  readonly taints: (text: string) => boolean
}

export interface Module<Args = unknown> {
  /** Short name, as in YAML. */
  readonly name: string
  /** Other short names for the same module. */
  readonly aliases?: readonly string[]
  readonly summary: string
  /** Built on first use; strict: unknown keys are refused. Module arguments arrive templated, natively typed. */
  readonly args: () => z.ZodType<Args>
  /** Key that free text goes to: `command: ls` is {cmd: ls}. Without it, free text is read as k=v pairs. */
  readonly freeForm?: string
  readonly local?: (args: Args) => readonly LocalNeed[]
  readonly keys: (args: Args, ctx: Context) => readonly Key[]
  readonly decide: (args: Args, seen: Seen, ctx: Context) => Verdict
  /** true: after a change, probed and decided again it comes out empty. A text says why it cannot promise this. */
  readonly settles: true | string
  /**
   * Such a task may be decided before the changes in front of it are made, when the host makes sure that they came out
   * as foreseen. `by files`: it is decided by what files are (type, mode, owner, content), never by their times.
   * `only looks`: it changes nothing. Left out: no.
   */
  readonly foreseeable?: (args: Args) => 'by files' | 'only looks' | 'no'
  /**
   * What the host has because this task stands in the project; asked after it ended well, also in check mode. A state
   * that takes away declares nothing, and so does what changes a part of something that is somebody else's.
   */
  readonly declares?: (args: Args, result: Result, ctx: Context) => readonly Resource[]
  /** Acts once for all hosts of a play (add_host, pause). */
  readonly forAll?: boolean
  /** Runs without a host connection: debug, set_fact, assert, fail … */
  readonly controller?: boolean
}

/** Its schema is built at the first use and kept: building one costs many times more than checking arguments with it. */
export function defineModule<Args>(module: Module<Args>): Module<Args> {
  let schema: ReturnType<Module<Args>['args']> | null = null
  const args = () => {
    schema ??= module.args()
    return schema
  }
  return { ...module, args }
}
