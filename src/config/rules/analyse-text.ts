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

export function analyseText(context: LoadContext, { source, position, kind }: Text): readonly Reading[] {
  const found = analyse(source, kind, { position })
  context.problems.push(...found.problems)
  return found.variables.map(use => ({ ...use, position: use.position ?? position }))
}
