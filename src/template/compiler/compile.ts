/** Source to function, compiled once a process for each syntax. */

import { TemplateError } from '../errors.ts'
import type { ListNode } from '../nunjucks-base.ts'
import { parseExpression, parseTemplate } from '../parser/jinja-parser.ts'
import type { RenderContext } from '../runtime/context.ts'
import type { Frame } from '../runtime/frame.ts'
import type { GeneratedRuntime } from '../runtime/generated-runtime.ts'
import type { Syntax } from '../syntax.ts'
import { plainExpression, plainTemplate } from './plain.ts'
import { TemplateCompiler } from './template-compiler.ts'

/** What generated code hands back: an error, or what was printed. */
export type RenderCallback = (error: unknown, output?: unknown) => void

/** Renders a template or one of its blocks; calls back before it returns. */
export type RenderFunction = (
  env: unknown,
  context: RenderContext,
  frame: Frame,
  runtime: GeneratedRuntime,
  callback: RenderCallback,
) => void

/** `root` and one `b_<name>` for each block. */
export type CompiledTemplate = Readonly<Record<string, RenderFunction>> & { readonly root: RenderFunction }

export type CompiledExpression = (
  env: unknown,
  context: RenderContext,
  frame: Frame,
  runtime: GeneratedRuntime,
) => unknown

/** Compiled templates by syntax, then by source. */
type Cache = WeakMap<Syntax, Map<string, CompiledTemplate>>

const textTemplates: Cache = new WeakMap()
const nativeTemplates: Cache = new WeakMap()
const expressions = new Map<string, CompiledExpression>()

/** Throws TemplateError (TEMPLATE_SYNTAX). Give the same syntax object again, or the cache is of no use. */
export function compileTemplate(source: string, syntax: Syntax): CompiledTemplate {
  return cachedTemplate(source, syntax, false)
}

/** As compileTemplate, but a lone expression keeps its type. */
export function compileNative(source: string, syntax: Syntax): CompiledTemplate {
  return cachedTemplate(source, syntax, true)
}

export function compileExpression(source: string): CompiledExpression {
  const known = expressions.get(source)
  if (known) return known
  const compiled = plainExpression(source) ?? generatedExpression(source)
  expressions.set(source, compiled)
  return compiled
}

/** Without the short way for what is plain. */
export function generatedExpression(source: string): CompiledExpression {
  const tree = parseExpression(source)
  const body = new ExpressionCode().of(tree)
  return evaluate<CompiledExpression>(`return (env,context,frame,runtime)=>${body};`)
}

function cachedTemplate(source: string, syntax: Syntax, isNative: boolean): CompiledTemplate {
  const cache = isNative ? nativeTemplates : textTemplates
  let bySource = cache.get(syntax)
  if (!bySource) {
    bySource = new Map()
    cache.set(syntax, bySource)
  }
  const known = bySource.get(source)
  if (known) return known
  const compiled = plainTemplate(source, syntax, isNative) ?? generatedTemplate(source, syntax, isNative)
  bySource.set(source, compiled)
  return compiled
}

/** Without the short way for what is plain. */
export function generatedTemplate(source: string, syntax: Syntax, isNative: boolean): CompiledTemplate {
  return evaluate<CompiledTemplate>(generate(parseTemplate(source, syntax), isNative))
}

function generate(tree: ListNode, isNative: boolean): string {
  const compiler = new TemplateCompiler(isNative)
  compiler.compile(tree)
  return compiler.getCode()
}

class ExpressionCode extends TemplateCompiler {
  constructor() {
    super(true)
  }

  of(node: Parameters<TemplateCompiler['compile']>[0]): string {
    return this.code(node, undefined)
  }
}

/** Generated code holds only runtime calls and JSON literals, so evaluating it runs no text of a template. */
function evaluate<T>(code: string): T {
  try {
    return new Function(code)() as T
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // The one statement that is written as it is and can be in a wrong place.
    throw new TemplateError('TEMPLATE_SYNTAX', "'break' and 'continue' belong directly into a loop", {
      cause: error,
    })
  }
}
