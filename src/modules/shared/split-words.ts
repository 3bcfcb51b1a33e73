import { VpaiError } from '../../base/error.ts'

/**
 * Splits a command line into words as a POSIX shell would, without expanding anything: quotes and
 * backslashes are taken away. Throws COMMAND_QUOTES for a quote that is never closed.
 */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let current: string | null = null
  let quoted: '"' | "'" | null = null
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!
    if (quoted === "'") {
      if (char === "'") quoted = null
      else current += char
    } else if (char === '\\' && at + 1 < line.length) {
      const next = line[++at]!
      current = `${current ?? ''}${quoted === '"' && !'"\\$`\n'.includes(next) ? `\\${next}` : next}`
    } else if (quoted === '"') {
      if (char === '"') quoted = null
      else current += char
    } else if (char === '"' || char === "'") {
      quoted = char
      current ??= ''
    } else if (/\s/.test(char)) {
      if (current !== null) words.push(current)
      current = null
    } else {
      current = `${current ?? ''}${char}`
    }
  }
  if (quoted !== null) {
    throw new VpaiError('COMMAND_QUOTES', `a quotation mark (${quoted}) is never closed in: ${line}`)
  }
  return current === null ? words : [...words, current]
}
