/** What the wizard knows of one variable. All of it is data or a pure function of other answers. */
import type { Secret } from '../base/secret.ts'

export type System = 'vpai' | 'atlas' | 'homelab'

export const STEPS = [
  'identity',
  'domain',
  'hosts',
  'vpn',
  'notifications',
  'accounts',
  'external-keys',
  'secrets',
  'access',
] as const
export type Step = (typeof STEPS)[number]

export const STEP_TITLES: Readonly<Record<Step, string>> = {
  identity: 'Project',
  domain: 'Domain and names',
  hosts: 'Servers and services',
  vpn: 'Private network',
  notifications: 'Notifications',
  accounts: 'Administrator accounts',
  'external-keys': 'Keys of other services, storage and budgets',
  secrets: 'Secrets of your own services',
  access: 'SSH access',
}

export type VariableType =
  | 'str'
  | 'int'
  | 'float'
  | 'bool'
  | 'enum'
  | 'url'
  | 'ip'
  | 'cidr'
  | 'host'
  | 'email'
  | 'list'
  | 'path'
  | 'map'

export type Answer = null | string | number | boolean | readonly Answer[] | { readonly [key: string]: Answer }
export type Answers = { readonly [name: string]: Answer | Secret }

/** What defaults, conditions and checks may look at. Secrets answer with their text. */
export interface Context {
  readonly systems: readonly System[]
  get(name: string): Answer | undefined
}

/** What is wrong with a text, as a sentence that goes on "<name> ...": "must be ...". Undefined: nothing. */
export type Check = (text: string, context: Context) => string | undefined

/** How a secret is made. `strong` has at least one digit, one capital and one small letter. */
export type Recipe =
  | { readonly kind: 'alphanumeric' | 'strong'; readonly length: number }
  | { readonly kind: 'hex'; readonly length: number; readonly prefix?: string }

export interface Variable {
  readonly name: string
  readonly type: VariableType
  /** The question, short. */
  readonly title: string
  readonly help?: string
  /** Heading in the written file. */
  readonly theme: string
  readonly step: Step
  readonly systems: readonly System[]
  readonly default?: Answer | ((context: Context) => Answer | undefined)
  readonly required?: boolean | ((context: Context) => boolean)
  readonly secret?: boolean
  readonly generated?: Recipe
  /** A secret that data on disk hangs on: never changed once it is there. */
  readonly forever?: boolean
  /** Of an enum. */
  readonly choices?: readonly string[]
  /** Bounds of a number, inclusive. */
  readonly range?: readonly [number, number]
  /** On the text, on each item of a list, on each value of a map. */
  readonly check?: Check
  /** Not asked and not written unless true. */
  readonly when?: (context: Context) => boolean
  /** Has a good default: asked only of those who want to see everything. */
  readonly detail?: boolean
}

type Common = Pick<Variable, 'theme' | 'step' | 'systems'>
export type Spec = Omit<Variable, keyof Common> & Partial<Common>

/** Variables that share theme, step and systems. */
export function themed(common: Common, specs: readonly Spec[]): readonly Variable[] {
  return specs.map(spec => ({ ...common, ...spec }))
}

type Extra = Partial<Omit<Spec, 'name' | 'type' | 'title'>>

/** One variable; the shorthand of the tables. */
export function of(type: VariableType, name: string, title: string, extra: Extra = {}): Spec {
  return { type, name, title, ...extra }
}

/** A secret that somebody else hands out. */
export function key(name: string, title: string, extra: Extra = {}): Spec {
  return { type: 'str', name, title, secret: true, ...extra }
}

/** A secret the wizard makes. */
export function made(name: string, title: string, generated: Recipe, extra: Extra = {}): Spec {
  return { type: 'str', name, title, secret: true, generated, ...extra }
}

/** Setting with a good default. */
export function detail(spec: Spec): Spec {
  return { ...spec, detail: true }
}

export const alphanumeric = (length: number): Recipe => ({ kind: 'alphanumeric', length })
export const strong = (length: number): Recipe => ({ kind: 'strong', length })
export const hex = (length: number, prefix?: string): Recipe => ({ kind: 'hex', length, prefix })
