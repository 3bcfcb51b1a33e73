/** How a template's text is cut into tags. */
export interface Syntax {
  readonly blockStart: string
  readonly blockEnd: string
  readonly variableStart: string
  readonly variableEnd: string
  readonly commentStart: string
  readonly commentEnd: string
  /** The newline after a block tag goes away. */
  readonly trimBlocks: boolean
  /** Blanks before a block tag that begins a line go away. */
  readonly lstripBlocks: boolean
  /** Backslashes in string literals inside a variable tag stand for themselves (strings of YAML files). */
  readonly rawBackslashes: boolean
}

export const DEFAULT_SYNTAX: Syntax = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: false,
  lstripBlocks: false,
  rawBackslashes: false,
}

/** Strings in YAML files: trimmed blocks, literal backslashes. */
export const STRING_SYNTAX: Syntax = { ...DEFAULT_SYNTAX, trimBlocks: true, rawBackslashes: true }

/** Template files: trimmed blocks, as the template module does. */
export const FILE_SYNTAX: Syntax = { ...DEFAULT_SYNTAX, trimBlocks: true }

/** The patterns that find tags, for one syntax. */
export interface TagPatterns {
  /** The next tag of any kind; groups raw, rawSign, block, variable, comment, sign. */
  readonly next: RegExp
  readonly rawEnd: RegExp
  readonly commentEnd: RegExp
  readonly blockEnd: RegExp
  readonly variableEnd: RegExp
}

const patternsBySyntax = new WeakMap<Syntax, TagPatterns>()

export function tagPatterns(syntax: Syntax): TagPatterns {
  const known = patternsBySyntax.get(syntax)
  if (known) return known
  const made = makePatterns(syntax)
  patternsBySyntax.set(syntax, made)
  return made
}

function makePatterns(syntax: Syntax): TagPatterns {
  const blockStart = escapeRegExp(syntax.blockStart)
  const blockEnd = escapeRegExp(syntax.blockEnd)
  const variableEnd = escapeRegExp(syntax.variableEnd)
  const commentEnd = escapeRegExp(syntax.commentEnd)
  const newline = syntax.trimBlocks ? '\\n?' : ''
  // The longest opener wins, so that '{%%' can live beside '{%'.
  const openers = [
    ['comment', escapeRegExp(syntax.commentStart)],
    ['block', blockStart],
    ['variable', escapeRegExp(syntax.variableStart)],
  ] as const
  const begin = [...openers]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([name, pattern]) => `(?<${name}>${pattern})`)
    .join('|')
  const raw = `(?<raw>${blockStart}(?<rawSign>[-+]?)\\s*raw\\s*(?:-${blockEnd}\\s*|${blockEnd}))`
  return {
    next: new RegExp(`${raw}|(?:${begin})(?<sign>[-+]?)`, 'g'),
    rawEnd: new RegExp(
      `${blockStart}([-+]?)\\s*endraw\\s*(?:\\+${blockEnd}|-${blockEnd}\\s*|${blockEnd}${newline})`,
      'g',
    ),
    commentEnd: new RegExp(`(?:\\+${commentEnd}|-${commentEnd}\\s*|${commentEnd}${newline})`, 'g'),
    blockEnd: new RegExp(`(?:\\+${blockEnd}|-${blockEnd}\\s*|${blockEnd}${newline})`, 'y'),
    variableEnd: new RegExp(`-${variableEnd}\\s*|${variableEnd}`, 'y'),
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
