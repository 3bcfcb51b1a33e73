import type { SyntaxOptions } from './file-header.ts'
import { FILE_SYNTAX, type Syntax } from './syntax.ts'

/** Compiled templates are cached by syntax object, so equal syntaxes must be the same object. */
const known = new Map<string, Syntax>()

/** `base` with what `options` say; the same object for the same result. */
export function fileSyntax(base: Syntax, options: SyntaxOptions): Syntax {
  const changes = Object.entries(options).filter(([, value]) => value !== undefined)
  if (changes.length === 0) return base
  const syntax: Syntax = { ...base, ...Object.fromEntries(changes) }
  const key = JSON.stringify(syntax)
  if (key === DEFAULT_KEY) return FILE_SYNTAX
  const same = known.get(key)
  if (same) return same
  known.set(key, syntax)
  return syntax
}

const DEFAULT_KEY = JSON.stringify(FILE_SYNTAX)
