/**
 * Free text of a task, taken apart as Ansible does: words parted by blanks, where quotes and template
 * tags keep a word together; words of the form key=value are arguments, the rest is free text.
 */
export interface SplitArguments {
  readonly pairs: readonly (readonly [string, string])[]
  /** What is no pair, with the blanks between its words as written. */
  readonly rest: string
  /** False when a quote or a template tag does not end. */
  readonly isBalanced: boolean
}

/** `isArgument` says which keys are taken out of free text; other words stay as they are. */
export function splitArguments(text: string, isArgument: (key: string) => boolean): SplitArguments {
  const { words, isBalanced } = splitWords(text)
  const pairs: [string, string][] = []
  let rest = ''
  for (const { blanks, word } of words) {
    const [, key, value] = /^([\w.-]+)=([\s\S]*)$/.exec(word) ?? []
    if (key !== undefined && isArgument(key)) pairs.push([key, unquote(value ?? '')])
    else rest += blanks + word
  }
  return { pairs, rest: rest.trim(), isBalanced }
}

interface Word {
  readonly blanks: string
  readonly word: string
}

const CLOSERS: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' }

function splitWords(text: string): { words: Word[]; isBalanced: boolean } {
  const words: Word[] = []
  const pattern = /\s+/y
  let position = 0
  let isBalanced = true
  while (position < text.length) {
    pattern.lastIndex = position
    const blanks = pattern.exec(text)?.[0] ?? ''
    const start = position + blanks.length
    const end = endOfWord(text, start)
    isBalanced &&= end.isBalanced
    if (end.index > start) words.push({ blanks, word: text.slice(start, end.index) })
    position = end.index
  }
  return { words, isBalanced }
}

function endOfWord(text: string, start: number): { index: number; isBalanced: boolean } {
  let index = start
  let quote = ''
  while (index < text.length) {
    const closer = CLOSERS[text.slice(index, index + 2)]
    if (closer !== undefined) {
      const end = text.indexOf(closer, index + 2)
      if (end === -1) return { index: text.length, isBalanced: false }
      index = end + 2
      continue
    }
    const character = text[index]!
    if (character === '\\' && index + 1 < text.length) {
      index += 2
      continue
    }
    if (quote === '' && /\s/.test(character)) break
    if (quote === '' && (character === '"' || character === "'")) quote = character
    else if (character === quote) quote = ''
    index++
  }
  return { index: Math.min(index, text.length), isBalanced: quote === '' }
}

/** Quotes around the whole value go away; escaped quotes inside lose their backslash. */
function unquote(value: string): string {
  const [, quote, inner] = /^(["'])([\s\S]*)\1$/.exec(value) ?? []
  if (quote === undefined || inner === undefined) return value
  return inner.replaceAll(`\\${quote}`, quote)
}
