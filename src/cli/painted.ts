/** Colours on a terminal, unless somebody does not want them. */
import { bare, coloured, type Style } from '../report/style.ts'
import type { Io } from './io.ts'
import { outputForm } from './reporters.ts'

export function painted(io: Io, output: unknown): Style {
  return outputForm(io, output) === 'pretty' && io.stdoutIsTty && !io.env.NO_COLOR ? coloured() : bare()
}
