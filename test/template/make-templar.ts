/** Templars over literal variables, for the tests of this room. */

import type { Secret } from '../../src/base/secret.ts'
import type { SecretRegistry } from '../../src/base/secret-registry.ts'
import { isDict, looksLikeTemplate, Template, type Value } from '../../src/base/value.ts'
import { LazyMapping } from '../../src/template/index.ts'
import { type Scope, Templar, type TemplarOptions } from '../../src/template/templar.ts'

/** What the YAML reader does: texts that look like templates become Templates, deeply. */
export function trusted(value: Value, file = 'vars.yml'): Value {
  if (typeof value === 'string') {
    return looksLikeTemplate(value) ? new Template(value, { file, line: 1, column: 1 }) : value
  }
  if (Array.isArray(value)) return value.map(member => trusted(member, file))
  if (value instanceof LazyMapping) return value
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, trusted(member, file)]))
  if (!isDict(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, trusted(member, file)]))
}

export function scopeOf(variables: Readonly<Record<string, Value>>): Scope {
  return {
    get: name => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    names: () => Object.keys(variables),
  }
}

/** Knows raw texts only; `texts` are all it was told. */
export class PlainSecrets implements SecretRegistry {
  readonly texts: string[] = []

  add(value: Secret | string): void {
    this.texts.push(typeof value === 'string' ? value : value.reveal())
  }

  taints(text: string): boolean {
    return this.texts.some(secret => text.includes(secret))
  }

  mask(text: string): string {
    return this.texts.reduce((masked, secret) => masked.replaceAll(secret, '[secret]'), text)
  }
}

type Variables = Readonly<Record<string, Value>>

/** Texts in the variables that look like templates are templates. */
export function makeTemplar(variables: Variables = {}, options: Partial<TemplarOptions> = {}): Templar {
  const lazy = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, trusted(value)]))
  return new Templar({ scope: scopeOf(lazy), secrets: new PlainSecrets(), ...options })
}

/** The value of a YAML text. */
export function evaluate(
  source: string,
  variables: Variables = {},
  options: Partial<TemplarOptions> = {},
): Value {
  const position = { file: 'tasks.yml', line: 10, column: 3 }
  return makeTemplar(variables, options).value(
    looksLikeTemplate(source) ? new Template(source, position) : source,
  )
}

/** What a call throws; fails when it throws nothing. */
export function errorOf(run: () => unknown): Error & { readonly code?: string; readonly hint?: string } {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
