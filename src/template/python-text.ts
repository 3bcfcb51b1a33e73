/** Python's operations on texts that methods and filters share. */

/** str.strip and its one-sided forms; `characters` undefined means white space. */
export function strip(text: string, characters?: string, side: 'both' | 'left' | 'right' = 'both'): string {
  const isStripped = (character: string | undefined): boolean =>
    character !== undefined &&
    (characters === undefined ? /\s/.test(character) : characters.includes(character))
  let start = 0
  let end = text.length
  if (side !== 'right') while (start < end && isStripped(text[start])) start++
  if (side !== 'left') while (end > start && isStripped(text[end - 1])) end--
  return text.slice(start, end)
}

/** str.split: without a separator at runs of white space; `limit` splits at most, negative for no limit. */
export function splitText(text: string, separator?: string, limit = -1): string[] {
  if (separator === undefined) return splitBlanks(text, limit)
  const parts = text.split(separator)
  if (limit < 0 || parts.length <= limit + 1) return parts
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)]
}

function splitBlanks(text: string, limit: number): string[] {
  const parts: string[] = []
  let rest = text.trimStart()
  while (rest !== '') {
    const blank = rest.search(/\s/)
    if (blank < 0 || (limit >= 0 && parts.length >= limit)) break
    parts.push(rest.slice(0, blank))
    rest = rest.slice(blank).trimStart()
  }
  return rest === '' ? parts : [...parts, rest.trimEnd()]
}

/** str.rsplit: the limit counts from the right. */
export function splitTextRight(text: string, separator?: string, limit = -1): string[] {
  if (separator === undefined) {
    const reversed = splitBlanks(reverseText(text), limit)
    return reversed.reverse().map(reverseText)
  }
  const parts = text.split(separator)
  if (limit < 0 || parts.length <= limit + 1) return parts
  const kept = parts.length - limit
  return [parts.slice(0, kept).join(separator), ...parts.slice(kept)]
}

export function reverseText(text: string): string {
  return [...text].reverse().join('')
}

/** str.splitlines */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+/g) ?? []
  return keepEnds ? lines : lines.map(line => line.replace(/[\r\n]+$/, ''))
}

/** str.center: Python puts the odd blank to the left when the width is odd. */
export function centerText(text: string, width: number, fill = ' '): string {
  const missing = width - text.length
  if (missing <= 0) return text
  const left = (missing >> 1) + (missing & width & 1)
  return fill.repeat(left) + text + fill.repeat(missing - left)
}

/** str.replace; a negative count replaces all. */
export function replaceText(text: string, { from, to, count = -1 }: TextReplacement): string {
  if (count < 0) return text.replaceAll(from, () => to)
  const parts = text.split(from)
  return parts.reduce((done, part, i) => done + (i <= count ? to : from) + part)
}

export interface TextReplacement {
  readonly from: string
  readonly to: string
  readonly count?: number
}

export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()
}

/** str.zfill: the sign stays in front of the zeros. */
export function zeroFill(text: string, width: number): string {
  const sign = /^[+-]/.test(text) ? text[0]! : ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

export function expandTabs(text: string, size = 8): string {
  let column = 0
  let expanded = ''
  for (const character of text) {
    if (character === '\t') {
      const blanks = size - (column % size)
      expanded += ' '.repeat(blanks)
      column += blanks
      continue
    }
    expanded += character
    column = character === '\n' ? 0 : column + 1
  }
  return expanded
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
