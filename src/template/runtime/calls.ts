/** Calling functions, filters and tests. */
import { Unknown } from '../../base/value.ts'
import { didYouMean, TemplateError, typeError, UnknownValueError } from '../errors.ts'
import type { RenderContext } from './context.ts'
import { watchDerived } from './derived-secrets.ts'
import { evaluator } from './evaluator.ts'
import { force, forceShallow } from './force.ts'
import { Loop } from './loop.ts'
import { type Definition, type Definitions, invoke } from './signature.ts'
import { Callable, Keywords, NO_KEYWORDS, typeName, Undefined } from './values.ts'

/** `target(args)`; keyword arguments are the last of `args`. */
export function call(target: unknown, args: readonly unknown[], context: RenderContext): unknown {
  const callee = forceShallow(target)
  if (callee instanceof Undefined) return callee.fail()
  if (callee instanceof Unknown) throw new UnknownValueError(callee.reason)
  const [positional, keywords] = splitKeywords(args)
  const values = positional.map(force)
  if (callee instanceof Loop) return callee.recurse(values[0])
  if (!(callee instanceof Callable)) return typeError(`'${typeName(callee)}' object is not callable`)
  const named = keywords === NO_KEYWORDS ? keywords : forceKeywords(keywords)
  return callee.invoke(values, named, context)
}

/** A `call` block: its body is given to the macro as `caller`. */
export function callWithCaller(
  target: unknown,
  args: readonly unknown[],
  caller: unknown,
  context: RenderContext,
): unknown {
  const [positional, keywords] = splitKeywords(args)
  return call(target, [...positional, new Keywords([...keywords.map, ['caller', caller]])], context)
}

export function filter(name: string, args: readonly unknown[]): unknown {
  const { filters } = evaluator().library
  const definition = findDefinition(filters, name)
  if (!definition) {
    const hint = didYouMean(name, Object.keys(filters))
    throw new TemplateError('TEMPLATE_UNKNOWN_FILTER', `no filter named '${name}'`, { hint })
  }
  return watchDerived(args, run(definition, args))
}

export function test(name: string, args: readonly unknown[]): boolean {
  const { tests } = evaluator().library
  const definition = findDefinition(tests, name)
  if (definition) return Boolean(run(definition, args))
  const hint = didYouMean(name, Object.keys(tests))
  throw new TemplateError('TEMPLATE_UNKNOWN_TEST', `no test named '${name}'`, { hint })
}

/** `ansible.builtin.bool` and other collections' names mean the name at their end. */
export function findDefinition(table: Definitions, name: string): Definition | undefined {
  return table[name] ?? (name.includes('.') ? table[name.slice(name.lastIndexOf('.') + 1)] : undefined)
}

function run(definition: Definition, args: readonly unknown[]): unknown {
  const [positional, keywords] = splitKeywords(args)
  const [first, ...rest] = positional
  const receiver = force(first)
  if (!definition.takesUndefined) {
    if (receiver instanceof Undefined) receiver.fail()
    if (receiver instanceof Unknown) throw new UnknownValueError(receiver.reason)
  }
  return invoke(definition, receiver, rest.map(force), keywords)
}

function splitKeywords(args: readonly unknown[]): readonly [readonly unknown[], Keywords] {
  const last = args.at(-1)
  return last instanceof Keywords ? [args.slice(0, -1), last] : [args, NO_KEYWORDS]
}

function forceKeywords(keywords: Keywords): Keywords {
  return new Keywords([...keywords.map].map(([name, value]) => [name, force(value)]))
}
