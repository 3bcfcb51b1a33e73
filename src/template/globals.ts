/** Functions and constants every template can name. */
import { OMIT, type Value } from '../base/value.ts'
import { valueError } from './errors.ts'
import { callLookup } from './lookups/call-lookup.ts'
import { iterate } from './runtime/access.ts'
import { formatDate } from './runtime/dates.ts'
import { dictEntries, makeDict } from './runtime/dicts.ts'
import { evaluator } from './runtime/evaluator.ts'
import { str } from './runtime/printing.ts'
import { Callable, type Invoke, isDictLike, Namespace, numeric, Undefined } from './runtime/values.ts'

export const globals: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), {
  omit: OMIT,
  range: callable('range', args => range(args.map(arg => Number(numeric(arg))))),
  dict: callable('dict', ([pairs], keywords) => {
    const given =
      pairs === undefined ? [] : isDictLike(pairs) ? dictEntries(pairs) : iterate(pairs).map(pairOf)
    return makeDict([...given, ...keywords.map])
  }),
  namespace: callable('namespace', ([pairs], keywords) => {
    const given = isDictLike(pairs)
      ? dictEntries(pairs).map(([key, value]) => [str(key), value] as const)
      : []
    return new Namespace([...given, ...keywords.map])
  }),
  lipsum: callable('lipsum', () => 'Lorem ipsum dolor sit amet, consectetur adipiscing elit.'),
  joiner: callable('joiner', ([separator = ', ']) => joiner(str(separator))),
  cycler: callable('cycler', members => cycler(members)),
  undef: callable('undef', ([hint], keywords) => {
    return new Undefined(
      str(keywords.map.get('hint') ?? hint ?? 'Mandatory variable has not been overridden'),
    )
  }),
  now: callable('now', ([, format], keywords) => {
    const pattern = keywords.map.get('fmt') ?? format
    const date = evaluator().now()
    return pattern === undefined || pattern === null ? date : formatDate(str(pattern), date)
  }),
  lookup: callable('lookup', (args, keywords) => callLookup(args, keywords, false)),
  query: callable('query', (args, keywords) => callLookup(args, keywords, true)),
  q: callable('q', (args, keywords) => callLookup(args, keywords, true)),
})

function callable(name: string, invoke: Invoke): Callable {
  return new Callable(name, invoke)
}

const LONGEST_RANGE = 1_000_000

function range([first = 0, second, step = 1]: readonly number[]): number[] {
  const [start, end] = second === undefined ? [0, first] : [first, second]
  if (![start, end, step].every(Number.isInteger)) valueError('range() needs integers')
  if (step === 0) valueError('range() arg 3 must not be zero')
  if (Math.abs((end - start) / step) > LONGEST_RANGE)
    valueError(`range() of more than ${LONGEST_RANGE} members`)
  const members: number[] = []
  for (let i = start; step > 0 ? i < end : i > end; i += step) members.push(i)
  return members
}

function pairOf(pair: unknown): readonly [unknown, unknown] {
  const [key, value] = iterate(pair)
  return [key, value ?? null]
}

/** Gives nothing the first time and the separator after that. */
function joiner(separator: string): Callable {
  let isFirst = true
  return callable('joiner', () => {
    const text = isFirst ? '' : separator
    isFirst = false
    return text
  })
}

function cycler(members: readonly unknown[]): Namespace {
  let next = 0
  const attributes = new Namespace([['current', members[0]]])
  const show = (): void => {
    attributes.attributes.set('current', members[next % members.length])
  }
  const step = callable('next', () => {
    const member = members[next++ % members.length]
    show()
    return member as Value
  })
  const reset = callable('reset', () => {
    next = 0
    show()
    return null
  })
  attributes.attributes.set('next', step).set('reset', reset)
  return attributes
}
