import type { Position, Problem } from '../base/error.ts'

/** By file, line and column, each once; what has no place comes first. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(problems.map(problem => [identity(problem), problem]))
  return [...distinct.values()].sort(compare)
}

function identity({ code, message, position }: Problem): string {
  return JSON.stringify([code, message, position?.file, position?.line, position?.column])
}

function compare(a: Problem, b: Problem): number {
  const [left, right] = [a.position, b.position]
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined)
  return comparePlaces(left, right) || (a.code < b.code ? -1 : Number(a.code > b.code))
}

export function comparePlaces(a: Position, b: Position): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}
