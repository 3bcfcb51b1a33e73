/** Inventories from text, for the tests of this room. */
import type { Position } from '../../src/base/error.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import type { BuiltInventory, InventorySource, VarsFile } from '../../src/inventory/model.ts'

export function text(source: string, file = 'hosts.yml'): InventorySource {
  return { kind: 'text', file, text: source }
}

export function build(
  source: string,
  file = 'hosts.yml',
  varsFiles: readonly VarsFile[] = [],
): BuiltInventory {
  return buildInventory({ sources: [text(source, file)], varsFiles })
}

export function groupVars(name: string, source: string, near: VarsFile['near'] = 'inventory'): VarsFile {
  return { of: 'group', near, name, file: `${near}/group_vars/${name}.yml`, text: source }
}

export function hostVars(name: string, source: string, near: VarsFile['near'] = 'inventory'): VarsFile {
  return { of: 'host', near, name, file: `${near}/host_vars/${name}.yml`, text: source }
}

export function at(line: number, column: number, file = 'hosts.yml'): Position {
  return { file, line, column }
}

export function codes({ problems }: BuiltInventory): string[] {
  return problems.map(({ code }) => code)
}
