/**
 * The one error people see: what happened (code and message), where, why (cause) and what to do (hint).
 * Tests match `code`; the text is for people and may change.
 */
export interface Position {
  /** Path as the user wrote it, or relative to the project. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based. */
  readonly column: number
}

export interface Problem {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly position?: Position
  /** A warning is shown and does not stop the run. Default 'error'. */
  readonly severity?: 'error' | 'warning'
}

export interface ErrorDetails {
  readonly hint?: string
  readonly position?: Position
  readonly cause?: unknown
}

export class VpaiError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly position: Position | undefined

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.name = 'VpaiError'
    this.code = code
    this.hint = details.hint
    this.position = details.position
  }

  toProblem(): Problem {
    return { code: this.code, message: this.message, hint: this.hint, position: this.position }
  }
}

/** Every problem of a project at once; thrown before anything is touched. */
export class ProblemsError extends VpaiError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems[0]?.code ?? 'PROBLEMS', problems.map(problem => problem.message).join('\n'))
    this.name = 'ProblemsError'
    this.problems = problems
  }
}
