/** Looks at one template or expression: reports what is wrong in it and tells which variables it reads. */
import type { Position } from '../../base/error.ts'
import { analyse, type SourceKind } from '../../template/analyse.ts'
import type { LoadContext } from '../load-context.ts'

export interface Text {
  readonly source: string
  /** Of the first character. */
  readonly position: Position
  readonly kind: SourceKind
}

export interface Reading {
  readonly name: string
  /** A default or `is defined` around it allows that it is not there. */
  readonly guarded: boolean
  readonly position: Position
}

export function analyseText(context: LoadContext, text: Text): readonly Reading[] {
  const found = analyse(text.source, text.kind, { position: text.position })
  const lines = context.linesOf(text.position.file)
  const place = (position: Position | undefined) => unfolded(indented(text.position, position), lines)
  context.problems.push(...found.problems.map(problem => ({ ...problem, position: place(problem.position) })))
  return found.variables.map(use => ({ ...use, position: place(use.position) }))
}

/** YAML takes the indentation of a block off its text: a place on a later line stands that much further right. */
function indented(start: Position, place: Position = start): Position {
  if (place.line === start.line) return place
  return { ...place, column: place.column + start.column - 1 }
}

/** YAML folds lines into one: a place beyond the end of its line stands on one of the next. */
function unfolded(place: Position, lines: readonly string[]): Position {
  let { line, column } = place
  for (;;) {
    const length = lines[line - 1]?.length ?? Number.POSITIVE_INFINITY
    const next = lines[line]
    if (column <= length + 1 || next === undefined || next.trim() === '') return { ...place, line, column }
    column += next.search(/\S/) - length - 1
    line++
  }
}
