/** The text of a scalar in its source: where it begins, how it ends. Mends three readings of the library. */
import type { Scalar } from 'yaml'

/** The library ends a block scalar with a line break even where the file has none; PyYAML does not. */
export function scalarText(node: Scalar, source: string): string {
  const value = String(node.value ?? '')
  if (!isBlock(node) || node.range?.[1] !== source.length || !value.endsWith('\n')) return value
  const lastLine = source.slice(source.lastIndexOf('\n') + 1)
  return lastLine.trim() === '' ? value : value.slice(0, -1)
}

/** Where the text begins: behind the quote, or on the line below the header of a block. */
export function textOffset(node: Scalar, source: string): number {
  const start = node.range?.[0] ?? 0
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return start + 1
  const body = isBlock(node) ? source.indexOf('\n', start) + 1 : 0
  return body === 0 ? start : body + source.slice(body).search(/[^ \n\r]|$/)
}

/** At the end of a file the library takes an escaped quote ('it'' or "a\") for the closing one. */
export function isUnclosed(node: Scalar, source: string): boolean {
  if (node.range == null) return false
  const inner = source.slice(node.range[0] + 1, node.range[1] - 1)
  if (node.type === 'QUOTE_SINGLE') return (inner.split("'").length - 1) % 2 === 1
  if (node.type !== 'QUOTE_DOUBLE') return false
  let backslashes = 0
  while (inner.at(-1 - backslashes) === '\\') backslashes++
  return backslashes % 2 === 1
}

function isBlock(node: Scalar): boolean {
  return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
}
