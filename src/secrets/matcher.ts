/**
 * Finds many literal texts at once. Long needles through a Wu-Manber shift table (most of the text is
 * skipped, not read), short ones as whole words through one regular expression.
 */
export interface Span {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

export interface Matcher {
  /** All places where a needle stands, by start; spans may overlap, at each start only the longest is told. */
  find(text: string): Span[]
  has(text: string): boolean
  /** The first place where a needle may have begun that the end of the text cuts off; the length when none. */
  firstOpen(text: string): number
}

const BLOCK = 3
const TABLE_BITS = 18
/** A longer window would shift further, but only when no needle is short; more than this gains nothing. */
const LONGEST_WINDOW = 32

export function createMatcher(needles: readonly string[], words: readonly string[]): Matcher {
  const scan = createScanner(needles)
  const wordPattern = words.length > 0 ? wholeWords(words) : undefined
  const open = createOpenings(needles, words)
  return {
    find(text) {
      const spans: Span[] = []
      scan(text, span => {
        spans.push(span)
        return true
      })
      if (wordPattern === undefined) return spans
      for (const match of text.matchAll(wordPattern))
        spans.push({ start: match.index, end: match.index + match[0].length })
      return spans.sort((a, b) => a.start - b.start || b.end - a.end)
    },
    has(text) {
      let found = false
      scan(text, () => {
        found = true
        return false
      })
      return found || (wordPattern !== undefined && text.search(wordPattern) >= 0)
    },
    firstOpen: open,
  }
}

type OnSpan = (span: Span) => boolean

function createScanner(needles: readonly string[]): (text: string, onSpan: OnSpan) => void {
  if (needles.length === 0) return () => undefined
  const window = needles.reduce((least, needle) => Math.min(least, needle.length), LONGEST_WINDOW)
  const furthest = window - BLOCK + 1
  const shifts = new Uint8Array(1 << TABLE_BITS).fill(furthest)
  const buckets = new Map<number, string[]>()
  for (const needle of [...needles].sort((a, b) => b.length - a.length)) {
    for (let end = BLOCK; end <= window; end += 1) {
      const slot = hash(needle, end)
      shifts[slot] = Math.min(shifts[slot] ?? furthest, window - end)
    }
    const slot = hash(needle, window)
    const same = buckets.get(slot)
    if (same === undefined) buckets.set(slot, [needle])
    else same.push(needle)
  }
  return (text, onSpan) => {
    let end = window
    while (end <= text.length) {
      const slot = hash(text, end)
      const shift = shifts[slot] ?? 1
      if (shift > 0) {
        end += shift
        continue
      }
      const start = end - window
      const needle = buckets.get(slot)?.find(candidate => text.startsWith(candidate, start))
      if (needle !== undefined && !onSpan({ start, end: start + needle.length })) return
      end += 1
    }
  }
}

/** A slot for the BLOCK characters before `end`. */
function hash(text: string, end: number): number {
  const mixed =
    (text.charCodeAt(end - 1) * 0x1f35 + text.charCodeAt(end - 2)) * 0x2f1b + text.charCodeAt(end - 3)
  return (mixed ^ (mixed >>> TABLE_BITS)) & ((1 << TABLE_BITS) - 1)
}

function wholeWords(words: readonly string[]): RegExp {
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  const alternatives = longestFirst.map(word => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_])`, 'gu')
}

/** So many characters of a text are looked up before whole needles are compared. */
const HEAD = 3

/** A needle cut off by the end of the text starts in its last characters; a word may also end exactly there. */
function createOpenings(needles: readonly string[], words: readonly string[]): Matcher['firstOpen'] {
  const lengths = [...needles.map(needle => needle.length - 1), ...words.map(word => word.length)]
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const byHead = new Map<string, string[]>()
  for (const needle of [...needles, ...words]) {
    for (const head of new Set([1, 2, HEAD].map(length => needle.slice(0, length)))) {
      const same = byHead.get(head)
      if (same === undefined) byHead.set(head, [needle])
      else same.push(needle)
    }
  }
  const isWord = new Set(words)
  return text => {
    for (let start = Math.max(0, text.length - longest); start < text.length; start += 1) {
      const candidates = byHead.get(text.slice(start, start + HEAD))
      if (candidates === undefined) continue
      const tail = text.slice(start)
      const open = candidates.some(needle => {
        return needle.startsWith(tail) && (needle.length > tail.length || isWord.has(needle))
      })
      if (open) return start
    }
    return text.length
  }
}
