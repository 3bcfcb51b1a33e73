/** Evaluates everything in a project that can hold a template: arguments, conditions, expressions, files. */
import { didYouMean } from '../base/did-you-mean.ts'
import { type Position, VpaiError } from '../base/error.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import { Template, type Value } from '../base/value.ts'
import { compileExpression } from './compiler/compile.ts'
import { TemplateError, UnknownValueError } from './errors.ts'
import type { SyntaxOptions } from './file-header.ts'
import { fileSyntax } from './file-syntax.ts'
import { truth } from './runtime/compare.ts'
import { RenderContext } from './runtime/context.ts'
import { type ControlMachine, type RunLookup, withEvaluator } from './runtime/evaluator.ts'
import { demand } from './runtime/force.ts'
import { Frame } from './runtime/frame.ts'
import { generatedRuntime } from './runtime/generated-runtime.ts'
import { repr, str } from './runtime/printing.ts'
import { locating, type Origin } from './runtime/render.ts'
import { settle } from './runtime/settle.ts'
import { typeName } from './runtime/values.ts'
import { missingName, ScopeEvaluator } from './scope-evaluator.ts'
import { FILE_SYNTAX } from './syntax.ts'

/** The variables a template sees. Values may be lazy: Template, Secret and Unknown anywhere inside. */
export interface Scope {
  /** JavaScript's undefined: there is no such variable. */
  get(name: string): Value | undefined
  names(): Iterable<string>
}

/** A lookup with effects. An array holds the results, one for each term; anything else is the only result. */
export type Lookup = (terms: Value[], options: Record<string, Value>, templar: Templar) => Value

export interface TemplarOptions {
  readonly scope: Scope
  readonly secrets: SecretRegistry
  /** These come before the built-in ones of the same name. */
  readonly lookups?: Readonly<Record<string, Lookup>>
  /** Finds a template file for include, import, extends and lookup('template'). */
  readonly loadTemplate?: (name: string) => { readonly source: string; readonly path: string } | null
  readonly now?: () => Date
  /** 0 <= x < 1 */
  readonly random?: () => number
  /** For path tests and path filters. */
  readonly machine?: ControlMachine
  /** Told what did not end a render: a lookup that failed with errors='warn'. May be told the same more than once. */
  readonly warn?: (message: string) => void
  /** Refuse conditions that are not true or false. Default false: the value's truth counts. */
  readonly strictConditions?: boolean
}

export interface FileOptions extends SyntaxOptions {
  /** For error positions. */
  readonly path?: string
  /** What ends a line in the result. Default '\n'. */
  readonly newlineSequence?: string
}

/**
 * One Templar sees one state of the variables: rendered variables are kept for its life. Making one is cheap;
 * make a new one (or call `forget`) when variables change.
 *
 * Every method throws TemplateError (with a position where one is known), UnknownValueError when a value is
 * known only after apply, or the VpaiError of a lookup. Messages never hold a secret.
 */
export class Templar {
  readonly #options: TemplarOptions
  #evaluator: ScopeEvaluator
  #depth = 0

  constructor(options: TemplarOptions) {
    this.#options = options
    this.#evaluator = this.#makeEvaluator()
  }

  /** Did the last call read a Secret? */
  get tainted(): boolean {
    return this.#evaluator.isTainted
  }

  /** Variables have changed: nothing rendered so far is used again. */
  forget(): void {
    this.#evaluator = this.#makeEvaluator()
  }

  /** A task's argument: natively typed, nothing lazy or undefined left inside, secrets as plain text, OMIT kept. */
  value(value: Value): Value {
    if (!(value instanceof Template)) return this.#run(undefined, () => settle(value))
    const { source, position } = value
    return this.#run(position, () => settle(this.#evaluator.renderNative(source, position)))
  }

  /** `when` and its like: an expression without braces, a boolean, or a list that must hold as a whole. */
  condition(condition: Value, position?: Position): boolean {
    return this.#run(position, () => this.#holds(condition, position))
  }

  /** The value of one expression, as `loop` and `debug: var=` name it. */
  expression(source: string, position?: Position): Value {
    return this.#run(position, () => settle(this.#evaluate(source)))
  }

  /** A settled value as a template prints it. */
  text(value: Value): string {
    return this.#run(undefined, () => str(value))
  }

  /** A template file's text rendered. */
  file(text: string, options: FileOptions = {}): string {
    const { path, newlineSequence = '\n', ...syntax } = options
    const output = this.#run(undefined, () =>
      this.#evaluator.renderFileText(text, fileSyntax(FILE_SYNTAX, syntax), path),
    )
    return newlineSequence === '\n' ? output : output.replaceAll('\n', newlineSequence)
  }

  #makeEvaluator(): ScopeEvaluator {
    return new ScopeEvaluator(this.#options, name => this.#lookup(name))
  }

  #lookup(name: string): RunLookup | undefined {
    const { lookups } = this.#options
    const lookup = lookups && Object.hasOwn(lookups, name) ? lookups[name] : undefined
    return lookup && ((terms, options) => lookup(terms, options, this))
  }

  #holds(condition: Value, position: Origin): boolean {
    if (condition === null || condition === '') return true
    if (Array.isArray(condition)) return condition.every(part => this.#holds(part, position))
    if (condition instanceof Template) {
      return locating(condition.position, () => refuseBraces(condition.source))
    }
    if (typeof condition !== 'string') return this.#truthOf(condition, '')
    if (/\{\{|\{%/.test(condition)) return refuseBraces(condition)
    return this.#truthOf(this.#evaluate(condition), condition)
  }

  #truthOf(value: unknown, source: string): boolean {
    const known = demand(value)
    if (typeof known === 'boolean') return known
    if (!this.#options.strictConditions) return truth(known)
    const shown = source === '' ? repr(known) : source
    throw new TemplateError(
      'TEMPLATE_CONDITION',
      `a condition must be true or false, this is a ${typeName(known)}: ${shown}`,
      {
        hint: 'compare it, or say what you mean: `x | length > 0`, `x is defined`, `x | bool`',
      },
    )
  }

  #evaluate(source: string): unknown {
    const evaluate = compileExpression(source)
    return evaluate(this.#evaluator, new RenderContext(this.#evaluator), new Frame(), generatedRuntime)
  }

  /** A lookup may call back into its own Templar: only the outermost call begins with a clean slate. */
  #run<T>(origin: Origin, work: () => T): T {
    const evaluator = this.#evaluator
    if (this.#depth === 0) {
      evaluator.isTainted = false
      evaluator.copies.clear()
    }
    this.#depth++
    try {
      return withEvaluator(evaluator, () => locating(origin, work))
    } catch (error) {
      throw this.#presentable(error)
    } finally {
      this.#depth--
    }
  }

  /** The error as people may see it: no secret in it, and a hint for a misspelt name. */
  #presentable(error: unknown): unknown {
    if (!(error instanceof VpaiError)) return error
    const { secrets, scope } = this.#options
    const message = secrets.mask(error.message)
    const misspelt = missingName(error)
    const near = misspelt === undefined ? undefined : didYouMean(misspelt, scope.names())
    const hint = near ?? (error.hint === undefined ? undefined : secrets.mask(error.hint))
    const isCauseClean = error.cause === undefined || !secrets.taints(String(error.cause))
    if (message === error.message && hint === error.hint && isCauseClean) return error
    if (error instanceof TemplateError) return error.with({ message, hint })
    if (error instanceof UnknownValueError)
      return new UnknownValueError(secrets.mask(error.reason), error.position)
    return new VpaiError(error.code, message, { hint, position: error.position })
  }
}

function refuseBraces(source: string): never {
  throw new TemplateError('TEMPLATE_CONDITION', `a condition is an expression already: ${source.trim()}`, {
    hint: 'leave out the braces: `when: x == 1` instead of `when: "{{ x == 1 }}"`',
  })
}
