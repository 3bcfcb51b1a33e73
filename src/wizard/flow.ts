/** The questions of an interactive run, one after the other, as a generator that knows no terminal. */
import type { Question, Reply } from './ask.ts'
import { crossChecks, type Finding } from './cross-checks.ts'
import type { Random } from './generate.ts'
import { isAsked, questionFor, type Talk, take } from './question.ts'
import { contextOf, type Former, objectionTo, settle, type WizardResult } from './settle.ts'
import { type Answers, STEP_TITLES, STEPS, type Step, type System, type Variable } from './variable.ts'
import { applies, variablesOf } from './variables.ts'

export interface FlowInput {
  /** Not given: asked first. */
  readonly systems?: readonly System[]
  readonly former: Former
  /** Found on this machine, offered as defaults. */
  readonly detected?: Answers
  readonly random: Random
}

type Flow<Result> = Generator<Question, Result, Reply>

/** Ends with a result that has no errors. */
export function* wizardFlow(input: FlowInput): Flow<WizardResult> {
  const systems = input.systems ?? (yield* askSystems())
  const talk: Talk = { systems, given: {}, former: input.former, detected: input.detected }
  for (const [index, step] of STEPS.entries()) {
    yield* askStep(step, talk)
    const seen = STEPS.slice(0, index + 1)
    yield* mend(talk, () =>
      crossErrors(talk).filter(finding => finding.names.every(name => seen.includes(stepOf(name, systems)))),
    )
  }
  yield* mend(talk, () => settle({ ...talk, random: input.random }).errors)
  return settle({ ...talk, random: input.random }).result
}

const SYSTEMS: readonly System[] = ['vpai', 'atlas', 'homelab']

function* askSystems(): Flow<readonly System[]> {
  let problem: string | undefined
  for (;;) {
    const reply = yield {
      kind: 'list',
      name: 'systems',
      message: 'Which systems does this project run?',
      default: ['vpai'],
      choices: SYSTEMS,
      problem,
      check: answer => (chosen(answer).length > 0 ? undefined : 'choose one at least'),
    }
    if (chosen(reply).length > 0) return chosen(reply)
    problem = 'choose one at least'
  }
}

function chosen(reply: Reply): readonly System[] {
  return SYSTEMS.filter(system => Array.isArray(reply) && reply.includes(system))
}

function* askStep(step: Step, talk: Talk): Flow<void> {
  const variables = variablesOf(talk.systems).filter(
    variable => variable.step === step && isAsked(variable, talk),
  )
  for (const variable of variables) {
    const context = contextOf(talk)
    const isNeeded = variable.detail !== true || objectionTo(variable, talk, context) !== undefined
    if (isNeeded && applies(variable, context)) yield* askVariable(variable, talk)
  }
  const details = variables.filter(
    variable =>
      variable.detail === true && !(variable.name in talk.given) && applies(variable, contextOf(talk)),
  )
  if (details.length === 0) return
  const wanted = yield {
    kind: 'confirm',
    name: `step:${step}`,
    step,
    message: `Go through ${details.length} more settings of "${STEP_TITLES[step]}"? They have good defaults.`,
    default: false,
    check: () => undefined,
  }
  if (wanted !== true) return
  for (const variable of details) if (applies(variable, contextOf(talk))) yield* askVariable(variable, talk)
}

function* askVariable(variable: Variable, talk: Talk, reason?: string): Flow<void> {
  let problem = reason
  for (;;) {
    const question = questionFor(variable, talk, problem)
    const reply = yield question
    problem = question.check(reply)
    if (problem !== undefined) continue
    take(variable, talk, reply)
    return
  }
}

/** Asks again for what errors are about, until there are none. */
function* mend(talk: Talk, errors: () => readonly Finding[]): Flow<void> {
  const variables = new Map(variablesOf(talk.systems).map(variable => [variable.name, variable]))
  for (let found = errors(); found.length > 0; found = errors()) {
    const finding = found[0]
    const concerned = (finding?.names ?? []).flatMap(name => variables.get(name) ?? [])
    for (const variable of concerned) {
      if (errors().some(error => error.message === finding?.message))
        yield* askVariable(variable, talk, finding?.message)
    }
  }
}

function crossErrors(talk: Talk): readonly Finding[] {
  return crossChecks(contextOf(talk)).filter(finding => finding.severity === 'error')
}

function stepOf(name: string, systems: readonly System[]): Step {
  return variablesOf(systems).find(variable => variable.name === name)?.step ?? 'access'
}
