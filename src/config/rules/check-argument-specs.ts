/** What is handed to a role in plain values must hold against its argument_specs; templates are looked at in the run. */
import { specErrors } from '../../base/argument-spec.ts'
import { type Dict, isDict, isMapping, Template, type Value } from '../../base/value.ts'
import { specOf } from '../argument-specs.ts'
import type { LoadContext } from '../load-context.ts'
import type { Block, Node, Playbook, RoleUse, Task } from '../model.ts'
import { walkProject } from '../walk.ts'

export function checkArgumentSpecs(context: LoadContext, playbooks: readonly Playbook[]): void {
  walkProject(context, playbooks, {
    block: block => {
      if (block.use) checkUse(context, block.use, { ...block.use.vars, ...block.use.params }, block.position)
      else for (const use of usesIn(block.block)) checkUse(context, use, block.vars ?? {}, block.position)
    },
    include: include => {
      const given = { ...include.vars, ...include.apply.vars }
      for (const use of usesIn(context.included.get(include) ?? []))
        checkUse(context, use, given, include.position)
    },
  })
}

/** The roles that an import or include brings, without those they depend on. */
function usesIn(nodes: readonly Node[]): readonly RoleUse[] {
  const last = nodes.filter((node): node is Block => node.kind === 'block').at(-1)
  return last?.use === undefined ? [] : [last.use]
}

function checkUse(context: LoadContext, use: RoleUse, given: Dict, position: Task['position']): void {
  const spec = specOf(use)
  if (spec === undefined) return
  for (const [name, option] of Object.entries(spec.options)) {
    const value = given[name]
    if (value === undefined || !isDict(option) || !isPlain(value)) continue
    const problems = specErrors({ [name]: option }, { [name]: value })
    for (const problem of problems) {
      context.report('CONFIG_ROLE_ARGUMENT', `${use.role.name}: ${problem}`, {
        position,
        hint: `What the role takes stands in ${spec.position.file}:${spec.position.line}.`,
      })
    }
  }
}

function isPlain(value: Value): boolean {
  if (value instanceof Template) return false
  if (Array.isArray(value)) return value.every(isPlain)
  if (!isMapping(value)) return true
  return (value instanceof Map ? [...value.values()] : Object.values(value)).every(isPlain)
}
