/** Inventories in YAML: groups with hosts, children and vars. */

import { didYouMean } from '../base/did-you-mean.ts'
import type { Position } from '../base/error.ts'
import { type Dict, isMapping, type Value } from '../base/value.ts'
import { readYaml, type YamlDocument } from '../yaml/read-yaml.ts'
import { type DraftGroup, type InventoryDraft, varBlock } from './draft.ts'
import { runPlugin } from './plugin-inventory.ts'

type Path = readonly (string | number)[]

const SECTIONS = ['hosts', 'children', 'vars']

export function readYamlInventory(file: string, text: string, draft: InventoryDraft): void {
  const document = readYaml(text, { file, templates: true, vault: draft.vault })
  draft.problems.push(...document.problems)
  if (document.value === null) return
  new YamlInventory(document, draft).read()
}

class YamlInventory {
  readonly #document: YamlDocument
  readonly #draft: InventoryDraft

  constructor(document: YamlDocument, draft: InventoryDraft) {
    this.#document = document
    this.#draft = draft
  }

  read(): void {
    const { value } = this.#document
    if (!isMapping(value)) {
      this.#fail(
        [],
        'INVENTORY_SHAPE',
        'An inventory is a mapping of groups',
        'Begin with "all:" and "hosts:" below it.',
      )
      return
    }
    const entries = entriesOf(value)
    const plugin = entries.find(([name]) => name === 'plugin')
    if (plugin !== undefined) {
      this.#plugin(String(plugin[1]), Object.fromEntries(entries))
      return
    }
    for (const [name, group] of entries) {
      if (SECTIONS.includes(name)) this.#sectionWithoutGroup(name)
      else this.#group(name, group, [name])
    }
  }

  #plugin(name: string, config: Dict): void {
    const draft = this.#draft
    const position = this.#key(['plugin'])
    const { plugins } = draft
    if (plugins !== undefined) {
      const context = { ...plugins, draft, position, scopeOf: plugins.scopes() }
      if (runPlugin(name, config, context)) return
    }
    const hint = 'Write the hosts down: `ansible-inventory --list --yaml` prints them as a .yml inventory.'
    this.#fail(['plugin'], 'INVENTORY_PLUGIN', `The inventory plugin ${name} is not supported`, hint)
  }

  #sectionWithoutGroup(name: string): void {
    const hint = `Put it under a group, such as: all: { ${name}: ... }`
    this.#fail([name], 'INVENTORY_SHAPE', `"${name}" stands where the name of a group belongs`, hint)
  }

  #group(name: string, value: Value, path: Path): void {
    const group = this.#draft.group(name, this.#key(path))
    if (value === null) return
    if (!isMapping(value)) {
      this.#fail(
        path,
        'INVENTORY_SHAPE',
        `Group "${name}" must hold hosts, children or vars`,
        'All three are mappings.',
      )
      return
    }
    group.isDescribed = true
    for (const [key, section] of entriesOf(value))
      this.#section(group, key, { value: section, path: [...path, key] })
  }

  #section(group: DraftGroup, key: string, { value, path }: { value: Value; path: Path }): void {
    if (!SECTIONS.includes(key)) {
      const hint =
        didYouMean(key, SECTIONS) ?? 'A group knows hosts, children and vars; variables belong below vars.'
      this.#fail(path, 'INVENTORY_UNKNOWN_KEY', `Group "${group.name}" has an unknown key "${key}"`, hint)
      return
    }
    if (value === null) return
    if (key === 'vars') this.#vars(group, value, path)
    else this.#members(group, key, { value, path })
  }

  #members(group: DraftGroup, key: string, { value, path }: { value: Value; path: Path }): void {
    // As Ansible: one name as plain text stands for a mapping with that name alone.
    const members = typeof value === 'string' ? { [value]: null } : value
    if (!isMapping(members)) {
      const hint = 'Write each name as a key with a colon behind it, without the dash.'
      this.#fail(path, 'INVENTORY_SHAPE', `"${key}" of group "${group.name}" must be a mapping`, hint)
      return
    }
    for (const [name, member] of entriesOf(members)) {
      if (key === 'hosts') this.#host(name, group.name, { value: member, path: [...path, name] })
      else this.#child(name, group.name, { value: member, path: [...path, name] })
    }
  }

  #vars(group: DraftGroup, value: Value, path: Path): void {
    const block = varBlock(value, this.#placesBelow(path))
    if (block !== undefined) this.#draft.groupVars(group, block)
    else this.#fail(path, 'INVENTORY_SHAPE', `"vars" of group "${group.name}" must be a mapping`)
  }

  #host(name: string, group: string, { value, path }: { value: Value; path: Path }): void {
    const block = varBlock(value, this.#placesBelow(path))
    if (block === undefined) {
      this.#fail(
        path,
        'INVENTORY_SHAPE',
        `The variables of host "${name}" must be a mapping`,
        'Example: ansible_host: 192.0.2.1',
      )
    }
    this.#draft.hostsNamed(name, group, {
      position: this.#key(path),
      block: value === null ? undefined : block,
    })
  }

  #child(name: string, parent: string, { value, path }: { value: Value; path: Path }): void {
    this.#draft.child(parent, name, this.#key(path))
    this.#group(name, value, path)
  }

  #placesBelow(path: Path) {
    return { origin: this.#key(path), positionOf: (name: string) => this.#key([...path, name]) }
  }

  #key(path: Path): Position {
    return this.#document.positionOfKey(path)
  }

  #fail(path: Path, code: string, message: string, hint?: string): void {
    this.#draft.fail(code, message, { hint, position: this.#key(path) })
  }
}

/** Names are text: a host called 8 is written without quotes often enough. */
function entriesOf(value: object): [string, Value][] {
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return entries.map(([name, item]) => [String(name), item])
}
