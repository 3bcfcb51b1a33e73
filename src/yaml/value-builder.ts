/**
 * Turns a composed YAML tree into values: PyYAML's scalar rules, merge keys, anchors, tags.
 * Gathers problems instead of throwing; what has a problem becomes null.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml'
import { type Position, type Problem, VpaiError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import { isMapping, looksLikeTemplate, mapping, PyFloat, Template, type Value } from '../base/value.ts'
import { isVaulted, type Vault } from '../base/vault.ts'
import { entriesOf, isMergeKey, keyIdentity, lastWins, withoutTemplates } from './mapping-keys.ts'
import { resolvePlain, resolveTagged } from './scalar.ts'
import { isUnclosed, scalarText, textOffset } from './scalar-text.ts'

/** Aliases of aliases may double a document with every line; beyond this many values it is refused. */
const MOST_VALUES = 1_000_000
const STANDARD = 'tag:yaml.org,2002:'

export interface BuilderOptions {
  /** Should text with template syntax become a Template? */
  readonly templates: boolean
  readonly at: (offset: number) => Position
  readonly source: string
  /** Opens !vault values; without it they are a problem. */
  readonly vault?: Vault | undefined
  /** The whole document was encrypted: makes each of its texts a secret. */
  readonly hide?: ((text: string) => Secret) | undefined
}

export class ValueBuilder {
  readonly problems: Problem[] = []
  /** What every alias stands for, for those who look up positions afterwards. */
  readonly targets = new Map<Alias, Node>()
  readonly #options: BuilderOptions
  readonly #anchors = new Map<string, Node>()
  readonly #done = new Map<Node, { readonly value: Value; readonly size: number }>()
  readonly #active = new Set<Node>()
  #size = 0
  #literalDepth = 0

  constructor(options: BuilderOptions) {
    this.#options = options
  }

  build(node: Node | null): Value {
    if (node === null) return null
    if (isAlias(node)) return this.#alias(node)
    const { anchor, tag } = node as { readonly anchor?: string; readonly tag?: string }
    if (anchor !== undefined) this.#anchors.set(anchor, node)
    this.#active.add(node)
    const before = this.#size++
    const value = this.#content(node, tag)
    this.#active.delete(node)
    if (anchor !== undefined) this.#done.set(node, { value, size: this.#size - before })
    return value
  }

  #alias(alias: Alias): Value {
    const target = this.#anchors.get(alias.source)
    if (target === undefined) {
      return this.#fail(
        alias,
        'YAML_UNKNOWN_ALIAS',
        `There is no anchor &${alias.source} above this *${alias.source}`,
      )
    }
    this.targets.set(alias, target)
    const done = this.#done.get(target)
    if (done === undefined || this.#active.has(target)) {
      return this.#fail(alias, 'YAML_RECURSIVE', `*${alias.source} stands inside the value it refers to`)
    }
    const wasSmall = this.#size <= MOST_VALUES
    this.#size += done.size
    if (this.#size <= MOST_VALUES) return done.value
    if (!wasSmall) return null
    return this.#fail(
      alias,
      'YAML_TOO_BIG',
      `With its aliases written out, the document has over ${MOST_VALUES} values`,
    )
  }

  #content(node: Node, tag: string | undefined): Value {
    if (tag === '!vault' || tag === '!vault-encrypted') return this.#vault(node)
    if (tag === '!unsafe') return this.#unsafe(node)
    if (isScalar(node)) return this.#scalar(node, tag)
    if (isSeq(node)) {
      if (tag !== undefined && tag !== `${STANDARD}seq`) return this.#unknownTag(node, tag)
      return node.items.map(item => this.build(item as Node | null))
    }
    if (tag !== undefined && tag !== `${STANDARD}map`) return this.#unknownTag(node, tag)
    return this.#map(node as YAMLMap)
  }

  #scalar(node: Scalar, tag: string | undefined): Value {
    const text = scalarText(node, this.#options.source)
    try {
      if (isUnclosed(node, this.#options.source))
        return this.#fail(node, 'YAML_SYNTAX', 'The quote that opens here is never closed')
      if (tag === undefined && node.type !== 'PLAIN') return this.#text(text, node)
      // PyYAML reads the lone tag ! as "decide from the text", for quoted text too.
      const value =
        tag === undefined || tag === '!' ? resolvePlain(text) : resolveTagged(tag.replace(STANDARD, ''), text)
      if (value === undefined) return this.#unknownTag(node, tag ?? '')
      return typeof value === 'string' ? this.#text(value, node) : value
    } catch (error) {
      if (!(error instanceof VpaiError)) throw error
      this.problems.push({ ...error.toProblem(), position: this.#at(node) })
      return null
    }
  }

  #text(text: string, node: Scalar): Value {
    const isTemplate = this.#options.templates && this.#literalDepth === 0 && looksLikeTemplate(text)
    const secret = this.#options.hide?.(text)
    if (isTemplate) return new Template(text, this.#options.at(textOffset(node, this.#options.source)))
    return secret ?? text
  }

  /** Own keys win over merged ones, and merged ones come first, as PyYAML orders them. */
  #map(node: YAMLMap): Value {
    const merged: [Value, Value][] = []
    const own: [Value, Value][] = []
    const seen = new Map<unknown, Node>()
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null
      if (keyNode !== null && isMergeKey(keyNode)) {
        merged.push(...this.#merged(pair.value as Node | null, keyNode))
        continue
      }
      const key = this.#key(keyNode, node)
      const value = this.build(pair.value as Node | null)
      if (key === undefined) continue
      this.#warnDuplicate(key, keyNode ?? node, seen)
      own.push([key, value])
    }
    return mapping(seen.size === own.length && merged.length === 0 ? own : lastWins([...merged, ...own]))
  }

  #key(node: Node | null, parent: YAMLMap): Value | undefined {
    if (isScalar(node) && node.type === 'PLAIN' && node.source === '' && node.tag === undefined) {
      this.#fail(
        node,
        'YAML_KEY_MISSING',
        'There is no key before this colon',
        'Write the key, or ~ for a null key.',
      )
      return undefined
    }
    const built = this.build(node)
    // What is hidden is the values: their names are what everything else refers to.
    const key = withoutTemplates(built instanceof Secret ? built.reveal() : built)
    if (typeof key !== 'object' || key === null || key instanceof PyFloat || key instanceof Date) return key
    const isBareTemplate = isMap(node) && node.flow === true && parent.flow === true
    this.#fail(
      node ?? parent,
      'YAML_KEY_UNSUPPORTED',
      isBareTemplate
        ? 'A value that begins with {{ must stand in quotes'
        : 'A list or a mapping cannot be a key',
      isBareTemplate ? 'Write it as: key: "{{ name }}"' : 'Write a text as the key.',
    )
    return undefined
  }

  #merged(node: Node | null, keyNode: Node): [Value, Value][] {
    const value = this.build(node)
    const sources = Array.isArray(value) ? [...value].reverse() : [value]
    if (sources.every(isMapping)) return sources.flatMap(entriesOf)
    this.#fail(
      keyNode,
      'YAML_BAD_MERGE',
      '<< needs a mapping, or a list of mappings, to merge',
      'Example: <<: *defaults',
    )
    return []
  }

  #warnDuplicate(key: Value, node: Node, seen: Map<unknown, Node>): void {
    const identity = keyIdentity(key)
    const first = seen.get(identity)
    seen.set(identity, node)
    if (first === undefined) return
    this.problems.push({
      code: 'YAML_DUPLICATE_KEY',
      message: `The key "${String(key)}" is given twice; this one wins over line ${this.#at(first).line}`,
      hint: 'Keep one of them.',
      severity: 'warning',
      position: this.#at(node),
    })
  }

  /** Everything below stays text as it is written, also what an alias brings in. */
  #unsafe(node: Node): Value {
    if (isScalar(node)) return scalarText(node, this.#options.source)
    this.#literalDepth++
    const value = this.#content(node, undefined)
    this.#literalDepth--
    return withoutTemplates(value)
  }

  #vault(node: Node): Value {
    const { vault, source } = this.#options
    const text = isScalar(node) ? scalarText(node, source).trim() : ''
    const { file, line } = this.#at(node)
    if (vault !== undefined && isVaulted(text)) return vault.secret(text, `${file}:${line}`)
    if (vault !== undefined) {
      return this.#fail(
        node,
        'VAULT_FORMAT',
        'What stands behind !vault is no text of ansible-vault',
        'It begins with $ANSIBLE_VAULT; and is written by: ansible-vault encrypt_string',
      )
    }
    return this.#fail(
      node,
      'YAML_VAULT_UNSUPPORTED',
      'A value that is encrypted with ansible-vault is not read in this file',
      'Keep it in a file of variables, or in the secrets file: vpai secrets edit',
    )
  }

  #unknownTag(node: Node, tag: string): null {
    const shown = tag.startsWith(STANDARD) ? `!!${tag.slice(STANDARD.length)}` : tag
    return this.#fail(
      node,
      'YAML_UNKNOWN_TAG',
      `The tag ${shown} has no meaning here`,
      'Known tags: !unsafe, and !!str, !!int, !!float, !!bool, !!null, !!timestamp. Text that begins with ! needs quotes.',
    )
  }

  #fail(node: Node, code: string, message: string, hint?: string): null {
    this.problems.push({ code, message, hint, position: this.#at(node) })
    return null
  }

  #at(node: Node): Position {
    return this.#options.at(node.range?.[0] ?? 0)
  }
}
