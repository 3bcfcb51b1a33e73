/** From what was answered, what was there before and the defaults to the whole set of variables and secrets. */
import { Secret } from '../base/secret.ts'
import type { Dict, Value } from '../base/value.ts'
import { isDict } from '../base/value.ts'
import { emptyOf, isEmpty, parseAnswer } from './answer.ts'
import { crossChecks, type Finding } from './cross-checks.ts'
import { generateSecret, type Random } from './generate.ts'
import type { Answer, Answers, Context, System, Variable } from './variable.ts'
import { applies, isRequired, VARIABLES, variablesOf } from './variables.ts'

/** What an earlier run left. */
export interface Former {
  readonly variables: Answers
  /** As SecretsDocument.values() gives them. */
  readonly secrets: Dict
  /** Then the project's name is fixed. */
  readonly deployed: boolean
  /** Variables somebody wrote a template for; they are left alone. */
  readonly untouched?: ReadonlySet<string>
}

export const NOTHING_BEFORE: Former = { variables: {}, secrets: {}, deployed: false }

export interface WizardInput {
  readonly systems: readonly System[]
  /** Answers of this run; they win over former ones. */
  readonly given: Answers
  readonly former: Former
  /** Found on this machine; counts where nothing was answered, before defaults. */
  readonly detected?: Answers
  readonly random: Random
}

export interface WizardResult {
  readonly systems: readonly System[]
  /** Everything that is not secret, in the order of the tables. */
  readonly variables: { readonly [name: string]: Answer }
  /** Secrets to write, by dotted path; those that are there already and stay are not among them. */
  readonly secrets: { readonly [path: string]: Secret }
  /** Names of secrets that were there and stay. */
  readonly kept: readonly string[]
  /** Names of secrets made in this run. */
  readonly generated: readonly string[]
  readonly warnings: readonly Finding[]
}

export interface Settled {
  readonly result: WizardResult
  /** All errors; the result counts only when there is none. */
  readonly errors: readonly Finding[]
}

export function settle(input: WizardInput): Settled {
  const context = contextOf(input)
  const variables: Record<string, Answer> = {}
  const secrets: Record<string, Secret> = {}
  const generated: string[] = []
  const kept: string[] = []
  const findings: Finding[] = []
  for (const variable of variablesOf(input.systems)) {
    if (input.former.untouched?.has(variable.name) === true || !applies(variable, context)) continue
    const finding = objectionTo(variable, input, context)
    if (finding !== undefined) findings.push(finding)
    else if (variable.secret !== true) {
      const value = context.get(variable.name) ?? emptyOf(variable)
      if (value !== null) variables[variable.name] = value
    } else {
      const fresh = newSecrets(variable, input, generated)
      Object.assign(secrets, fresh)
      if (Object.keys(fresh).length === 0 && isKept(variable, input.former)) kept.push(variable.name)
    }
  }
  findings.push(...crossChecks(context))
  return {
    result: {
      systems: input.systems,
      variables,
      secrets,
      kept,
      generated,
      warnings: findings.filter(finding => finding.severity === 'warning'),
    },
    errors: findings.filter(finding => finding.severity === 'error'),
  }
}

const BY_NAME: ReadonlyMap<string, Variable> = new Map(VARIABLES.map(variable => [variable.name, variable]))

/** Answers, former ones and defaults behind one window; what cannot be read counts as not answered. */
export function contextOf(input: Pick<WizardInput, 'systems' | 'given' | 'former' | 'detected'>): Context {
  const inProgress = new Set<string>()
  const context: Context = {
    systems: input.systems,
    get(name) {
      const variable = BY_NAME.get(name)
      if (variable === undefined || inProgress.has(name)) return undefined
      if (!variable.systems.some(system => input.systems.includes(system))) return undefined
      inProgress.add(name)
      try {
        const raw =
          rawAnswer(variable, input) ?? plainText(input.detected?.[name]) ?? defaultOf(variable, context)
        if (raw === undefined) return undefined
        const parsed = parseAnswer(variable, raw, context)
        return 'value' in parsed ? parsed.value : undefined
      } finally {
        inProgress.delete(name)
      }
    },
  }
  return context
}

export function defaultOf(variable: Variable, context: Context): Answer | undefined {
  return typeof variable.default === 'function' ? variable.default(context) : variable.default
}

/** Is the secret there from an earlier run? */
export function isKept(variable: Variable, former: Former): boolean {
  const value = former.secrets[variable.name]
  return value instanceof Secret ? value.reveal() !== '' : isDict(value) && Object.keys(value).length > 0
}

/** Undefined where the variable is fine. Looks at this variable alone. */
export function objectionTo(
  variable: Variable,
  input: Omit<WizardInput, 'random'>,
  context: Context,
): Finding | undefined {
  const { name } = variable
  const raw = rawAnswer(variable, input)
  const refuse = (code: string, message: string, hint?: string): Finding => ({
    code,
    names: [name],
    message,
    hint,
    severity: 'error',
  })
  if (raw !== undefined) {
    const parsed = parseAnswer(variable, raw, context)
    if ('objection' in parsed) return refuse('WIZARD_BAD_ANSWER', `${name} ${parsed.objection}`)
  }
  if (isFixed(variable, input) && name in input.given) {
    return refuse(
      'WIZARD_FIXED',
      `${name} can no longer be changed`,
      variable.secret
        ? 'what was encrypted with it would be lost'
        : 'it names folders and containers on the servers',
    )
  }
  const isMissing =
    raw === undefined ? isEmpty(context.get(name)) && !isKept(variable, input.former) : isEmpty(raw)
  if (isMissing && variable.generated === undefined && isRequired(variable, context)) {
    return refuse('WIZARD_MISSING', `${name} is needed: ${variable.title}`, variable.help)
  }
  return undefined
}

function isFixed(variable: Variable, { given, former }: Omit<WizardInput, 'random'>): boolean {
  const now = given[variable.name]
  if (variable.name === 'project_name') {
    return (
      former.deployed && former.variables.project_name !== undefined && now !== former.variables.project_name
    )
  }
  const kept = former.secrets[variable.name]
  return variable.forever === true && kept instanceof Secret && kept.reveal() !== textOf(now)
}

/** Secrets as text, for the checks; they leave this file as Secret only. */
function rawAnswer(
  variable: Variable,
  { given, former }: Pick<WizardInput, 'given' | 'former'>,
): Answer | undefined {
  const value =
    given[variable.name] ??
    (variable.secret === true ? revealed(former.secrets[variable.name]) : former.variables[variable.name])
  return plainText(value)
}

function plainText(value: Answer | Secret | undefined): Answer | undefined {
  return value instanceof Secret ? value.reveal() : value
}

function revealed(value: Value | undefined): Answer | undefined {
  if (value instanceof Secret) return value.reveal()
  if (!isDict(value)) return undefined
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      item instanceof Secret ? item.reveal() : String(item),
    ]),
  )
}

function newSecrets(
  variable: Variable,
  input: WizardInput,
  generated: string[],
): { readonly [path: string]: Secret } {
  const { name } = variable
  const now = input.given[name]
  if (now !== undefined && !isEmpty(now instanceof Secret ? now.reveal() : now)) return flatten(variable, now)
  if (variable.generated === undefined || isKept(variable, input.former)) return {}
  generated.push(name)
  return { [name]: generateSecret(variable.generated, input.random, name) }
}

function flatten(variable: Variable, now: Answer | Secret): { readonly [path: string]: Secret } {
  const { name } = variable
  if (variable.type !== 'map') return { [name]: now instanceof Secret ? now : new Secret(textOf(now), name) }
  const parsed = parseAnswer(variable, now instanceof Secret ? now.reveal() : now, {
    systems: [],
    get: () => undefined,
  })
  const pairs =
    'value' in parsed && parsed.value !== null && typeof parsed.value === 'object' ? parsed.value : {}
  return Object.fromEntries(
    Object.entries(pairs).map(([key, item]) => {
      const path = `${name}.${key}`
      return [path, new Secret(String(item), path)]
    }),
  )
}

function textOf(value: Answer | Secret | undefined): string {
  if (value instanceof Secret) return value.reveal()
  return value === undefined || value === null ? '' : String(value)
}
