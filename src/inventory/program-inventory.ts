/**
 * What an inventory program prints for --list: { group: { hosts, children, vars }, _meta: { hostvars } }.
 * It is data of the moment, so none of its texts is a template.
 */
import { isMapping, type Value } from '../base/value.ts'
import { readYaml, type YamlDocument } from '../yaml/read-yaml.ts'
import { type InventoryDraft, varBlock } from './draft.ts'

type Path = readonly (string | number)[]

export function readProgramInventory(file: string, output: string, draft: InventoryDraft): void {
  const document = readYaml(output, { file, templates: false })
  draft.problems.push(...document.problems)
  if (document.problems.some(({ severity }) => severity !== 'warning')) return
  const told = document.value
  if (!isMapping(told)) {
    draft.fail('INVENTORY_SHAPE', `${file} printed no JSON object`, { position: document.positionOf([]) })
    return
  }
  for (const [name, value] of entriesOf(told)) {
    if (name !== '_meta') readGroup({ name, value, document }, draft)
  }
  const meta = valueAt(told, '_meta')
  for (const [name, vars] of entriesOf(valueAt(meta, 'hostvars'))) {
    const block = varBlock(vars, placesBelow(document, ['_meta', 'hostvars', name]))
    if (block !== undefined) draft.hosts.get(name)?.vars.push(block)
  }
}

interface Told {
  readonly name: string
  readonly value: Value
  readonly document: YamlDocument
}

/** A bare list stands for the hosts of the group. */
function readGroup({ name, value, document }: Told, draft: InventoryDraft): void {
  const group = draft.group(name, document.positionOfKey([name]))
  group.isDescribed = true
  const hosts = Array.isArray(value) ? value : valueAt(value, 'hosts')
  for (const [index, host] of listOf(hosts).entries()) {
    draft.hostsNamed(host, name, { position: document.positionOf([name, 'hosts', index]) })
  }
  for (const [index, child] of listOf(valueAt(value, 'children')).entries()) {
    draft.child(name, child, document.positionOf([name, 'children', index]))
  }
  const block = varBlock(valueAt(value, 'vars') ?? null, placesBelow(document, [name, 'vars']))
  if (block !== undefined) draft.groupVars(group, block)
}

function placesBelow(document: YamlDocument, path: Path) {
  return {
    origin: document.positionOfKey(path),
    positionOf: (key: string) => document.positionOfKey([...path, key]),
  }
}

function valueAt(value: Value | undefined, key: string): Value | undefined {
  return entriesOf(value).find(([name]) => name === key)?.[1]
}

function entriesOf(value: Value | undefined): [string, Value][] {
  if (!isMapping(value)) return []
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return entries.map(([name, item]) => [String(name), item])
}

function listOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
