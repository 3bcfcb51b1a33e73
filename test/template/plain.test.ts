import fc from 'fast-check'
import { expect, it } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import type { Value } from '../../src/base/value.ts'
import {
  type CompiledTemplate,
  generatedExpression,
  generatedTemplate,
} from '../../src/template/compiler/compile.ts'
import { plainExpression, plainTemplate } from '../../src/template/compiler/plain.ts'
import { RenderContext } from '../../src/template/runtime/context.ts'
import { withEvaluator } from '../../src/template/runtime/evaluator.ts'
import { Frame } from '../../src/template/runtime/frame.ts'
import { generatedRuntime } from '../../src/template/runtime/generated-runtime.ts'
import { EMPTY } from '../../src/template/runtime/printing.ts'
import { runTemplate } from '../../src/template/runtime/render.ts'
import { settle } from '../../src/template/runtime/settle.ts'
import { ScopeEvaluator } from '../../src/template/scope-evaluator.ts'
import { FILE_SYNTAX, STRING_SYNTAX } from '../../src/template/syntax.ts'
import { PlainSecrets, scopeOf, trusted } from './make-templar.ts'

const VARIABLES = trusted({
  text: 'some text',
  number: 7,
  nothing: null,
  yes: true,
  list: [1, 'two'],
  nested: { inner: { leaf: 'l' }, number: 1 },
  lazy: '{{ text }}!',
  broken: '{{ missing.x }}',
}) as Record<string, Value>

const evaluator = () =>
  new ScopeEvaluator({ scope: scopeOf(VARIABLES), secrets: new PlainSecrets() }, () => undefined)

/** What comes of it, or the error with its place. */
function outcome(work: (env: ScopeEvaluator) => unknown): unknown {
  const env = evaluator()
  try {
    return withEvaluator(env, () => {
      const value = work(env)
      return value === EMPTY ? '(nothing)' : settle(value)
    })
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    return { code: error.code, message: error.message, position: error.position }
  }
}

function rendered(compiled: CompiledTemplate): unknown {
  const origin = { file: 'a.yml', line: 3, column: 5 }
  return outcome(env =>
    runTemplate({ compiled, origin }, { env, context: new RenderContext(env), frame: new Frame() }),
  )
}

const names = fc.constantFrom(
  ...Object.keys(VARIABLES),
  ...[
    'missing',
    'nested.inner',
    'nested.inner.leaf',
    'nested.none',
    'missing.x',
    'list.x',
    'text.upper',
    'vars',
  ],
  ...['true', 'none', 'not', 'a b', 'number + 1', 'text | upper', '', 'nested .number', '7', "'x'"],
)
const blanks = fc.constantFrom('', ' ', '  ', '\n', '\t')
const piece = fc.oneof(
  fc.constantFrom('text', ' ', '\n', '\n\n', '}}', '{', '%}', 'é', '"', '\\n'),
  fc.tuple(blanks, names, blanks).map(([before, name, after]) => `{{${before}${name}${after}}}`),
)
const sources = fc.array(piece, { minLength: 1, maxLength: 6 }).map(parts => parts.join(''))

it.each([
  ['strings of YAML files', STRING_SYNTAX, true],
  ['template files', FILE_SYNTAX, false],
] as const)('the short way renders %s as generated code does', (_what, syntax, isNative) => {
  let plain = 0
  fc.assert(
    fc.property(sources, source => {
      const short = plainTemplate(source, syntax, isNative)
      if (short === null) return
      plain++
      expect(rendered(short)).toEqual(rendered(generatedTemplate(source, syntax, isNative)))
    }),
    { numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(200)
})

it('the short way for one variable is what generated code gives', () => {
  let plain = 0
  fc.assert(
    fc.property(fc.tuple(blanks, names, blanks), ([before, name, after]) => {
      const source = `${before}${name}${after}`
      const short = plainExpression(source)
      if (short === null) return
      plain++
      const run = (evaluate: typeof short) =>
        outcome(env => evaluate(env, new RenderContext(env), new Frame(), generatedRuntime))
      expect(run(short)).toEqual(run(generatedExpression(source)))
    }),
    { numRuns: 500 },
  )
  expect(plain).toBeGreaterThan(40)
})

it.each(['{{ a | upper }}', '{{ a }}{% if b %}{% endif %}', '{# #}{{ a }}', '{{ not }}', '{{ a', '{{- a }}'])(
  'leaves %j to the parser',
  source => {
    expect(plainTemplate(source, STRING_SYNTAX, true)).toBeNull()
  },
)
