/** A pattern of Python in the words of `grep -E`, for a question where only it counts whether there is a match. */

export interface GrepPattern {
  readonly pattern: string
  readonly ignoreCase: boolean
}

const CLASSES: Readonly<Record<string, string>> = { d: '0-9', s: '[:space:]', w: '[:alnum:]_' }
const REVERSED: Readonly<Record<string, string>> = { D: '[^0-9]', S: '[^[:space:]]', W: '[^[:alnum:]_]' }

/** null for what grep does not have: look-around, back references, borders of words, line ends in the pattern. */
export function grepPattern(written: string): GrepPattern | null {
  const flags = /^\(\?([aimsu]+)\)/.exec(written)
  const parts: string[] = []
  let rest = flags === null ? written : written.slice(flags[0].length)
  while (rest !== '') {
    const part = nextPart(rest)
    if (part === null) return null
    parts.push(part.pattern)
    rest = rest.slice(part.length)
  }
  return { pattern: parts.join(''), ignoreCase: flags?.[1]?.includes('i') ?? false }
}

interface Part {
  readonly pattern: string
  /** Of what is written. */
  readonly length: number
}

function nextPart(rest: string): Part | null {
  if (rest.startsWith('\\')) return escaped(rest)
  if (rest.startsWith('[')) return characters(rest)
  const group = /^\(\?(?::|P<\w+>)/.exec(rest)
  if (group !== null) return { pattern: '(', length: group[0].length }
  if (rest.startsWith('(?') || /^[\r\n]/.test(rest)) return null
  // As few as possible or as many: there is a match or there is none.
  const repeated = /^([*+?]|\{\d*,?\d*\})[?+]?/.exec(rest)
  if (repeated !== null) return { pattern: repeated[1] ?? '', length: repeated[0].length }
  return { pattern: rest.charAt(0), length: 1 }
}

function escaped(rest: string): Part | null {
  const char = rest.charAt(1)
  const inside = CLASSES[char]
  const pattern = inside === undefined ? REVERSED[char] : `[${inside}]`
  if (pattern !== undefined) return { pattern, length: 2 }
  if (char === 't') return { pattern: '\t', length: 2 }
  if (char === '' || /[\w\r\n]/.test(char)) return null
  return { pattern: /[.[\]\\*^$+?(){}|]/.test(char) ? `\\${char}` : char, length: 2 }
}

/** `]` comes first and `-` last there, for no backslash means anything. */
function characters(rest: string): Part | null {
  const whole = /^\[(\^?)(\]?(?:\\.|[^\]\\\r\n])*)\]/.exec(rest)
  if (whole === null) return null
  let [first, middle, last] = ['', '', '']
  for (const [item] of (whole[2] ?? '').matchAll(/\\.|./g)) {
    const char = item.replace(/^\\/, '')
    if (item === ']' || item === '\\]') first = ']'
    else if (item === '\\-') last = '-'
    else if (item === '\\t') middle += '\t'
    else if (item.length > 1 && CLASSES[char] !== undefined) middle += CLASSES[char]
    else if (item.length > 1 && /[\w[]/.test(char)) return null
    else middle += char
  }
  // A caret alone would say that the others are meant.
  if (whole[1] === '' && first === '' && middle.startsWith('^')) middle = `${middle.slice(1)}^`
  if (middle === '^' && first === '' && last === '') return { pattern: '\\^', length: whole[0].length }
  return { pattern: `[${whole[1]}${first}${middle}${last}]`, length: whole[0].length }
}
