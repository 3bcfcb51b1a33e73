/** Expressions of inventory plugins, with the filters and tests of templates and without anything that acts. */
import { Template } from '../../base/value.ts'
import type { Evaluate } from '../../inventory/plugin-inventory.ts'
import type { MaskingRegistry } from '../../secrets/registry.ts'
import { Templar } from '../../template/index.ts'

export function inventoryEvaluate(secrets: MaskingRegistry): Evaluate {
  return {
    expression: (source, scope) => new Templar({ scope, secrets }).expression(source),
    render: (value, scope) =>
      new Templar({ scope, secrets }).value(typeof value === 'string' ? new Template(value) : value),
  }
}
