/**
 * Which variable wins. Every source of variables is a layer at one of Ansible's levels; a higher level wins,
 * and within one level the layer that comes later. A value replaces the weaker one whole: mappings are not merged.
 */
import type { Position } from '../base/error.ts'
import type { Dict, Value } from '../base/value.ts'

/** Weakest first. */
export const VARIABLE_LEVELS = [
  'role defaults',
  'inventory vars of all',
  'inventory vars of a group',
  'inventory group_vars/all',
  'playbook group_vars/all',
  'inventory group_vars',
  'playbook group_vars',
  'inventory vars of the host',
  'inventory host_vars',
  'playbook host_vars',
  'facts',
  'play vars',
  'play vars_prompt',
  'play vars_files',
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  'set_fact or registered',
  'role params',
  'include params',
  'extra vars',
] as const

export type VariableLevel = (typeof VARIABLE_LEVELS)[number]
export type Variables = Dict | ReadonlyMap<Value, Value>

export interface Layer {
  readonly name: VariableLevel
  /** 1 is the weakest. */
  readonly level: number
  /** Where the layer as a whole comes from: a place, or words such as "command line". */
  readonly origin: Position | string
  readonly vars: Variables
  /** Where one variable is written, when the layer knows. */
  readonly positionOf?: (name: string) => Position
}

export interface Scope {
  /** Undefined (JavaScript's): no layer has the variable. */
  get(name: string): Value | undefined
  /** Each name once, the strongest layer's first. */
  names(): Iterable<string>
  readonly layers: readonly Layer[]
}

export function layer(
  name: VariableLevel,
  vars: Variables,
  where: Pick<Layer, 'origin' | 'positionOf'>,
): Layer {
  return { name, level: VARIABLE_LEVELS.indexOf(name) + 1, vars, ...where }
}

/** Looks through the layers at every question: for the few layers of a task. */
export function resolve(layers: readonly Layer[]): Scope {
  const ordered = weakestFirst(layers)
  return {
    layers: ordered,
    get(name) {
      for (let index = ordered.length - 1; index >= 0; index--) {
        const value = lookUp((ordered[index] as Layer).vars, name)
        if (value !== undefined) return value
      }
      return undefined
    },
    names: () => new Set([...ordered].reverse().flatMap(({ vars }) => namesIn(vars))),
  }
}

/** One table made at the first question: for the many layers of a host, asked by every task. */
export function merge(layers: readonly Layer[]): Scope {
  const ordered = weakestFirst(layers)
  let table: Map<string, Value> | undefined
  const merged = () => {
    if (table === undefined) {
      table = new Map()
      for (const { vars } of ordered)
        for (const name of namesIn(vars)) table.set(name, lookUp(vars, name) as Value)
    }
    return table
  }
  return { layers: ordered, get: name => merged().get(name), names: () => merged().keys() }
}

/** The stronger scope on top of the weaker one; neither is copied. */
export function stackScopes(stronger: Scope, weaker: Scope): Scope {
  return {
    get layers() {
      return [...weaker.layers, ...stronger.layers]
    },
    get(name) {
      // null is a value like any other and does not fall through.
      const value = stronger.get(name)
      return value === undefined ? weaker.get(name) : value
    },
    names: () => new Set([...stronger.names(), ...weaker.names()]),
  }
}

export interface Origin {
  readonly value: Value
  readonly name: VariableLevel
  readonly level: number
  /** The variable's own place where it is known, else the layer's. */
  readonly position: Position | string
}

export interface Explanation {
  readonly winner: Origin
  /** Strongest first. */
  readonly losers: readonly Origin[]
}

/** Who won and who lost; undefined when no layer has the variable. */
export function explain(layers: readonly Layer[], name: string): Explanation | undefined {
  const origins = weakestFirst(layers)
    .filter(({ vars }) => lookUp(vars, name) !== undefined)
    .map(one => originOf(one, name))
    .reverse()
  const [winner, ...losers] = origins
  return winner && { winner, losers }
}

function originOf(one: Layer, name: string): Origin {
  return {
    value: lookUp(one.vars, name) as Value,
    name: one.name,
    level: one.level,
    position: one.positionOf?.(name) ?? one.origin,
  }
}

function weakestFirst(layers: readonly Layer[]): readonly Layer[] {
  return [...layers].sort((left, right) => left.level - right.level)
}

function lookUp(vars: Variables, name: string): Value | undefined {
  if (vars instanceof Map) return vars.get(name)
  return Object.hasOwn(vars, name) ? (vars as Dict)[name] : undefined
}

/** Only names that are text can be used in a template. */
export function namesIn(vars: Variables): string[] {
  if (!(vars instanceof Map)) return Object.keys(vars)
  return [...vars.keys()].filter(name => typeof name === 'string')
}
