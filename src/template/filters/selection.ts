/** Filters that apply another filter or test to each member. */
import { typeError } from '../errors.ts'
import { attribute, iterate, valueAt } from '../runtime/access.ts'
import { filter, test } from '../runtime/calls.ts'
import { truth } from '../runtime/compare.ts'
import { define } from '../runtime/signature.ts'
import { Keywords, Undefined } from '../runtime/values.ts'

type Arguments = readonly unknown[]
type Named = ReadonlyMap<string, unknown>

export const selectionFilters = define({
  'map(*)': (value: unknown, args: Arguments, keywords: Named) =>
    args.length === 0 ? mapAttribute(value, keywords) : mapFilter(value, args, keywords),
  'select(*)': (value: unknown, [name, ...rest]: Arguments) =>
    membersOf(value).filter(member => holds(member, name, rest)),
  'reject(*)': (value: unknown, [name, ...rest]: Arguments) =>
    membersOf(value).filter(member => !holds(member, name, rest)),
  'selectattr(*)': (value: unknown, [path, name, ...rest]: Arguments) =>
    membersOf(value).filter(member => holds(valueAt(member, path), name, rest)),
  'rejectattr(*)': (value: unknown, [path, name, ...rest]: Arguments) =>
    membersOf(value).filter(member => !holds(valueAt(member, path), name, rest)),
  'attr(name: str)': (value: unknown, name: string) => attribute(value, name),
})

/** Jinja2 takes anything false for an empty list here. */
function membersOf(value: unknown): unknown[] {
  return truth(value) ? iterate(value) : []
}

function mapAttribute(value: unknown, keywords: Named): unknown[] {
  const path = keywords.get('attribute')
  if (path === undefined) typeError("map() needs a filter's name or attribute='...'")
  const fallback = keywords.get('default')
  return membersOf(value).map(member => {
    const found = valueAt(member, path)
    return found instanceof Undefined && fallback !== undefined ? fallback : found
  })
}

function mapFilter(value: unknown, [name, ...rest]: Arguments, keywords: Named): unknown[] {
  const named = keywords.size > 0 ? [new Keywords(keywords)] : []
  return membersOf(value).map(member => filter(String(name), [member, ...rest, ...named]))
}

/** Without a test's name: is the member true? */
function holds(member: unknown, name: unknown, args: Arguments): boolean {
  return name === undefined ? truth(member) : test(String(name), [member, ...args])
}
