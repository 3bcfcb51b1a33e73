import { Secret } from '../base/secret.ts'
import { answerText, isEmpty } from './answer.ts'
import type { Question, Reply } from './ask.ts'
import { contextOf, type Former, isKept, objectionTo } from './settle.ts'
import type { Answer, Answers, System, Variable } from './variable.ts'

/** Where a conversation stands. `given` grows with each answer. */
export interface Talk {
  readonly systems: readonly System[]
  readonly given: Record<string, Answer | Secret>
  readonly former: Former
  readonly detected?: Answers
}

/** The question for a variable, with the former answer or the default filled in. */
export function questionFor(variable: Variable, talk: Talk, problem?: string): Question {
  const context = contextOf(talk)
  const current =
    talk.given[variable.name] === undefined
      ? context.get(variable.name)
      : (talk.given[variable.name] as Answer)
  const base = {
    name: variable.name,
    step: variable.step,
    message: variable.title,
    help: variable.help,
    problem,
    check: (reply: Reply) => objectionToReply(variable, talk, reply),
  }
  if (variable.secret === true) {
    const note = isKept(variable, talk.former) ? ' (empty: stays as it is)' : ''
    return { ...base, kind: 'password', message: `${variable.title}${note}` }
  }
  switch (variable.type) {
    case 'bool':
      return { ...base, kind: 'confirm', default: current === true }
    case 'enum':
      return { ...base, kind: 'select', default: String(current ?? ''), choices: variable.choices ?? [] }
    case 'list':
      return { ...base, kind: 'list', default: Array.isArray(current) ? current.map(String) : [] }
    case 'map':
      return { ...base, kind: 'list', default: pairsOf(current) }
    default:
      return { ...base, kind: 'text', default: answerText(current) }
  }
}

/** Puts the reply among the answers; an empty one means the former answer for a secret. */
export function take(variable: Variable, talk: Talk, reply: Reply): void {
  const isBlankSecret = variable.secret === true && isEmpty(reply instanceof Secret ? reply.reveal() : reply)
  if (isBlankSecret) delete talk.given[variable.name]
  else talk.given[variable.name] = reply
}

/** Never asked: what the wizard makes itself and what can no longer be changed. */
export function isAsked(variable: Variable, talk: Talk): boolean {
  if (variable.generated !== undefined) return false
  if (talk.former.untouched?.has(variable.name) === true) return false
  return !(
    variable.name === 'project_name' &&
    talk.former.deployed &&
    talk.former.variables.project_name !== undefined
  )
}

function objectionToReply(variable: Variable, talk: Talk, reply: Reply): string | undefined {
  const trial: Talk = { ...talk, given: { ...talk.given } }
  take(variable, trial, reply)
  return objectionTo(variable, trial, contextOf(trial))?.message
}

function pairsOf(value: Answer | undefined): readonly string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return []
  return Object.entries(value).map(([name, item]) => `${name}=${String(item)}`)
}
