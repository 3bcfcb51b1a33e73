/** A line of an INI inventory as words: quotes and backslashes as in a shell, # begins a comment. */
export interface Word {
  readonly text: string
  /** 1-based. */
  readonly column: number
}

export function splitWords(line: string): readonly Word[] | { readonly error: string } {
  const words: Word[] = []
  let index = 0
  while (index < line.length && line[index] !== '#') {
    if (/\s/.test(line[index] as string)) {
      index++
      continue
    }
    const end = readWord(line, index)
    if (end === undefined) return { error: 'A quote is not closed' }
    words.push({ text: end.text, column: index + 1 })
    index = end.index
  }
  return words
}

function readWord(
  line: string,
  start: number,
): { readonly text: string; readonly index: number } | undefined {
  let text = ''
  let index = start
  while (index < line.length) {
    const char = line[index] as string
    if (/[\s#]/.test(char)) break
    if (char === '"' || char === "'") {
      const quoted = readQuoted(line, index)
      if (quoted === undefined) return undefined
      text += quoted.text
      index = quoted.index
      continue
    }
    if (char === '\\') index++
    text += line[index] ?? ''
    index++
  }
  return { text, index }
}

/** Single quotes keep everything; in double quotes a backslash escapes a double quote and itself. */
function readQuoted(
  line: string,
  start: number,
): { readonly text: string; readonly index: number } | undefined {
  const quote = line[start]
  let text = ''
  for (let index = start + 1; index < line.length; index++) {
    const char = line[index]
    if (char === quote) return { text, index: index + 1 }
    const isEscape = quote === '"' && char === '\\' && /["\\]/.test(line[index + 1] ?? '')
    if (isEscape) index++
    text += line[index]
  }
  return undefined
}
