import type { Secret } from '../../base/secret.ts'
import type { SecretRegistry } from '../../base/secret-registry.ts'
import type { Template, Value } from '../../base/value.ts'
import type { CompiledTemplate, RenderFunction } from '../compiler/compile.ts'
import type { Library } from './library.ts'
import type { OwnCopies } from './own-copies.ts'

/** A rendered container, and whether a secret was read for it. */
export interface Forced {
  readonly value: unknown
  readonly isTainted: boolean
}

/** A template file found by name. */
export interface LoadedTemplate {
  readonly path: string
  readonly source: string
  /** Compiled with the syntax of the file that asks for it. */
  readonly compile: () => CompiledTemplate
}

/** Facts about a path on the machine vpai runs on. */
export interface PathFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'other'
  /** For a link: what it leads to, or null when it leads nowhere. */
  readonly target: 'file' | 'directory' | 'other' | null
  /** Device and inode in one text: equal for the same file. */
  readonly identity: string
  readonly isMount: boolean
}

/** The machine vpai runs on, as far as templates may ask about it. */
export interface ControlMachine {
  readonly stat?: (path: string) => PathFacts | null
  /** Whether the file's first words are those of Ansible Vault; null when it cannot be read. */
  readonly isVaulted?: (path: string) => boolean | null
  readonly realpath?: (path: string) => string
  readonly glob?: (pattern: string) => readonly string[]
  readonly environment?: (name: string) => string | undefined
  readonly home?: string
}

/** What nunjucks' code for `extends` needs of the parent: its blocks by name, and its root. */
export interface ParentTemplate {
  readonly blocks: Readonly<Record<string, RenderFunction>>
  readonly rootRenderFunc: RenderFunction
}

export type ParentCallback = (error: unknown, parent?: ParentTemplate) => void

/** Runs one lookup; `terms` are its positional arguments. */
export type RunLookup = (terms: Value[], options: Record<string, Value>) => Value

/** What running code needs of the Templar it runs for. */
export interface Evaluator {
  readonly library: Library
  readonly secrets: SecretRegistry
  readonly machine: ControlMachine
  /** What people should know, although the render goes on. */
  warn(message: string): void
  /** Containers a template has changed. */
  readonly copies: OwnCopies
  /** Containers already rendered, by the original. */
  readonly forced: WeakMap<object, Forced>
  /** Was a Secret read since the render began? */
  isTainted: boolean
  /** A global name: scope, then builtins, else Undefined. */
  resolve(name: string): unknown
  /** All names of the scope. */
  names(): Iterable<string>
  renderVariable(template: Template): unknown
  reveal(secret: Secret): string
  lookup(name: string): RunLookup | undefined
  lookupNames(): readonly string[]
  loadTemplate(name: string): LoadedTemplate | null
  /** nunjucks' code for `extends` asks for its parent here. */
  getTemplate(name: unknown, ...rest: readonly [...unknown[], ParentCallback]): void
  /** A template file rendered by itself, for lookup('template'). */
  /** A file that is one expression and nothing else gives its value; any other gives text. `more` are variables over all others. */
  renderFile(template: LoadedTemplate, more: ReadonlyMap<string, unknown>): unknown
  now(): Date
  /** 0 <= x < 1 */
  random(): number
}

/**
 * Rendering is synchronous and every helper down to "print this nested value" may meet a lazy variable, so the
 * Templar at work is kept here for the time of one call instead of being an argument of each function.
 */
let current: Evaluator | null = null

export function evaluator(): Evaluator {
  if (current === null) throw new Error('a template value was used outside of a render')
  return current
}

export function withEvaluator<T>(next: Evaluator, run: () => T): T {
  const outer = current
  current = next
  try {
    return run()
  } finally {
    current = outer
  }
}
