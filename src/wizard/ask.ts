/** The conversation: questions as data, and the port through which somebody answers them. */
import type { Secret } from '../base/secret.ts'
import type { Step } from './variable.ts'

export type Reply = string | boolean | readonly string[] | Secret

interface QuestionBase {
  /** Of the variable, or of the wizard's own question (`systems`, `step:hosts`). */
  readonly name: string
  readonly step?: Step
  readonly message: string
  readonly help?: string
  /** Why the former reply to the same question was not taken. */
  readonly problem?: string
  /** What is wrong with a reply; undefined: nothing. A port may ask again by itself. */
  readonly check: (reply: Reply) => string | undefined
}

export interface TextQuestion extends QuestionBase {
  readonly kind: 'text'
  readonly default: string
}

export interface SelectQuestion extends QuestionBase {
  readonly kind: 'select'
  readonly default?: string
  readonly choices: readonly string[]
}

export interface ConfirmQuestion extends QuestionBase {
  readonly kind: 'confirm'
  readonly default: boolean
}

/** An empty reply keeps what is there. */
export interface PasswordQuestion extends QuestionBase {
  readonly kind: 'password'
}

/** With `choices` several of them, else free texts. */
export interface ListQuestion extends QuestionBase {
  readonly kind: 'list'
  readonly default: readonly string[]
  readonly choices?: readonly string[]
}

export type Question = TextQuestion | SelectQuestion | ConfirmQuestion | PasswordQuestion | ListQuestion

/** Somebody who answers. Rejects when they leave (Ctrl-C); nothing was written then. */
export interface Ask {
  text(question: TextQuestion): Promise<string>
  select(question: SelectQuestion): Promise<string>
  confirm(question: ConfirmQuestion): Promise<boolean>
  password(question: PasswordQuestion): Promise<Secret>
  list(question: ListQuestion): Promise<readonly string[]>
  /** A new step begins. */
  heading?(title: string): void
}

/** Leads a flow of questions to its end. */
export async function converse<Result>(
  flow: Generator<Question, Result, Reply>,
  ask: Ask,
  titles: Readonly<Record<Step, string>>,
): Promise<Result> {
  let step: Step | undefined
  let turn = flow.next('')
  while (turn.done !== true) {
    const question = turn.value
    if (question.step !== undefined && question.step !== step) ask.heading?.(titles[question.step])
    step = question.step ?? step
    turn = flow.next(await put(question, ask))
  }
  return turn.value
}

function put(question: Question, ask: Ask): Promise<Reply> {
  switch (question.kind) {
    case 'text':
      return ask.text(question)
    case 'select':
      return ask.select(question)
    case 'confirm':
      return ask.confirm(question)
    case 'password':
      return ask.password(question)
    case 'list':
      return ask.list(question)
  }
}
