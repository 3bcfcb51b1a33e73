import { type ErrorDetails, type Position, VpaiError } from '../base/error.ts'

export type TemplateErrorCode =
  | 'TEMPLATE_SYNTAX'
  | 'TEMPLATE_UNDEFINED'
  | 'TEMPLATE_MANDATORY'
  | 'TEMPLATE_UNKNOWN_FILTER'
  | 'TEMPLATE_UNKNOWN_TEST'
  | 'TEMPLATE_UNKNOWN_LOOKUP'
  | 'TEMPLATE_TYPE'
  | 'TEMPLATE_VALUE'
  | 'TEMPLATE_CONDITION'
  | 'TEMPLATE_RECURSION'
  | 'TEMPLATE_NOT_FOUND'
  | 'TEMPLATE_UNAVAILABLE'

/** A place inside a template's text; both numbers are 0-based. */
export interface Offset {
  readonly line: number
  readonly column: number
}

export interface TemplateErrorDetails extends ErrorDetails {
  /** Where in the text; turned into a position once it is known which text that was. */
  readonly offset?: Offset
}

/** Anything a template can do wrong. `position` is set when it leaves the Templar. */
export class TemplateError extends VpaiError {
  readonly offset: Offset | undefined
  readonly #code: TemplateErrorCode

  constructor(code: TemplateErrorCode, message: string, details: TemplateErrorDetails = {}) {
    super(code, message, details)
    this.name = 'TemplateError'
    this.offset = details.offset
    this.#code = code
  }

  /** The same error with other details. */
  with(changes: Partial<TemplateErrorDetails> & { readonly message?: string }): TemplateError {
    const { message = this.message, ...details } = changes
    const { hint, position, offset } = this
    return new TemplateError(this.#code, message, { hint, position, offset, ...details })
  }
}

/** A template read a value that exists only after an unapplied change: the task is "known after apply". */
export class UnknownValueError extends VpaiError {
  readonly reason: string

  constructor(reason: string, position?: Position) {
    super('TEMPLATE_UNKNOWN_VALUE', `the value is known only after apply: ${reason}`, { position })
    this.name = 'UnknownValueError'
    this.reason = reason
  }
}

export function typeError(message: string): never {
  throw new TemplateError('TEMPLATE_TYPE', message)
}

export function valueError(message: string, hint?: string): never {
  throw new TemplateError('TEMPLATE_VALUE', message, { hint })
}
