/** Runs the YAML library: text to document trees, its complaints as problems. */
import { Composer, type Document, LineCounter, Parser, Schema, type YAMLError } from 'yaml'
import type { Position, Problem } from '../base/error.ts'
import { syntaxProblem } from './syntax-problem.ts'

export interface Composed {
  readonly documents: readonly Document.Parsed[]
  /** When there is one, the trees must not be used. */
  readonly problems: readonly Problem[]
  readonly at: (offset: number) => Position
}

/** It leaves every scalar as text, for scalar.ts to decide. Made once: a project has hundreds of files. */
const FAILSAFE = new Schema({ schema: 'failsafe', resolveKnownTags: false, merge: false })

export function compose(text: string, file: string): Composed {
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const composer = new Composer({
    schema: FAILSAFE,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  try {
    const documents = [...composer.compose(new Parser(lines.addNewLine).parse(text))] as Document.Parsed[]
    const sources = [...documents, composer.streamInfo()]
    const errors = sources.flatMap(({ errors, warnings }) => [...errors, ...warnings.filter(isBadDirective)])
    return { documents, problems: syntaxProblems(errors, text, at), at }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { documents: [], problems: [tooDeep(file)], at }
  }
}

/** A stack has an end: the parser and the builder follow nesting by recursion. */
export function tooDeep(file: string): Problem {
  return {
    code: 'YAML_SYNTAX',
    message: 'The document is nested too deeply',
    hint: 'A few hundred levels are the most that is read.',
    position: { file, line: 1, column: 1 },
  }
}

/** The library only warns, and then drops the line, of a value or a key that begins with %. */
function isBadDirective(warning: YAMLError): boolean {
  return warning.code === 'BAD_DIRECTIVE'
}

function syntaxProblems(errors: readonly YAMLError[], text: string, at: Composed['at']): Problem[] {
  const problems = new Map<number, Problem>()
  for (const error of errors) {
    const problem = syntaxProblem(error, text, at)
    // One mistake often brings several complaints about its line.
    const line = problem.position?.line ?? 0
    if (!problems.has(line)) problems.set(line, problem)
  }
  return [...problems.values()]
}
