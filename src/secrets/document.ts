/**
 * What the secrets file holds once opened: a YAML mapping, nested as one likes. Comments and order survive
 * every change. No error ever quotes the text.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  YAMLMap,
} from 'yaml'
import { VpaiError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import { type Dict, isDict, mapping, type Value } from '../base/value.ts'
import { resolvePlain } from '../yaml/scalar.ts'

export interface SecretsDocument {
  /** Every text a Secret named after its dotted path; numbers, booleans and nulls stay plain. */
  values(): Dict
  /** By dotted path. Undefined where nothing is. */
  get(path: string): Value | undefined
  /** Makes the mappings on the way. Throws SECRETS_PATH when something else stands there. */
  set(path: string, value: Secret): void
  /** False when there was nothing. */
  delete(path: string): boolean
  /** Dotted paths of all leaves, in order. */
  paths(): readonly string[]
  /** Paths of unquoted numbers: they are not secrets and will be shown. */
  unprotected(): readonly string[]
  /** The YAML, secrets in clear. */
  text(): string
}

/** Throws SECRETS_YAML with the position when the text is no YAML mapping. */
export function parseSecrets(text: string, file: string): SecretsDocument {
  const lines = new LineCounter()
  const tree = parseDocument(text, { prettyErrors: false, lineCounter: lines, keepSourceTokens: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const error = tree.errors[0]
  if (error !== undefined) {
    throw notYaml(`is not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`, at(error.pos[0]))
  }
  if (tree.contents !== null && !isMap(tree.contents) && !isEmptyScalar(tree.contents)) {
    throw notYaml('must hold `name: value` lines', at(tree.contents.range?.[0] ?? 0))
  }
  return fromTree(tree, text)
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.value === null
}

function notYaml(what: string, position: { file: string; line: number; column: number }): VpaiError {
  return new VpaiError('SECRETS_YAML', `${position.file} ${what}`, { position })
}

function fromTree(tree: Document, original: string): SecretsDocument {
  let changed = false
  const leaves = () => collectLeaves(tree.contents as Node | null, tree)
  return {
    values: () => readMap(tree),
    get: path => {
      const node = find(tree, path)
      return node === undefined ? undefined : readNode(node, path, tree)
    },
    set(path, value) {
      place(tree, segments(path), path).container.set(segments(path).at(-1) ?? '', textNode(value.reveal()))
      changed = true
    },
    delete(path) {
      const removed = tree.contents !== null && isMap(tree.contents) && tree.deleteIn(segments(path))
      changed ||= removed
      return removed
    },
    paths: () => leaves().map(leaf => leaf.path),
    unprotected: () =>
      leaves().flatMap(leaf =>
        typeof leaf.value === 'number' || typeof leaf.value === 'bigint' ? [leaf.path] : [],
      ),
    text: () => (changed ? tree.toString({ lineWidth: 0 }) : original),
  }
}

function segments(path: string): string[] {
  return path.split('.')
}

function find(tree: Document, path: string): Node | undefined {
  const node = isMap(tree.contents) ? tree.getIn(segments(path), true) : undefined
  return (node as Node | null | undefined) ?? undefined
}

/** The mapping the last segment belongs in. */
function place(tree: Document, keys: readonly string[], path: string): { readonly container: YAMLMap } {
  if (!keys.every(key => key !== '')) throw badPath(path, 'a part of it is empty')
  if (!isMap(tree.contents)) tree.contents = new YAMLMap() as typeof tree.contents
  let container = tree.contents as unknown as YAMLMap
  for (const key of keys.slice(0, -1)) {
    const next = container.get(key, true) as Node | undefined
    if (isMap(next)) {
      container = next
      continue
    }
    if (next !== undefined && !(isScalar(next) && next.value === null))
      throw badPath(path, `${key} holds a value, not a mapping`)
    const made = new YAMLMap()
    container.set(key, made)
    container = made
  }
  const last = container.get(keys.at(-1) ?? '', true)
  if (isMap(last) || isSeq(last)) throw badPath(path, 'it holds several secrets')
  return { container }
}

function badPath(path: string, why: string): VpaiError {
  return new VpaiError('SECRETS_PATH', `cannot set ${path}: ${why}`, {
    hint: '`vpai secrets edit` changes the layout',
  })
}

/** Quoted always, so that `yes` or `0123` stays the text it is; long texts as a block. */
function textNode(value: string): Scalar {
  const scalar = new Scalar(value)
  const asBlock = /^[^\s][^\r\x00-\x08]*\n[^\r\x00-\x08]*$/.test(value) && !/[^\S\n]\n/.test(value)
  scalar.type = asBlock ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE
  return scalar
}

function readMap(tree: Document): Dict {
  if (!isMap(tree.contents)) return {}
  const value = readNode(tree.contents as unknown as Node, '', tree)
  return value instanceof Map
    ? Object.fromEntries([...value].map(([key, item]) => [String(key), item as Value]))
    : (value as Dict)
}

function readNode(node: Node, path: string, tree: Document): Value {
  if (isAlias(node)) {
    const target = node.resolve(tree)
    return target === undefined ? null : readNode(target, path, tree)
  }
  if (isMap(node)) {
    return mapping(
      node.items.map(pair => {
        const key = keyOf(pair)
        return [
          key,
          pair.value === null ? null : readNode(pair.value as Node, join(path, key), tree),
        ] as const
      }),
    )
  }
  if (isSeq(node))
    return node.items.map((item, index) => readNode(item as Node, join(path, String(index)), tree))
  return isScalar(node) ? readScalar(node, path) : null
}

function readScalar(node: Scalar, path: string): Value {
  const text = typeof node.source === 'string' ? node.source : String(node.value ?? '')
  const value = node.type === Scalar.PLAIN && node.tag === undefined ? resolvePlain(text) : node.value
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint')
    return value
  return new Secret(typeof value === 'string' ? value : text, path)
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : String(pair.key)
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

interface Leaf {
  readonly path: string
  readonly value: Value
}

function collectLeaves(root: Node | null, tree: Document): Leaf[] {
  if (root === null) return []
  const leaves: Leaf[] = []
  const walk = (value: Value, path: string): void => {
    const children = childrenOf(value)
    if (children === undefined) leaves.push({ path, value })
    else for (const [key, item] of children) walk(item, join(path, key))
  }
  walk(readNode(root, '', tree), '')
  return leaves.filter(leaf => leaf.path !== '')
}

function childrenOf(value: Value): (readonly [string, Value])[] | undefined {
  if (Array.isArray(value)) return value.map((item: Value, index) => [String(index), item])
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), item as Value])
  return isDict(value) ? Object.entries(value) : undefined
}
