/** How a text must be written in YAML: which quotes PyYAML would use, and when plain text would mean something else. */

/** What a text allows, found in one pass. */
export interface ScalarAnalysis {
  readonly isMultiline: boolean
  readonly plainInFlow: boolean
  readonly plainInBlock: boolean
  readonly singleQuoted: boolean
}

const BLANK = new Set([undefined, ' ', '\t', '\r', '\n', '\x85', '\u2028', '\u2029'])
const BREAKS = new Set(['\n', '\x85', '\u2028', '\u2029'])

export function analyzeScalar(text: string): ScalarAnalysis {
  if (text === '') return { isMultiline: false, plainInFlow: false, plainInBlock: true, singleQuoted: true }
  const characters = [...text]
  const indicators = findIndicators(characters)
  const breaks = characters.some(character => BREAKS.has(character))
  const special = characters.some(character => !isPrintable(character))
  const edges = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text)
  const breakThenSpace = /[\n\x85\u2028\u2029] /.test(text)
  const spaceThenBreak = / [\n\x85\u2028\u2029]/.test(text)
  const plain = !edges && !breakThenSpace && !spaceThenBreak && !special && !breaks
  return {
    isMultiline: breaks,
    plainInFlow: plain && !indicators.flow,
    plainInBlock: plain && !indicators.block,
    singleQuoted: !breakThenSpace && !spaceThenBreak && !special,
  }
}

interface Indicators {
  flow: boolean
  block: boolean
}

/** Characters that would be read as YAML's own at their place. */
function findIndicators(characters: readonly string[]): Indicators {
  const text = characters.slice(0, 3).join('')
  const isMarker = text === '---' || text === '...'
  const found: Indicators = { flow: isMarker, block: isMarker }
  characters.forEach((character, i) => {
    const isFollowedByBlank = BLANK.has(characters[i + 1])
    if (i === 0) findFirstIndicator(character, isFollowedByBlank, found)
    else if (',?[]{}'.includes(character)) found.flow = true
    else if (character === ':') {
      found.flow = true
      found.block ||= isFollowedByBlank
    } else if (character === '#' && BLANK.has(characters[i - 1])) {
      found.flow = true
      found.block = true
    }
  })
  return found
}

function findFirstIndicator(character: string, isFollowedByBlank: boolean, found: Indicators): void {
  if ('#,[]{}&*!|>\'"%@`'.includes(character) || (character === '-' && isFollowedByBlank)) {
    found.flow = true
    found.block = true
  } else if (character === '?' || character === ':') {
    found.flow = true
    found.block ||= isFollowedByBlank
  }
}

/** What may stand in the file as it is, outside of double quotes. */
function isPrintable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  if (character === '\n' || (code >= 0x20 && code <= 0x7e) || code === 0x85) return true
  return (
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0x10fffe && code !== 0xfeff && code !== 0xfffe && code !== 0xffff)
  )
}

/** Plain texts YAML 1.1 reads as something else: booleans, numbers, null, dates, merge and value keys. */
const IMPLICIT = [
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  /^(?:~|null|Null|NULL|)$/,
  /^(?:<<|=)$/,
  /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[\da-fA-F_]+|0|[1-9][\d_]*(?::[0-5]?\d)*)$/,
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*)$/,
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^\d{4}-\d\d-\d\d$/,
  /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/,
]

export function meansSomethingElse(text: string): boolean {
  return IMPLICIT.some(pattern => pattern.test(text))
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

/** One character inside double quotes. */
export function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const isKept =
    (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd)
  if (isKept && !'"\\\x85\u2028\u2029\ufeff'.includes(character)) return character
  const named = NAMED_ESCAPES[character]
  if (named) return named
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
