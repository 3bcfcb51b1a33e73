/** A role of the play's list, or one that such a role needs, runs once for a host unless it allows duplicates. */
import type { Block, Node, RoleUse } from '../config/model.ts'
import type { Course } from './course.ts'
import type { HostState } from './host-state.ts'
import { valueKey } from './value-key.ts'

/** Uses that `roles:` lists and their dependencies, which may stand inside blocks with the keywords of their user. */
export function listedUses(blocks: readonly Block[]): Set<RoleUse> {
  return new Set(blocks.flatMap(({ use, block }) => (use ? [use] : [...listedUses(block.filter(isBlock))])))
}

/** Uses whose defaults and vars the whole play sees from its beginning: those of `roles:` and import_role. */
export function publicUses(nodes: readonly Node[]): RoleUse[] {
  return nodes
    .filter(isBlock)
    .flatMap(({ use, block, rescue, always }) => [
      ...publicUses([...block, ...rescue, ...always]),
      ...(use?.public ? [use] : []),
    ])
}

function isBlock(node: Node): node is Block {
  return node.kind === 'block'
}

/** The hosts on which the role of the block has not run yet with the same parameters and conditions. */
export function withoutDone(
  course: Course,
  hosts: readonly HostState[],
  { use }: Block,
): readonly HostState[] {
  if (!use || mayRepeat(course, use)) return hosts
  return hosts.filter(host => !host.rolesDone.has(useKey(use)))
}

/** What becomes of a block when its turn comes. */
export type TurnOfRole = (block: Block) => 'runs' | 'is left out' | 'cannot be told'

/**
 * For a walk over what comes next on one host, from a task of the `current` uses. The second of two uses of one role is left out or not depending on what
 * the first will have done.
 */
export function turnsOfRoles(course: Course, host: HostState, current: readonly RoleUse[]): TurnOfRole {
  const begun = new Set([...host.rolesBegun, ...current].map(useKey))
  return ({ use }) => {
    if (!use || mayRepeat(course, use)) return 'runs'
    const key = useKey(use)
    if (host.rolesDone.has(key)) return 'is left out'
    if (begun.has(key)) return 'cannot be told'
    begun.add(key)
    return 'runs'
  }
}

/** include_role and import_role say it themselves, and by default may. */
function mayRepeat(course: Course, use: RoleUse): boolean {
  if (use.allowDuplicates !== undefined) return use.allowDuplicates
  return use.role.allowDuplicates || !course.listedUses.has(use)
}

/** A role all of whose tasks were left out, by tags or conditions, has not run. */
export function noteDone(hosts: readonly HostState[], { use }: Block): void {
  if (!use) return
  for (const host of hosts)
    if (host.status === 'active' && host.rolesBegun.has(use)) host.rolesDone.add(useKey(use))
}

function useKey({ role, tasksFrom, params, when, tags, vars }: RoleUse): string {
  return valueKey([role.path, tasksFrom, params, when ?? [], tags ?? [], vars ?? {}])
}
