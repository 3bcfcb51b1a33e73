/**
 * Most templates are text with variables in it, and most conditions one variable: these need neither a parser nor
 * generated code. They do what the generated code would do, step for step.
 */
import type { RenderContext } from '../runtime/context.ts'
import type { Frame } from '../runtime/frame.ts'
import type { GeneratedRuntime } from '../runtime/generated-runtime.ts'
import type { Syntax } from '../syntax.ts'
import type { CompiledExpression, CompiledTemplate } from './compile.ts'

/** `a.b.c` */
type Path = readonly [string, ...string[]]

interface Printed {
  readonly path: Path
  /** Counted from 0. */
  readonly line: number
}

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/

/** Words that are no variables. */
const WORDS = new Set([
  ...['true', 'True', 'false', 'False', 'none', 'None'],
  ...['not', 'and', 'or', 'in', 'is', 'if', 'else'],
])

/** null: there is more in it than text and variables. */
export function plainTemplate(source: string, syntax: Syntax, isNative: boolean): CompiledTemplate | null {
  const parts = partsOf(source, syntax)
  if (parts === null) return null
  return {
    root(_env, context, frame, runtime, callback) {
      let line = 0
      try {
        let output: unknown = isNative ? runtime.EMPTY : ''
        for (const part of parts) {
          if (typeof part === 'string') {
            output = runtime.print(output, part)
            continue
          }
          line = part.line
          output = runtime.print(output, runtime.printable(resolved(part.path, runtime, { context, frame })))
        }
        callback(null, output)
      } catch (error) {
        callback(runtime.handleError(error, line))
      }
    },
  }
}

/** null: it is more than one variable. */
export function plainExpression(source: string): CompiledExpression | null {
  const path = pathOf(source)
  return path && ((_env, context, frame, runtime) => resolved(path, runtime, { context, frame }))
}

function resolved(
  [first, ...rest]: Path,
  runtime: GeneratedRuntime,
  { context, frame }: { readonly context: RenderContext; readonly frame: Frame },
): unknown {
  return rest.reduce<unknown>(
    (value, key) => runtime.attribute(value, key),
    runtime.name(context, frame, first),
  )
}

function pathOf(source: string): Path | null {
  const text = source.replace(/^ +| +$/g, '')
  const path = text.split('.')
  return PATH.test(text) && !WORDS.has(path[0] as string) ? (path as unknown as Path) : null
}

/** Texts and variables by turns. */
function partsOf(source: string, syntax: Syntax): readonly (string | Printed)[] | null {
  if (syntax.variableStart !== '{{' || syntax.variableEnd !== '}}') return null
  if (source.includes('\r') || source.includes(syntax.blockStart) || source.includes(syntax.commentStart))
    return null
  // Jinja2 drops one newline at the end.
  const text = source.endsWith('\n') ? source.slice(0, -1) : source
  const parts: (string | Printed)[] = []
  let line = 0
  const say = (part: string) => {
    if (part !== '') parts.push(part)
    line += part.split('\n').length - 1
  }
  let at = 0
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open)
    const path = close < 0 ? null : pathOf(text.slice(open + 2, close))
    if (path === null) return null
    say(text.slice(at, open))
    parts.push({ path, line })
    at = close + 2
  }
  say(text.slice(at))
  return parts
}
