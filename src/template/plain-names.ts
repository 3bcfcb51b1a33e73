/** Texts whose tags only name variables, as most texts of roles are: read without a parser. */
import { isAlwaysThere, type Reference } from './name-walker.ts'

/** The names, or undefined when the text holds anything else and the parser must look. */
export function plainNames(source: string): readonly Reference[] | undefined {
  if (!WHOLE.test(source) || /\n|\{[%#]/.test(source)) return undefined
  const found = [...source.matchAll(TAG)]
  if (found.some(([, name = '']) => WORDS.has(name))) return undefined
  return found
    .map(({ index, 0: tag, 1: name = '' }) => ({
      name,
      offset: { line: 0, column: index + tag.indexOf(name) },
      isGuarded: false,
    }))
    .filter(({ name }) => !isAlwaysThere(name))
}

const TAG = /\{\{ *([A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)* *\}\}/g
const WHOLE = /^[^{}]*(?:\{\{ *[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)* *\}\}[^{}]*)+$/

/** They are values or operators, or mean something else where they stand alone. */
const WORDS = new Set(
  'true false none True False None not and or in is if else elif for loop self super caller varargs kwargs _'.split(
    ' ',
  ),
)
