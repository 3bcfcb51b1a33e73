/** The `lookup` and `query` functions. */
import { didYouMean } from '../../base/did-you-mean.ts'
import { VpaiError } from '../../base/error.ts'
import type { Value } from '../../base/value.ts'
import { TemplateError } from '../errors.ts'
import { truth } from '../runtime/compare.ts'
import { watchDerived } from '../runtime/derived-secrets.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { str } from '../runtime/printing.ts'
import type { Keywords } from '../runtime/values.ts'
import { BUILTIN_LOOKUPS } from './builtin.ts'

/** Lookups Ansible has and this room has only when its owner hands them in. */
const EFFECTFUL = new Set(
  'file env pipe lines password url fileglob first_found config csvfile ini unvault inventory_hostnames'.split(
    ' ',
  ),
)

/** `lookup(name, terms...)`: texts joined with commas; `asList` (query, wantlist): the list of results. */
export function callLookup(args: readonly unknown[], keywords: Keywords, asList: boolean): unknown {
  const [first, ...terms] = args
  const name = str(first).replace(/^ansible\.(?:builtin|legacy)\./, '')
  const options = new Map(keywords.map)
  const wantsList = asList || truth(options.get('wantlist') ?? false)
  options.delete('wantlist')
  const errors = options.get('errors') ?? 'strict'
  options.delete('errors')
  const found =
    errors === 'strict'
      ? runLookup(name, terms, options)
      : foundOrNull({ name, terms, options, isTold: errors === 'warn' })
  if (found === null) return wantsList ? [] : null
  const results = watchDerived([terms, [...options.values()]], found)
  if (wantsList) return results
  if (results.every(result => typeof result === 'string')) return results.join(',')
  return results.length === 1 ? results[0] : results
}

interface Call {
  readonly name: string
  readonly terms: readonly unknown[]
  readonly options: ReadonlyMap<string, unknown>
  readonly isTold: boolean
}

/** `errors=ignore` and `warn`: what fails gives nothing. A lookup that is not there fails all the same. */
function foundOrNull({ name, terms, options, isTold }: Call): unknown[] | null {
  try {
    return runLookup(name, terms, options)
  } catch (error) {
    if (!(error instanceof VpaiError) || FINAL.has(error.code)) throw error
    if (isTold) evaluator().warn(`the lookup ${name} failed and gives nothing: ${error.message}`)
    return null
  }
}

const FINAL = new Set([
  ...['TEMPLATE_UNAVAILABLE', 'TEMPLATE_UNKNOWN_LOOKUP', 'TEMPLATE_UNDEFINED', 'TEMPLATE_UNKNOWN_VALUE'],
])

function runLookup(
  name: string,
  terms: readonly unknown[],
  options: ReadonlyMap<string, unknown>,
): unknown[] {
  const given = evaluator().lookup(name)
  if (given) {
    const result = given([...terms] as Value[], Object.fromEntries(options) as Record<string, Value>)
    return Array.isArray(result) ? result : [result]
  }
  const builtin = Object.hasOwn(BUILTIN_LOOKUPS, name) ? BUILTIN_LOOKUPS[name] : undefined
  return builtin ? builtin(terms, options) : unknownLookup(name)
}

function unknownLookup(name: string): never {
  if (EFFECTFUL.has(name)) {
    throw new TemplateError('TEMPLATE_UNAVAILABLE', `lookup '${name}' is not available here`, {
      hint: 'it reads from the machine vpai runs on, which this evaluation may not do',
    })
  }
  const hint = didYouMean(name, [...lookupNames()])
  throw new TemplateError('TEMPLATE_UNKNOWN_LOOKUP', `no lookup named '${name}'`, { hint })
}

/** Every lookup that can be named here. */
export function lookupNames(): Set<string> {
  return new Set([...Object.keys(BUILTIN_LOOKUPS), ...EFFECTFUL, ...evaluator().lookupNames()])
}

/** Known without a Templar: for checking templates before they run. */
export const KNOWN_LOOKUPS: ReadonlySet<string> = new Set([...Object.keys(BUILTIN_LOOKUPS), ...EFFECTFUL])
