/** Writes keys into a YAML mapping and leaves everything else of the text as it is. */
import {
  Document,
  isMap,
  isScalar,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { VpaiError } from '../base/error.ts'
import { looksLikeTemplate, Template } from '../base/value.ts'
import { resolvePlain } from '../yaml/scalar.ts'
import type { Answer } from './variable.ts'

/** A Template is written to be evaluated; a text that merely looks like one is marked !unsafe. */
export type Entry = readonly [string, Answer | Template]

export interface Section {
  /** Comment above the section; none: no heading. */
  readonly title?: string
  readonly entries: readonly Entry[]
}

export interface MergeTarget {
  readonly file: string
  /** The text that is there now. */
  readonly existing?: string
  /** Comment at the top of a new file. */
  readonly head: string
  /** Entries that are there already stay as they are. */
  readonly onlyMissing?: boolean
}

/**
 * A new text where there is none, else the existing one with the entries set: keys, comments and order of
 * others stay. Throws WIZARD_BROKEN_FILE when the existing text is no YAML mapping.
 */
export function mergeYaml(target: MergeTarget, sections: readonly Section[]): string {
  if (target.existing === undefined || target.existing.trim() === '') return fresh(target.head, sections)
  const tree = parseDocument(target.existing, { prettyErrors: false })
  const map = topMapping(tree, target.file)
  let changed = false
  for (const { title, entries } of sections) {
    let isFirst = true
    for (const [name, value] of entries) {
      const pair = findPair(map, name)
      if (pair !== undefined) {
        changed = (target.onlyMissing !== true && change(pair, value)) || changed
      } else {
        append(map, sections, {
          name,
          value,
          title: isFirst && !entries.some(([other]) => findPair(map, other)) ? title : undefined,
        })
        changed = true
      }
      isFirst = false
    }
  }
  return changed ? tree.toString({ lineWidth: 0 }) : target.existing
}

/** A value as a YAML node that reads back as the same value here and in Ansible. */
export function valueNode(value: Answer | Template): Node {
  if (value instanceof Template) {
    const scalar = new Scalar(value.source)
    scalar.type = Scalar.QUOTE_DOUBLE
    return scalar
  }
  const node = new Document(value).contents as Node
  visit(node, {
    Scalar(key, scalar) {
      if (typeof scalar.value !== 'string' || key === 'key') return
      const { value: text } = scalar
      if (looksLikeTemplate(text)) scalar.tag = '!unsafe'
      if (scalar.tag !== undefined || !staysText(text)) scalar.type = Scalar.QUOTE_DOUBLE
    },
  })
  return node
}

/** The top mapping of a document. An empty document gets one. */
export function topMapping(tree: Document, file: string): YAMLMap {
  if (tree.errors.length === 0 && tree.contents === null) tree.contents = new Document({}).contents
  if (tree.errors.length > 0 || !isMap(tree.contents)) {
    throw new VpaiError('WIZARD_BROKEN_FILE', `${file} is there but is not a YAML mapping`, {
      hint: 'mend or remove it; nothing was written',
    })
  }
  return tree.contents as unknown as YAMLMap
}

function staysText(text: string): boolean {
  try {
    return resolvePlain(text) === text
  } catch {
    return false
  }
}

function fresh(head: string, sections: readonly Section[]): string {
  const blocks = sections
    .filter(section => section.entries.length > 0)
    .map(({ title, entries }) => {
      const lines = entries.map(([name, value]) => {
        const one = new Document()
        one.contents = one.createNode({}) as typeof one.contents
        ;(one.contents as unknown as YAMLMap).set(name, valueNode(value))
        return one.toString({ lineWidth: 0 })
      })
      return `${title === undefined ? '' : `# ${title}\n`}${lines.join('')}`
    })
  return `${comment(head)}${blocks.map(block => `\n${block}`).join('')}`
}

function comment(text: string): string {
  return `${text
    .split('\n')
    .map(line => `# ${line}`.trimEnd())
    .join('\n')}\n`
}

function findPair(map: YAMLMap, name: string): Pair<unknown, unknown> | undefined {
  return map.items.find(pair => isScalar(pair.key) && pair.key.value === name)
}

/** False when the value is the same already, however it is written. */
function change(pair: Pair<unknown, unknown>, value: Answer | Template): boolean {
  const former = pair.value as Node | null
  const now = valueNode(value)
  if (former !== null && JSON.stringify(plain(former)) === JSON.stringify(plain(now))) return false
  if (former !== null) {
    now.comment = former.comment
    now.commentBefore = former.commentBefore
  }
  pair.value = now
  return true
}

function plain(node: Node): unknown {
  const read = (item: unknown): unknown => {
    if (isScalar(item))
      return item.type === Scalar.PLAIN && item.source !== undefined
        ? String(resolvePlain(item.source))
        : String(item.value)
    if (isMap(item)) return item.items.map(pair => [read(pair.key), read(pair.value)])
    return item !== null && typeof item === 'object' && 'items' in item && Array.isArray(item.items)
      ? item.items.map(read)
      : null
  }
  return [isMap(node) ? 'map' : isScalar(node) ? typeof node.value : 'list', read(node)]
}

interface Addition {
  readonly name: string
  readonly value: Answer | Template
  readonly title?: string
}

/** Behind the last key of its section, else at the end. */
function append(map: YAMLMap, sections: readonly Section[], { name, value, title }: Addition): void {
  const section = sections.find(candidate => candidate.entries.some(([other]) => other === name))
  const names = new Set(section?.entries.map(([other]) => other))
  const last = map.items.findLastIndex(pair => isScalar(pair.key) && names.has(String(pair.key.value)))
  const key = new Scalar(name)
  if (title !== undefined) {
    key.commentBefore = ` ${title}`
    key.spaceBefore = true
  }
  const pair = new Document().createPair(key, valueNode(value))
  map.items.splice(last < 0 ? map.items.length : last + 1, 0, pair as (typeof map.items)[number])
}
