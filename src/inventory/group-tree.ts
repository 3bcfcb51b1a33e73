/** Ties the groups of a draft together: parents, depth, and every host below each group. */
import type { DraftGroup, InventoryDraft } from './draft.ts'
import type { GroupEntry, HostEntry } from './model.ts'

/** Tells circles (and cuts them), hosts listed as groups, and names that are both. */
export function checkGroups(draft: InventoryDraft): void {
  for (const name of [...draft.groups.keys()]) {
    if (draft.hosts.has(name)) checkDoubleName(name, draft)
  }
  cutCircles(draft)
}

/** Groups without a parent become children of all, hosts without a group members of ungrouped. */
export function connectGroups(draft: InventoryDraft): Map<string, GroupEntry> {
  const { groups } = draft
  const all = draft.group('all', { file: 'inventory', line: 1, column: 1 })
  const nested = new Set([...groups.values()].flatMap(({ children }) => [...children.keys()]))
  for (const { name, position } of groups.values()) {
    if (name !== 'all' && !nested.has(name)) all.children.set(name, position)
  }
  settleUngrouped(draft)
  const parents = parentsOf(groups)
  const depths = depthsOf(groups, parents)
  return new Map([...groups.values()].map(group => [group.name, entryOf(group, { groups, parents, depths })]))
}

/** Hosts with the names of their groups, all left out. */
export function hostEntries(
  draft: InventoryDraft,
  groups: ReadonlyMap<string, GroupEntry>,
): Map<string, HostEntry> {
  const of = new Map<string, string[]>([...draft.hosts.keys()].map(name => [name, []]))
  for (const group of groups.values()) {
    if (group.name !== 'all') for (const host of group.hosts) of.get(host)?.push(group.name)
  }
  const entries = [...draft.hosts.values()].map(({ name, position }): [string, HostEntry] => [
    name,
    { name, groups: (of.get(name) ?? []).sort(), position, isImplicit: false },
  ])
  return new Map(entries)
}

/** A host without a group belongs to it, and one that has a group does not, though a source puts it there. */
function settleUngrouped(draft: InventoryDraft): void {
  const loose = draft.groups.get('ungrouped')?.hosts
  const groups = [...draft.groups.values()].filter(({ name }) => name !== 'all' && name !== 'ungrouped')
  const grouped = new Set(groups.flatMap(({ hosts }) => [...hosts]))
  for (const name of draft.hosts.keys()) {
    if (grouped.has(name)) loose?.delete(name)
    else loose?.add(name)
  }
}

function checkDoubleName(name: string, draft: InventoryDraft): void {
  const group = draft.groups.get(name)
  const host = draft.hosts.get(name)
  if (group === undefined || host === undefined) return
  const isOnlyNamed = !group.isDescribed && group.hosts.size === 0 && group.children.size === 0
  if (isOnlyNamed) {
    draft.fail('INVENTORY_CHILD_IS_HOST', `"${name}" stands below children, but it is a host`, {
      position: group.position,
      hint: 'Move it below hosts of the same group.',
    })
    return
  }
  draft.fail('INVENTORY_HOST_AND_GROUP', `"${name}" is both a host and a group; patterns mean the group`, {
    severity: 'warning',
    position: host.position,
    hint: 'Give one of them another name.',
  })
}

const DEEPEST = 200

/** Walks down from every group; a child that is still being walked closes a circle. */
function cutCircles(draft: InventoryDraft): void {
  const finished = new Set<string>()
  const walk = (group: DraftGroup, trail: readonly string[]): void => {
    const path = [...trail, group.name]
    for (const [name, position] of [...group.children]) {
      const wrong = wrongChild(name, path)
      if (wrong !== undefined) {
        group.children.delete(name)
        const hint = `Remove "${name}" from the children of "${group.name}".`
        draft.fail('INVENTORY_CYCLE', wrong, { position, hint })
        continue
      }
      const child = draft.groups.get(name)
      if (child !== undefined && !finished.has(name)) walk(child, path)
    }
    finished.add(group.name)
  }
  for (const group of draft.groups.values()) if (!finished.has(group.name)) walk(group, [])
}

function wrongChild(name: string, path: readonly string[]): string | undefined {
  const start = path.indexOf(name)
  if (start !== -1) return `Groups contain each other: ${[...path.slice(start), name].join(' > ')}`
  if (name === 'all') return 'The group all holds every other one and can stand below none'
  return path.length > DEEPEST ? `Groups are nested more than ${DEEPEST} levels deep` : undefined
}

function parentsOf(groups: ReadonlyMap<string, DraftGroup>): Map<string, string[]> {
  const parents = new Map<string, string[]>([...groups.keys()].map(name => [name, []]))
  for (const { name, children } of groups.values()) {
    for (const child of children.keys()) parents.get(child)?.push(name)
  }
  return parents
}

/** The longest way down from all. There are no circles left, so each group has one. */
function depthsOf(
  groups: ReadonlyMap<string, DraftGroup>,
  parents: ReadonlyMap<string, string[]>,
): Map<string, number> {
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    const depth = name === 'all' ? 0 : 1 + Math.max(0, ...(parents.get(name) ?? []).map(depthOf))
    depths.set(name, depth)
    return depth
  }
  for (const name of groups.keys()) depthOf(name)
  return depths
}

interface Tree {
  readonly groups: ReadonlyMap<string, DraftGroup>
  readonly parents: ReadonlyMap<string, readonly string[]>
  readonly depths: ReadonlyMap<string, number>
}

function entryOf(group: DraftGroup, { groups, parents, depths }: Tree): GroupEntry {
  const { name, position, priority } = group
  return {
    name,
    position,
    priority,
    ownHosts: [...group.hosts],
    hosts: hostsBelow(group, groups),
    children: [...group.children.keys()],
    parents: parents.get(name) ?? [],
    depth: depths.get(name) ?? 1,
  }
}

/** Own hosts first, then those of the children, level by level: the order that Ansible works in. */
function hostsBelow(group: DraftGroup, groups: ReadonlyMap<string, DraftGroup>): string[] {
  const hosts = new Set<string>()
  const seen = new Set([group.name])
  let level = [group]
  while (level.length > 0) {
    const next: DraftGroup[] = []
    for (const { hosts: own, children } of level) {
      for (const host of own) hosts.add(host)
      for (const name of children.keys()) {
        const child = groups.get(name)
        if (child === undefined || seen.has(name)) continue
        seen.add(name)
        next.push(child)
      }
    }
    level = next
  }
  return [...hosts]
}
