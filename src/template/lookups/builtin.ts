/** Lookups that need nothing but variables. Those with effects are handed to the Templar by its owner. */
import { TemplateError, typeError, valueError } from '../errors.ts'
import { flatten, product } from '../filters/sets.ts'
import { pythonRegex, searchRegex } from '../python-regex.ts'
import { iterate, valueAt } from '../runtime/access.ts'
import { truth } from '../runtime/compare.ts'
import { dictEntries, makeDict } from '../runtime/dicts.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { force } from '../runtime/force.ts'
import { str } from '../runtime/printing.ts'
import { isDictLike, tupleOf, Undefined } from '../runtime/values.ts'
import { sequence } from './sequence.ts'

/** Results in order: one for each term, or as many as the lookup finds. */
export type BuiltinLookup = (terms: readonly unknown[], options: ReadonlyMap<string, unknown>) => unknown[]

export const BUILTIN_LOOKUPS: Readonly<Record<string, BuiltinLookup>> = {
  vars: (terms, options) => terms.map(name => variable(str(name), options)),
  varnames: terms => {
    const patterns = terms.map(term => pythonRegex(str(term)))
    return [...evaluator().names()].filter(name => patterns.some(pattern => searchRegex(pattern, name)))
  },
  items: terms => flatten(terms, 1, false),
  list: terms => [...terms],
  flattened: terms => flatten(terms),
  dict: terms =>
    terms.flatMap(term =>
      entriesOf(term).map(([key, value]) =>
        makeDict([
          ['key', key],
          ['value', value],
        ]),
      ),
    ),
  sequence: (terms, options) => {
    const named = [...options].map(([name, value]) => `${name}=${str(value)}`).join(' ')
    return terms.length === 0
      ? sequence(named)
      : terms.flatMap(term => sequence(`${str(term)} ${named}`.trim()))
  },
  nested: terms => product(terms.map(term => iterate(term))).map(row => [...row]),
  cartesian: terms => product(terms.map(term => iterate(term))).map(row => [...row]),
  together: terms => {
    const lists = terms.map(term => iterate(term))
    const length = Math.max(0, ...lists.map(list => list.length))
    return Array.from({ length }, (_, i) => tupleOf(lists.map(list => (i < list.length ? list[i] : null))))
  },
  indexed_items: terms => flatten(terms, 1, false).map((member, i) => tupleOf([i, member])),
  subelements: ([list, path, flags]) => subelements(list, str(path), flags),
  random_choice: terms => {
    const members = flatten(terms, 1, false)
    return members.length === 0 ? [] : [members[Math.floor(evaluator().random() * members.length)]]
  },
  template: (terms, options) =>
    terms.map(term => {
      const name = str(term)
      const template = evaluator().loadTemplate(name)
      if (template) return evaluator().renderFile(template, variablesOf(options.get('template_vars')))
      throw new TemplateError(
        'TEMPLATE_NOT_FOUND',
        `the template file ${name} could not be found for the lookup`,
      )
    }),
}

function variablesOf(given: unknown): ReadonlyMap<string, unknown> {
  if (given === undefined || given === null) return new Map()
  if (!isDictLike(given)) return typeError('template: template_vars must be a dictionary')
  return new Map(dictEntries(given).map(([name, value]) => [str(name), value]))
}

function variable(name: string, options: ReadonlyMap<string, unknown>): unknown {
  const value = force(evaluator().resolve(name))
  if (!(value instanceof Undefined)) return value
  const fallback = options.get('default')
  return fallback === undefined ? value.fail() : fallback
}

function entriesOf(term: unknown): [unknown, unknown][] {
  return isDictLike(term) ? dictEntries(term) : typeError('with_dict expects a dict')
}

/** Members that were skipped have no such list and are left out. */
function subelements(list: unknown, path: string, flags: unknown): unknown[] {
  const members = isDictLike(list) ? dictEntries(list).map(([, member]) => member) : iterate(list)
  const isMissingFine =
    isDictLike(flags) && dictEntries(flags).some(([key, on]) => key === 'skip_missing' && truth(on))
  return members.flatMap(member => {
    if (isSkipped(member)) return []
    const elements = valueAt(member, path)
    if (!(elements instanceof Undefined)) {
      const rest = without(member, path.split('.'))
      return iterate(elements).map(element => tupleOf([rest, element]))
    }
    return isMissingFine ? [] : valueError(`could not find '${path}' key in iterated item`)
  })
}

/** As Ansible: the member comes without the list that is walked. */
function without(member: unknown, [key = '', ...deeper]: readonly string[]): unknown {
  if (!isDictLike(member)) return member
  const entries = dictEntries(member).flatMap(([name, value]): [unknown, unknown][] => {
    if (name !== key) return [[name, value]]
    return deeper.length === 0 ? [] : [[name, without(value, deeper)]]
  })
  return makeDict(entries)
}

function isSkipped(member: unknown): boolean {
  const skipped = valueAt(member, 'skipped')
  return !(skipped instanceof Undefined) && truth(skipped)
}
