import type { Matcher } from './matcher.ts'

export const MASK = '[secret]'

/** Masks text that arrives in pieces; a piece may end in the middle of a secret, never of a UTF-16 unit. */
export interface MaskStream {
  /** Gives back what is safe to show already. */
  write(chunk: string): string
  /** The rest; the stream may be used again after. */
  end(): string
}

/** `current` gives the matcher of the moment: secrets learnt while the text flows are masked from then on. */
export function createMaskStream(current: () => Matcher): MaskStream {
  let held = ''
  /** So many characters at the head of `held` were shown or masked already; they stay as context. */
  let done = 0

  function advance(chunk: string, last: boolean): string {
    const text = held + chunk
    const matcher = current()
    const cut = last ? text.length : matcher.firstOpen(text)
    const { shown, reached } = show(text, matcher, { from: done, until: Math.max(done, cut) })
    const keepFrom = Math.max(0, cut - 1)
    held = last ? '' : text.slice(keepFrom)
    done = last ? 0 : reached - keepFrom
    return shown
  }

  return { write: chunk => advance(chunk, false), end: () => advance('', true) }
}

/** The text with every span replaced; overlapping spans become one mask. */
export function maskAll(text: string, matcher: Matcher): string {
  return show(text, matcher, { from: 0, until: text.length }).shown
}

interface Part {
  readonly from: number
  readonly until: number
}

/** Spans that begin before `until` are masked whole, so `reached` may lie behind it. */
function show(
  text: string,
  matcher: Matcher,
  part: Part,
): { readonly shown: string; readonly reached: number } {
  const pieces: string[] = []
  let reached = part.from
  for (const { start, end } of matcher.find(text)) {
    if (start >= part.until && start >= reached) break
    if (start >= reached) pieces.push(text.slice(reached, start), MASK)
    reached = Math.max(reached, end)
  }
  if (reached < part.until) pieces.push(text.slice(reached, part.until))
  return { shown: pieces.join(''), reached: Math.max(reached, part.until) }
}
