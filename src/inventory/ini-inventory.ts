/** Inventories in INI form: [group], [group:children], [group:vars], and hosts with key=value behind them. */

import { didYouMean } from '../base/did-you-mean.ts'
import type { Position } from '../base/error.ts'
import { looksLikeTemplate, mapping, Template, type Value } from '../base/value.ts'
import type { InventoryDraft, VarBlock } from './draft.ts'
import { parsePythonLiteral } from './python-literal.ts'
import { splitWords, type Word } from './split-words.ts'

type Kind = 'hosts' | 'children' | 'vars'
const KINDS: readonly string[] = ['hosts', 'children', 'vars']

/** [2001:db8::1]:22 is no section but a host. */
const HEADER = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$/

export function readIniInventory(file: string, text: string, draft: InventoryDraft): void {
  const reader = new IniInventory(file, draft)
  for (const [index, line] of text.split(/\r?\n/).entries()) reader.line(line, index + 1)
  reader.end()
}

interface Variable {
  readonly name: string
  readonly value: Value
  readonly position: Position
}

class IniInventory {
  readonly #file: string
  readonly #draft: InventoryDraft
  /** Groups that this file needs to be told of, with the place that needs them. */
  readonly #needed = new Map<string, Position>()
  /** Groups that this file or a source before it describes. */
  readonly #told: Set<string>
  #group = 'ungrouped'
  #kind: Kind | 'skipped' = 'hosts'

  constructor(file: string, draft: InventoryDraft) {
    this.#file = file
    this.#draft = draft
    const before = [...draft.groups.values()].filter(({ isDescribed }) => isDescribed)
    this.#told = new Set(['all', 'ungrouped', ...before.map(({ name }) => name)])
  }

  line(line: string, number: number): void {
    const text = line.trim()
    if (text === '' || text.startsWith('#') || text.startsWith(';')) return
    const position = this.#at(number, line.indexOf(text) + 1)
    const header = HEADER.exec(text)
    if (header !== null) this.#header(header[1] ?? '', { kind: header[2] ?? 'hosts', position })
    else if (this.#kind === 'hosts') this.#host(line, position)
    else if (this.#kind === 'children') this.#child(text, position)
    else if (this.#kind === 'vars') this.#variable(text, position)
  }

  end(): void {
    for (const [name, position] of this.#needed) {
      if (this.#told.has(name)) continue
      const hint = didYouMean(name, this.#told) ?? `Add a section [${name}].`
      this.#draft.fail('INVENTORY_UNKNOWN_GROUP', `There is no group "${name}"`, { position, hint })
    }
  }

  #header(name: string, { kind, position }: { kind: string; position: Position }): void {
    this.#group = name
    this.#kind = 'skipped'
    if (KINDS.includes(kind)) this.#open(kind as Kind, position)
    else {
      const hint = didYouMean(kind, KINDS) ?? 'A section is [group], [group:children] or [group:vars].'
      this.#draft.fail('INVENTORY_UNKNOWN_KEY', `Section [${name}:${kind}] is of an unknown kind`, {
        position,
        hint,
      })
    }
  }

  #open(kind: Kind, position: Position): void {
    this.#kind = kind
    // As Ansible: [group:vars] alone does not make a group.
    if (kind === 'vars') this.#needed.set(this.#group, position)
    else {
      this.#told.add(this.#group)
      this.#draft.group(this.#group, position).isDescribed = true
    }
  }

  #host(line: string, position: Position): void {
    const words = splitWords(line)
    if ('error' in words) {
      this.#draft.fail('INVENTORY_SHAPE', words.error, {
        position,
        hint: 'Close the quote, or escape it with a backslash.',
      })
      return
    }
    const [name, ...rest] = words
    if (name === undefined) return
    const variables = rest.map(word => this.#assignment(word, position)).filter(one => one !== undefined)
    const block = variables.length === 0 ? undefined : blockOf(variables, position)
    this.#draft.hostsNamed(name.text, this.#group, { position, block })
  }

  #assignment(word: Word, { line }: Position): Variable | undefined {
    const position = this.#at(line, word.column)
    const variable = splitVariable(word.text, position)
    if (variable === undefined) {
      const hint = 'Behind a host stand only variables: name=value. A value with spaces needs quotes.'
      this.#draft.fail('INVENTORY_SHAPE', `"${word.text}" is no variable`, { position, hint })
    }
    return variable
  }

  #child(text: string, position: Position): void {
    const name = text.replace(/\s+[#;].*$/, '')
    this.#needed.set(name, position)
    this.#draft.child(this.#group, name, position)
  }

  #variable(text: string, position: Position): void {
    const variable = splitVariable(text, position)
    if (variable === undefined) {
      this.#draft.fail('INVENTORY_SHAPE', `"${text}" is no variable`, { position, hint: 'Write: name=value' })
      return
    }
    this.#draft.groupVars(this.#draft.group(this.#group, position), blockOf([variable], position))
  }

  #at(line: number, column: number): Position {
    return { file: this.#file, line, column }
  }
}

function splitVariable(text: string, position: Position): Variable | undefined {
  const equals = text.indexOf('=')
  const name = text.slice(0, equals).trim()
  if (equals === -1 || name === '') return undefined
  const raw = text.slice(equals + 1).trim()
  const value = parsePythonLiteral(raw)?.value ?? (/^None\b/.test(raw) ? null : raw)
  const isTemplate = typeof value === 'string' && looksLikeTemplate(value)
  return { name, value: isTemplate ? new Template(value, position) : value, position }
}

function blockOf(variables: readonly Variable[], origin: Position): VarBlock {
  const positions = new Map(variables.map(({ name, position }) => [name, position]))
  return {
    vars: mapping(variables.map(({ name, value }) => [name, value] as const)) as VarBlock['vars'],
    origin,
    positionOf: name => positions.get(name) ?? origin,
  }
}
