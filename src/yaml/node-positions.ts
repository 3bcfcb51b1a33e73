/** Finds the place of a value in its file from the path a reader has: keys and list indexes. */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { isMergeKey } from './mapping-keys.ts'

export type Path = readonly (string | number)[]

export interface Place {
  readonly key: Node | null
  readonly value: Node | null
}

/** The deepest place on the path that exists, so that a missing key points at the mapping that lacks it. */
export function findPlace(root: Node | null, path: Path, targets: ReadonlyMap<Alias, Node>): Place {
  let place: Place = { key: null, value: root }
  for (const step of path) {
    const next = stepInto(follow(place.value, targets), step, targets)
    if (next === undefined) return place
    place = next
  }
  return place
}

function stepInto(
  node: Node | null,
  step: string | number,
  targets: ReadonlyMap<Alias, Node>,
): Place | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | null | undefined
    return item === undefined ? undefined : { key: null, value: item }
  }
  if (!isMap(node)) return undefined
  const { own, merges } = indexOf(node)
  const pair = own.get(String(step))
  if (pair !== undefined) return { key: pair.key, value: pair.value }
  for (const { value } of merges) {
    const merged = follow(value, targets)
    for (const source of isSeq(merged) ? (merged.items as Node[]) : [merged]) {
      const found = stepInto(follow(source, targets), step, targets)
      if (found !== undefined) return found
    }
  }
  return undefined
}

type NodePair = Pair<Node | null, Node | null>

interface Index {
  readonly own: ReadonlyMap<string, NodePair>
  readonly merges: readonly NodePair[]
}

/** A mapping with thousands of hosts is asked for each of them. */
const indexes = new WeakMap<YAMLMap, Index>()

function indexOf(node: YAMLMap): Index {
  const known = indexes.get(node)
  if (known !== undefined) return known
  const pairs = node.items as NodePair[]
  const own = new Map(
    pairs.filter(({ key }) => isScalar(key)).map(pair => [String((pair.key as Scalar).value), pair]),
  )
  const index = { own, merges: pairs.filter(({ key }) => key !== null && isMergeKey(key)) }
  indexes.set(node, index)
  return index
}

function follow(node: Node | null, targets: ReadonlyMap<Alias, Node>): Node | null {
  return isAlias(node) ? (targets.get(node) ?? null) : node
}
