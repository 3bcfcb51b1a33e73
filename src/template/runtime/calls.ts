/** Calling functions, filters and tests. */
import { didYouMean } from '../../base/did-you-mean.ts'
import { Unknown } from '../../base/value.ts'
import { TemplateError, typeError, UnknownValueError } from '../errors.ts'
import type { RenderContext } from './context.ts'
import { watchDerived } from './derived-secrets.ts'
import { evaluator } from './evaluator.ts'
import { force, forceShallow } from './force.ts'
import { Loop } from './loop.ts'
import { type Arguments, type Definition, type Definitions, invoke } from './signature.ts'
import { Callable, Keywords, NO_KEYWORDS, typeName, Undefined } from './values.ts'

/** `target(args)`; keyword arguments are the last of `args`. */
export function call(target: unknown, args: readonly unknown[], context: RenderContext): unknown {
  const callee = forceShallow(target)
  if (callee instanceof Undefined) return callee.fail()
  if (callee instanceof Unknown) throw new UnknownValueError(callee.reason)
  const { positional, keywords } = forceArguments(args)
  if (callee instanceof Loop) return callee.recurse(positional[0])
  if (!(callee instanceof Callable)) return typeError(`'${typeName(callee)}' object is not callable`)
  return callee.invoke(positional, keywords, context)
}

/** A `call` block: its body is given to the macro as `caller`. */
export function callWithCaller(
  target: unknown,
  args: readonly unknown[],
  { caller, context }: { readonly caller: unknown; readonly context: RenderContext },
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
  const values = forceArguments(args)
  return watchDerived([...values.positional, ...values.keywords.map.values()], run(definition, values))
}

export function test(name: string, args: readonly unknown[]): boolean {
  const { tests } = evaluator().library
  const definition = findDefinition(tests, name)
  if (definition) return Boolean(run(definition, forceArguments(args)))
  const hint = didYouMean(name, Object.keys(tests))
  throw new TemplateError('TEMPLATE_UNKNOWN_TEST', `no test named '${name}'`, { hint })
}

/** `ansible.builtin.bool` and other collections' names mean the name at their end. */
export function findDefinition(table: Definitions, name: string): Definition | undefined {
  return table[name] ?? (name.includes('.') ? table[name.slice(name.lastIndexOf('.') + 1)] : undefined)
}

/** Everything rendered and revealed, so that what is made of a secret can be traced to it. */
function forceArguments(args: readonly unknown[]): Arguments {
  const [positional, keywords] = splitKeywords(args)
  const named = keywords === NO_KEYWORDS ? keywords : forceKeywords(keywords)
  return { positional: positional.map(force), keywords: named }
}

function run(definition: Definition, { positional, keywords }: Arguments): unknown {
  const [receiver, ...rest] = positional
  if (!definition.takesUndefined) {
    if (receiver instanceof Undefined) receiver.fail()
    if (receiver instanceof Unknown) throw new UnknownValueError(receiver.reason)
  }
  return invoke(definition, receiver, { positional: rest, keywords })
}

function splitKeywords(args: readonly unknown[]): readonly [readonly unknown[], Keywords] {
  const last = args.at(-1)
  return last instanceof Keywords ? [args.slice(0, -1), last] : [args, NO_KEYWORDS]
}

function forceKeywords(keywords: Keywords): Keywords {
  return new Keywords([...keywords.map].map(([name, value]) => [name, force(value)]))
}
