/** A plainly written file as a document: its value, and where everything stands. */
import { type Position, VpaiError } from '../base/error.ts'
import { looksLikeTemplate, Template, type Value } from '../base/value.ts'
import type { Path } from './node-positions.ts'
import { readPlainDocument } from './plain-document.ts'
import type { PlainNode } from './plain-text.ts'
import type { ClearOptions, YamlDocument } from './read-yaml.ts'

/** null: it is to be read by the full reader. */
export function readPlain(source: string, { file, templates, hide }: ClearOptions): YamlDocument | null {
  if (hide !== undefined) return null
  if (STRANGE.test(source) || !source.includes(':')) return null
  const lines = lineBegins(source)
  const at = (offset: number): Position => positionIn(lines, file, offset)
  const root = attempt(source, lines, (text, offset) =>
    templates && looksLikeTemplate(text) ? new Template(text, at(offset)) : text,
  )
  if (root === null) return null
  const place = (path: Path) => placeOf(root, path)
  return {
    value: root.value,
    problems: [],
    source,
    positionOf: path => at(place(path).node.at),
    positionOfKey: path => {
      const { key, node } = place(path)
      return at(key ?? node.at)
    },
  }
}

/** Tabs and line ends of other kinds mean more than they seem to. */
const STRANGE = /[\t\r\u0085\u2028\u2029\ufeff]/

function lineBegins(source: string): readonly number[] {
  const lines = [0]
  for (let end = source.indexOf('\n'); end !== -1; end = source.indexOf('\n', end + 1)) lines.push(end + 1)
  return lines
}

function positionIn(lines: readonly number[], file: string, offset: number): Position {
  let [low, high] = [0, lines.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((lines[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return { file, line: low + 1, column: offset - (lines[low] ?? 0) + 1 }
}

/** A word that is written like a date and is none is a problem to be told. */
function attempt(
  source: string,
  lines: readonly number[],
  text: (text: string, offset: number) => Value,
): PlainNode | null {
  try {
    return readPlainDocument({ source, lines, text })
  } catch (error) {
    if (error instanceof VpaiError) return null
    throw error
  }
}

/** The deepest place on the path that exists. */
function placeOf(root: PlainNode, path: Path): { readonly key: number | null; readonly node: PlainNode } {
  let place: { readonly key: number | null; readonly node: PlainNode } = { key: null, node: root }
  for (const step of path) {
    const item = place.node.items?.[Number(step)]
    const next = item === undefined ? place.node.entries?.get(String(step)) : { key: null, node: item }
    if (next === undefined) return place
    place = next
  }
  return place
}
