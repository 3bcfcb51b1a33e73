/** The inventory plugin `generator`: one host for every combination of the layers, with groups above it. */
import { type Dict, isDict, type Value } from '../base/value.ts'
import type { VarBlock } from './draft.ts'
import type { PluginContext } from './plugin-inventory.ts'
import type { Scope } from './precedence.ts'

/** Problems: INVENTORY_CONSTRUCTED. */
export function generateHosts({ hosts, layers }: Dict, context: PluginContext): void {
  if (!isDict(hosts) || hosts.name === undefined || !isDict(layers)) {
    context.draft.fail('INVENTORY_CONSTRUCTED', 'generator needs hosts with a name, and layers', {
      position: context.position,
      hint: 'hosts: {name: "{{ a }}-{{ b }}"} and layers: {a: [...], b: [...]}',
    })
    return
  }
  for (const combination of combinations(Object.entries(layers))) {
    const scope: Variables = {
      get: name => combination.get(name),
      names: () => combination.keys(),
    }
    const host = String(context.evaluate.render(hosts.name, scope))
    context.draft.hostsNamed(host, 'ungrouped', { position: context.position })
    for (const parent of listOf(hosts.parents))
      addParent({ child: host, isHost: true }, parent, { scope, context })
  }
}

type Variables = Pick<Scope, 'get' | 'names'>

interface Child {
  readonly child: string
  readonly isHost: boolean
}

interface Generation {
  readonly scope: Variables
  readonly context: PluginContext
}

function addParent({ child, isHost }: Child, written: Value, generation: Generation): void {
  const { scope, context } = generation
  const { draft, evaluate, position } = context
  if (!isDict(written) || written.name === undefined) return
  const name = String(evaluate.render(written.name, scope))
  const group = draft.group(name, position)
  group.isDescribed = true
  if (isHost) group.hosts.add(child)
  else draft.child(name, child, position)
  const vars = isDict(written.vars) ? written.vars : {}
  const rendered = Object.entries(vars).map(([key, value]) => [key, evaluate.render(value, scope)])
  const block: VarBlock = { vars: Object.fromEntries(rendered), origin: position, positionOf: () => position }
  if (rendered.length > 0) draft.groupVars(group, block)
  for (const parent of listOf(written.parents)) addParent({ child: name, isHost: false }, parent, generation)
}

function combinations(layers: readonly (readonly [string, Value])[]): ReadonlyMap<string, Value>[] {
  const [first, ...rest] = layers
  if (first === undefined) return [new Map()]
  const [name, values] = first
  return listOf(values).flatMap(value =>
    combinations(rest).map(others => new Map<string, Value>([[name, value], ...others])),
  )
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : []
}
