/** Running compiled templates and giving their errors a place. */
import { type Position, VpaiError } from '../../base/error.ts'
import type { CompiledTemplate, RenderCallback, RenderFunction } from '../compiler/compile.ts'
import { type Offset, TemplateError, UnknownValueError } from '../errors.ts'
import type { RenderContext } from './context.ts'
import type { Evaluator, LoadedTemplate } from './evaluator.ts'
import type { Frame } from './frame.ts'
import { generatedRuntime } from './generated-runtime.ts'

/** Where a text came from: its file and the place of its first character. */
export type Origin = Position | undefined

/** Where in a render something is asked for. */
export interface Site {
  readonly env: Evaluator
  readonly context: RenderContext
  readonly frame: Frame
}

export function runFunction(render: RenderFunction, { env, context, frame }: Site): unknown {
  let output: unknown
  let failure: { readonly error: unknown } | null = null
  const done: RenderCallback = (error, result) => {
    if (error) failure = { error }
    else output = result
  }
  render(env, context, frame, generatedRuntime, done)
  if (failure) throw (failure as { readonly error: unknown }).error
  return output
}

/** A compiled template and where its text came from. */
export interface Runnable {
  readonly compiled: CompiledTemplate
  readonly origin: Origin
}

/** What the template printed, or its value. Its own blocks come before those of templates it extends. */
export function runTemplate(template: Runnable, site: Site): unknown {
  const { compiled, origin } = template
  for (const [name, render] of blocksOf(compiled)) site.context.addBlock(name, locatedRender(render, origin))
  site.frame.isTop = true
  return locating(origin, () => runFunction(compiled.root, site))
}

/** Another file's template; its errors say its own path. */
export function renderRoot(template: LoadedTemplate, site: Site): unknown {
  const origin = startOf(template)
  const compiled = locating(origin, template.compile)
  return runTemplate({ compiled, origin }, site)
}

export function startOf(template: LoadedTemplate): Position {
  return { file: template.path, line: 1, column: 1 }
}

export function blocksOf(compiled: CompiledTemplate): [string, RenderFunction][] {
  const blocks = Object.entries(compiled).filter(([key]) => key.startsWith('b_'))
  return blocks.map(([key, render]) => [key.slice(2), render])
}

/** A render function whose errors say the file it was written in, whichever template runs it. */
export function locatedRender(render: RenderFunction, origin: Origin): RenderFunction {
  return (env, context, frame, runtime, callback) =>
    render(env, context, frame, runtime, (error, output) =>
      callback(error ? located(asVpaiError(error), origin) : error, output),
    )
}

/** Runs `run`; an error without a position gets one from `origin` and its offset in the text. */
export function locating<T>(origin: Origin, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw located(asVpaiError(error), origin)
  }
}

function located(error: VpaiError, origin: Origin): VpaiError {
  if (!origin || error.position) return error
  const position = positionOf(error, origin)
  if (error instanceof TemplateError) return error.with({ position })
  if (error instanceof UnknownValueError) return new UnknownValueError(error.reason, position)
  return new VpaiError(error.code, error.message, { hint: error.hint, position, cause: error.cause })
}

function positionOf(error: VpaiError, origin: Position): Position {
  return positionAt(origin, (error instanceof TemplateError && error.offset) || START)
}

/** The place `offset` into a text that begins at `origin`. */
export function positionAt(origin: Position, offset: Offset): Position {
  const column = offset.line === 0 ? origin.column + offset.column : offset.column + 1
  return { file: origin.file, line: origin.line + offset.line, column }
}

const START: Offset = { line: 0, column: 0 }

/** What JavaScript itself throws: too deep a recursion, a value of the wrong type where nobody checked. */
export function asVpaiError(error: unknown): VpaiError {
  if (error instanceof VpaiError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof RangeError && /call stack/.test(message)) {
    const hint = 'a template, macro or variable calls itself without end'
    return new TemplateError('TEMPLATE_RECURSION', 'the template recursed too deeply', { hint })
  }
  return new TemplateError(error instanceof RangeError ? 'TEMPLATE_VALUE' : 'TEMPLATE_TYPE', message)
}

/** Called by generated code: the line a statement began at (0-based) becomes the error's offset. */
export function handleError(error: unknown, line: number): unknown {
  const known = asVpaiError(error)
  if (!(known instanceof TemplateError) || known.offset || known.position) return known
  return known.with({ offset: { line, column: 0 } })
}
