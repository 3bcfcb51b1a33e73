/** The Evaluator of one Templar: resolves names in its scope and keeps what was rendered. */
import type { VpaiError } from '../base/error.ts'
import type { Secret } from '../base/secret.ts'
import { type Template, Unknown, type Value } from '../base/value.ts'
import { compileNative, compileTemplate } from './compiler/compile.ts'
import { TemplateError, UnknownValueError } from './errors.ts'
import { readFileHeader } from './file-header.ts'
import { fileSyntax } from './file-syntax.ts'
import { RenderContext } from './runtime/context.ts'
import {
  type ControlMachine,
  type Evaluator,
  type Forced,
  type LoadedTemplate,
  type ParentCallback,
  type RunLookup,
  withEvaluator,
} from './runtime/evaluator.ts'
import { force } from './runtime/force.ts'
import { Frame } from './runtime/frame.ts'
import { OwnCopies } from './runtime/own-copies.ts'
import { EMPTY, print } from './runtime/printing.ts'
import { locating, type Origin, type Runnable, runTemplate } from './runtime/render.ts'
import { parentTemplate } from './runtime/templates.ts'
import { LazyMapping, Undefined } from './runtime/values.ts'
import { standardLibrary } from './standard-library.ts'
import { FILE_SYNTAX, STRING_SYNTAX, type Syntax } from './syntax.ts'
import type { TemplarOptions } from './templar.ts'

export class ScopeEvaluator implements Evaluator {
  readonly library = standardLibrary
  readonly copies = new OwnCopies()
  readonly forced = new WeakMap<object, Forced>()
  isTainted = false
  readonly #options: TemplarOptions
  readonly #runLookup: (name: string) => RunLookup | undefined
  readonly #rendered = new Map<Template, Forced>()
  readonly #busy = new Set<Template>()
  #fileSyntax: Syntax = FILE_SYNTAX

  constructor(options: TemplarOptions, runLookup: (name: string) => RunLookup | undefined) {
    this.#options = options
    this.#runLookup = runLookup
  }

  get secrets(): TemplarOptions['secrets'] {
    return this.#options.secrets
  }

  get machine(): ControlMachine {
    return this.#options.machine ?? {}
  }

  warn(message: string): void {
    this.#options.warn?.(message)
  }

  resolve(name: string): unknown {
    const value = this.#options.scope.get(name)
    if (value !== undefined) return value
    if (name in this.library.globals) return this.library.globals[name]
    if (name === 'vars')
      return new LazyMapping(
        key => this.#options.scope.get(key),
        () => this.names(),
      )
    return new Undefined(`'${name}' is undefined`, { variable: name })
  }

  names(): Iterable<string> {
    return this.#options.scope.names()
  }

  reveal(secret: Secret): string {
    this.isTainted = true
    return secret.reveal()
  }

  /** Once for the life of the Templar: variables do not change under it. */
  renderVariable(template: Template): unknown {
    const known = this.#rendered.get(template)
    if (known) {
      this.isTainted ||= known.isTainted
      return known.value
    }
    if (this.#busy.has(template)) {
      throw new TemplateError(
        'TEMPLATE_RECURSION',
        `a variable refers to itself: ${template.source.trim()}`,
        {
          position: template.position,
        },
      )
    }
    const wasTainted = this.isTainted
    this.isTainted = false
    this.#busy.add(template)
    try {
      const value = this.#variableValue(template)
      this.#rendered.set(template, { value, isTainted: this.isTainted })
      return value
    } finally {
      this.#busy.delete(template)
      this.isTainted ||= wasTainted
    }
  }

  /** A variable made of an undefined (or unknown) one is undefined (or unknown) itself, so that defaults work. */
  #variableValue(template: Template): unknown {
    try {
      return this.renderNative(template.source, template.position)
    } catch (error) {
      if (error instanceof UnknownValueError) return new Unknown(error.reason)
      if (!(error instanceof TemplateError) || error.code !== 'TEMPLATE_UNDEFINED') throw error
      return new Undefined(error.message, { variable: missingName(error), position: error.position })
    }
  }

  /** A text from a YAML file: a lone expression keeps its type. Nothing inside the value is rendered yet. */
  renderNative(source: string, origin: Origin): unknown {
    const compiled = locating(origin, () => compileNative(source, STRING_SYNTAX))
    const output = this.#run({ compiled, origin })
    const value = output === EMPTY ? '' : output
    return typeof value === 'string' ? keepTrailingNewlines(source, value) : value
  }

  /** A whole template file; its `#jinja2:` line counts more than the given syntax. */
  renderFileText(text: string, given: Syntax, path: string | undefined): string {
    const { body, value } = this.#runFile({ text, given, path, compile: compileTemplate })
    return keepTrailingNewlines(body, String(print('', value)))
  }

  /** `body` is the text below the header. */
  #runFile({ text, given, path, compile }: FileRun): { body: string; value: unknown } {
    const origin = { file: path ?? '<template>', line: 1, column: 1 }
    const { body, options, skippedLines } = locating(origin, () => readFileHeader(text))
    const start = { ...origin, line: 1 + skippedLines }
    const outer = this.#fileSyntax
    this.#fileSyntax = fileSyntax(given, options)
    try {
      const compiled = locating(start, () => compile(body, this.#fileSyntax))
      return { body, value: this.#run({ compiled, origin: start }) }
    } finally {
      this.#fileSyntax = outer
    }
  }

  #run(template: Runnable): unknown {
    return runTemplate(template, { env: this, context: new RenderContext(this), frame: new Frame() })
  }

  /** A file that is one expression and nothing else gives its value; any other gives text. */
  renderFile(template: LoadedTemplate, more: ReadonlyMap<string, unknown>): unknown {
    if (more.size === 0) return this.#fileValue(template)
    const { scope } = this.#options
    const over = {
      get: (name: string) => (more.has(name) ? (more.get(name) as Value) : scope.get(name)),
      names: () => [...more.keys(), ...scope.names()],
    }
    const inner = new ScopeEvaluator({ ...this.#options, scope: over }, this.#runLookup)
    try {
      return withEvaluator(inner, () => force(inner.#fileValue(template)))
    } finally {
      this.isTainted ||= inner.isTainted
    }
  }

  #fileValue({ source, path }: LoadedTemplate): unknown {
    if (!/^\s*\{\{.*\}\}$/s.test(source)) return this.renderFileText(source, FILE_SYNTAX, path)
    const { value } = this.#runFile({ text: source, given: FILE_SYNTAX, path, compile: compileNative })
    return value === EMPTY ? '' : value
  }

  loadTemplate(name: string): LoadedTemplate | null {
    const found = this.#options.loadTemplate?.(name)
    if (!found) return null
    const syntax = this.#fileSyntax
    return { ...found, compile: () => compileTemplate(found.source, syntax) }
  }

  getTemplate(name: unknown, ...rest: readonly [...unknown[], ParentCallback]): void {
    const callback = rest.at(-1) as ParentCallback
    callback(null, parentTemplate(this, name))
  }

  lookup(name: string): RunLookup | undefined {
    return this.#runLookup(name)
  }

  lookupNames(): readonly string[] {
    return Object.keys(this.#options.lookups ?? {})
  }

  now(): Date {
    return this.#options.now?.() ?? unavailable('the clock')
  }

  random(): number {
    return this.#options.random?.() ?? unavailable('randomness')
  }
}

/** The name in "'x' is undefined". */
export function missingName(error: VpaiError): string | undefined {
  return error.code === 'TEMPLATE_UNDEFINED' ? /^'([^']+)' is undefined/.exec(error.message)?.[1] : undefined
}

function unavailable(what: string): never {
  const hint = 'a value that differs from run to run would show as a change every time'
  throw new TemplateError('TEMPLATE_UNAVAILABLE', `${what} is not available here`, { hint })
}

/** Jinja2 drops one newline at the end; Ansible puts back as many as the source had. */
interface FileRun {
  readonly text: string
  readonly given: Syntax
  readonly path: string | undefined
  readonly compile: typeof compileTemplate
}

function keepTrailingNewlines(source: string, output: string): string {
  const missing = trailingNewlines(source) - trailingNewlines(output)
  return missing > 0 ? output + '\n'.repeat(missing) : output
}

function trailingNewlines(text: string): number {
  let count = 0
  while (count < text.length && text[text.length - 1 - count] === '\n') count++
  return count
}
