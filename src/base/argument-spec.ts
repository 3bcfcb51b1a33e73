/**
 * Argument specs: what a role says of its variables, and whether given values hold against it. Words of the
 * messages as Ansible has them, since roles assert on them. Nothing is set or changed: defaults of a spec only
 * say what the role does by itself.
 */
import { checkType, type SpecType, typeName } from './argument-types.ts'
import { isDict, isMapping, type Value } from './value.ts'

/** One option of a spec, as written. */
export type OptionSpec = { readonly [key: string]: Value }

/** What is wrong with the values of the names that a spec knows; nothing when all is well. */
export function specErrors(
  spec: Readonly<Record<string, Value>>,
  given: Readonly<Record<string, Value>>,
): string[] {
  return checkOptions(spec, given, [])
}

function checkOptions(
  spec: Readonly<Record<string, Value>>,
  given: Readonly<Record<string, Value>>,
  path: readonly string[],
): string[] {
  const options = Object.entries(spec).flatMap(([name, option]): [string, OptionSpec][] =>
    isDict(option) ? [[name, option]] : [],
  )
  const values = new Map(options.flatMap(([name, option]) => givenAs(name, option, given)))
  const where = { values, path }
  return [
    ...missing(options, where),
    ...options.flatMap(([name, option]) => checkTypes(name, option, where)),
    ...options.flatMap(([name, option]) => checkChoices(name, option, where)),
    ...options.flatMap(([name, option]) => checkBelow(name, option, where)),
  ]
}

interface Where {
  readonly values: ReadonlyMap<string, Value>
  /** Options around, outermost first. */
  readonly path: readonly string[]
}

/** The value under the name or an alias; a default counts as given where nothing is. */
function givenAs(
  name: string,
  option: OptionSpec,
  given: Readonly<Record<string, Value>>,
): [string, Value][] {
  const aliases: readonly Value[] = Array.isArray(option.aliases) ? option.aliases : []
  const found = [name, ...aliases.map(String)].find(one => Object.hasOwn(given, one))
  if (found !== undefined) return [[name, given[found] as Value]]
  return option.default === undefined || option.default === null ? [] : [[name, option.default]]
}

function missing(options: readonly [string, OptionSpec][], { values, path }: Where): string[] {
  const names = options
    .filter(([name, option]) => option.required === true && !values.has(name))
    .map(([name]) => name)
    .sort()
  return names.length === 0 ? [] : [`missing required arguments: ${names.join(', ')}${foundIn(path)}`]
}

function checkTypes(name: string, option: OptionSpec, { values, path }: Where): string[] {
  const value = values.get(name)
  if (value === undefined || value === null) return []
  const wanted = String(option.type ?? 'str') as SpecType
  const checked = checkType(value, wanted)
  if ('error' in checked) {
    const place = path.length === 0 ? '' : ` found in '${path.join(' -> ')}'.`
    const is = `argument '${name}' is of type ${typeName(value)}${place}`
    return [`${is} and we were unable to convert to ${wanted}: ${checked.error}`]
  }
  if (option.elements === undefined || !Array.isArray(checked.value)) return []
  const elements = String(option.elements) as SpecType
  return (checked.value as readonly Value[]).flatMap(element => {
    const one = checkType(element, elements)
    if (!('error' in one)) return []
    const place = path.length === 0 ? '' : ` found in '${path.join(' -> ')}'`
    const is = `Elements value for option '${name}'${place} is of type ${typeName(element)}`
    return [`${is} and we were unable to convert to ${elements}: ${one.error}`]
  })
}

function checkChoices(name: string, option: OptionSpec, { values, path }: Where): string[] {
  const { choices } = option
  const value = values.get(name)
  if (!Array.isArray(choices) || value === undefined || value === null) return []
  const allowed = (choices as readonly Value[]).map(shown)
  const wanted = String(option.type ?? 'str') as SpecType
  const checked = checkType(value, wanted)
  const real = 'error' in checked ? value : checked.value
  if (Array.isArray(real)) {
    const strangers = (real as readonly Value[]).map(shown).filter(one => !allowed.includes(one))
    if (strangers.length === 0) return []
    const wants = `value of ${name} must be one or more of: ${allowed.join(', ')}`
    return [`${wants}. Got no match for: ${strangers.join(', ')}${foundIn(path)}`]
  }
  if (allowed.includes(shown(real)) || meansChoice(shown(real), allowed)) return []
  return [`value of ${name} must be one of: ${allowed.join(', ')}, got: ${shown(real)}${foundIn(path)}`]
}

const FALSE = ['n', 'no', 'off', 'false', '0', 'f']
const TRUE = ['y', 'yes', 'on', 'true', '1', 't']

/** YAML may have made a boolean of a word such as `no`. */
function meansChoice(text: string, allowed: readonly string[]): boolean {
  const words = text === 'False' ? FALSE : text === 'True' ? TRUE : []
  return allowed.filter(one => words.includes(one)).length === 1
}

/** Options of a mapping, or of each mapping of a list. */
function checkBelow(name: string, option: OptionSpec, { values, path }: Where): string[] {
  const { type, elements, options } = option
  const holdsOptions = type === 'dict' || (type === 'list' && elements === 'dict')
  const value = values.get(name) ?? (option.apply_defaults === true ? {} : undefined)
  if (!holdsOptions || !isDict(options) || value === undefined || value === null) return []
  const items: readonly Value[] = Array.isArray(value) ? value : [value]
  return items.flatMap(item => {
    const checked = checkType(item, 'dict')
    if ('error' in checked || !isMapping(checked.value))
      return [`value of '${name}' must be of type dict or list of dicts`]
    const given = isDict(checked.value)
      ? checked.value
      : Object.fromEntries([...checked.value].map(([key, one]) => [String(key), one]))
    const inner = [...path, name]
    return [...checkOptions(options, given, inner), ...strangers({ options, given, path: inner })]
  })
}

/** At the top a role may have any variable; inside a mapping only the options it names. */
function strangers(of: {
  readonly options: OptionSpec
  readonly given: Readonly<Record<string, Value>>
  readonly path: readonly string[]
}): string[] {
  const known = Object.entries(of.options).flatMap(([name, option]) => [name, ...aliasesOf(option)])
  const unknown = Object.keys(of.given).filter(name => !known.includes(name))
  if (unknown.length === 0) return []
  const names = unknown.map(name => [...of.path, name].join('.')).sort()
  const supported = Object.keys(of.options).sort().join(', ')
  return [`${names.join(', ')}. Supported parameters include: ${supported}.`]
}

function aliasesOf(option: Value): readonly string[] {
  return isDict(option) && Array.isArray(option.aliases)
    ? (option.aliases as readonly Value[]).map(String)
    : []
}

/** As Python prints it in a text. */
function shown(value: Value): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : String(value)
}

function foundIn(path: readonly string[]): string {
  return path.length === 0 ? '' : ` found in ${path.join(' -> ')}`
}
