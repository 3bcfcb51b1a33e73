/**
 * The inventory plugin `constructed`: variables (compose) and groups (groups, keyed_groups) made of what the sources
 * before it say of each host. What cannot be evaluated is passed over, with `strict` it is INVENTORY_CONSTRUCTED.
 */
import { didYouMean } from '../base/did-you-mean.ts'
import { type Dict, isDict, isMapping, Template, type Value } from '../base/value.ts'
import type { PluginContext } from './plugin-inventory.ts'
import type { Scope } from './precedence.ts'

const KEYS = [
  ...['plugin', 'strict', 'compose', 'groups', 'keyed_groups', 'use_vars_plugins', 'use_extra_vars'],
  ...['leading_separator', 'cache', 'cache_plugin', 'cache_timeout', 'cache_connection', 'cache_prefix'],
]

export function constructGroups(config: Dict, context: PluginContext): void {
  for (const key of Object.keys(config).filter(one => !KEYS.includes(one))) {
    fail(context, `constructed has no key "${key}"`, didYouMean(key, KEYS))
  }
  for (const host of [...context.draft.hosts.keys()]) new Construction(host, config, context).run()
}

class Construction {
  readonly #host: string
  readonly #config: Dict
  readonly #context: PluginContext

  constructor(host: string, config: Dict, context: PluginContext) {
    this.#host = host
    this.#config = config
    this.#context = context
  }

  run(): void {
    const { draft, position } = this.#context
    const composed = this.#compose()
    if (Object.keys(composed).length > 0) {
      const block = { vars: composed, origin: position, positionOf: () => position }
      draft.hosts.get(this.#host)?.vars.push(block)
    }
    const scope = this.#scope()
    for (const [name, condition] of entries(this.#config.groups)) {
      if (this.#value(`group ${name}`, condition, scope) === true) this.#join(safeName(name))
    }
    for (const entry of listOf(this.#config.keyed_groups)) if (isDict(entry)) this.#keyed(entry, scope)
  }

  #compose(): Dict {
    const scope = this.#scope()
    const pairs = entries(this.#config.compose).map(
      ([name, source]) => [name, this.#value(`variable ${name}`, source, scope)] as const,
    )
    return Object.fromEntries(pairs.filter((pair): pair is [string, Value] => pair[1] !== undefined))
  }

  #scope(): Pick<Scope, 'get' | 'names'> {
    const own = this.#context.scopeOf(this.#host, this.#config.use_vars_plugins === true)
    if (this.#config.use_extra_vars !== true) return own
    const { extraVars } = this.#context
    return {
      get: name => (Object.hasOwn(extraVars, name) ? extraVars[name] : own.get(name)),
      names: () => [...Object.keys(extraVars), ...own.names()],
    }
  }

  /** Undefined: it cannot be evaluated. */
  #value(what: string, source: Value | undefined, scope: Pick<Scope, 'get' | 'names'>): Value | undefined {
    const expression = source instanceof Template ? source.source : String(source)
    try {
      const value = this.#context.evaluate.expression(expression, scope)
      return what.startsWith('group') ? isTrue(value) : value
    } catch (error) {
      if (this.#config.strict === true) this.#fail(`${what}: ${(error as Error).message}`)
      return undefined
    }
  }

  #keyed(entry: Dict, scope: Pick<Scope, 'get' | 'names'>): void {
    const key = this.#value('keyed_groups', entry.key, scope)
    const fallback = entry.default_value === undefined ? undefined : String(entry.default_value)
    if (key === undefined) return
    if (isEmpty(key) && !(key === '' && fallback !== undefined)) {
      if (this.#config.strict === true) this.#fail(`the key ${String(entry.key)} is empty`)
      return
    }
    const separator = String(entry.separator ?? '_')
    const prefix = String(entry.prefix ?? '')
    const isBare = prefix === '' && this.#config.leading_separator === false
    for (const name of keyNames(key, {
      separator,
      fallback,
      isTrailing: entry.trailing_separator !== false,
    })) {
      const group = safeName(`${prefix}${isBare ? '' : separator}${name}`)
      this.#join(group)
      this.#parent(entry.parent_group, group, scope)
    }
  }

  #parent(written: Value | undefined, group: string, scope: Pick<Scope, 'get' | 'names'>): void {
    if (written === undefined || written === null || written === '') return
    const { draft, evaluate, position } = this.#context
    const parent = safeName(String(evaluate.render(written, scope)))
    draft.group(parent, position).isDescribed = true
    draft.child(parent, group, position)
  }

  #join(group: string): void {
    const { draft, position } = this.#context
    const made = draft.group(group, position)
    made.isDescribed = true
    made.hosts.add(this.#host)
  }

  #fail(why: string): void {
    fail(this.#context, `${this.#host}: ${why}`, 'Without `strict: true` this host would be passed over.')
  }
}

interface KeyStyle {
  readonly separator: string
  readonly fallback: string | undefined
  readonly isTrailing: boolean
}

/** A text, each of a list, or name and value of a mapping. */
function keyNames(key: Value, { separator, fallback, isTrailing }: KeyStyle): string[] {
  const named = (value: Value) => (value === '' && fallback !== undefined ? fallback : String(value))
  if (Array.isArray(key)) return key.map(named)
  if (!isMapping(key)) return [named(key)]
  return entries(key).map(([name, value]) => {
    if (value === '' && fallback === undefined && !isTrailing) return name
    return `${name}${separator}${named(value)}`
  })
}

/** As Ansible: what a group name cannot hold becomes a low line. */
function safeName(name: string): string {
  return name.replace(/^\p{Nd}|[^\p{L}\p{N}_]/gu, '_')
}

function isEmpty(value: Value): boolean {
  if (value === null || value === '' || value === false || value === 0) return true
  if (Array.isArray(value)) return value.length === 0
  return isMapping(value) && entries(value).length === 0
}

function isTrue(value: Value): boolean {
  return !isEmpty(value)
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : []
}

function entries(value: Value | undefined): [string, Value][] {
  if (!isMapping(value)) return []
  const all = value instanceof Map ? [...value] : Object.entries(value)
  return all.map(([name, item]) => [String(name), item])
}

function fail({ draft, position }: PluginContext, message: string, hint?: string): void {
  draft.fail('INVENTORY_CONSTRUCTED', message, { position, hint })
}
