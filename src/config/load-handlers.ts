/** Handlers are a flat list: what import_tasks brings in takes over the keywords of the import. */
import type { Keywords, Node, RoleUse, Task } from './model.ts'

export function flattenHandlers(nodes: readonly Node[], use: RoleUse | undefined): Task[] {
  return nodes
    .flatMap(node => flatten(node, {}))
    .map(task => (task.use === undefined ? { ...task, use } : task))
}

function flatten(node: Node, outer: Keywords): Task[] {
  if (node.kind === 'task') return [{ ...node, ...inherit(outer, node) }]
  if (node.kind === 'include') return []
  const {
    kind: _k,
    name: _n,
    position: _p,
    block,
    rescue: _r,
    always: _a,
    use: _u,
    directory: _d,
    ...keywords
  } = node
  return block.flatMap(child => flatten(child, inherit(outer, keywords)))
}

/** Inner values win; conditions and tags add up, variables are laid over each other. */
export function inherit(outer: Keywords, inner: Keywords): Keywords {
  const merged: Record<string, unknown> = { ...outer }
  for (const [name, value] of Object.entries(inner)) {
    if (value !== undefined) merged[name] = value
  }
  if (outer.when && inner.when) merged.when = [...outer.when, ...inner.when]
  if (outer.tags && inner.tags) merged.tags = [...new Set([...outer.tags, ...inner.tags])]
  if (outer.vars && inner.vars) merged.vars = { ...outer.vars, ...inner.vars }
  return merged as Keywords
}
