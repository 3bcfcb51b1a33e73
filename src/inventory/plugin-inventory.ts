/** Inventory files with `plugin:`: those that only compute, `constructed` and `generator`. */
import type { Position } from '../base/error.ts'
import type { Dict, Value } from '../base/value.ts'
import { constructGroups } from './constructed.ts'
import type { InventoryDraft } from './draft.ts'
import { generateHosts } from './generator.ts'
import type { Scope } from './precedence.ts'

/** Renders with the variables of a scope. Both throw what templates throw. */
export interface Evaluate {
  /** The value of an expression without braces. */
  expression(source: string, scope: Pick<Scope, 'get' | 'names'>): Value
  /** A text with templates in it. */
  render(value: Value, scope: Pick<Scope, 'get' | 'names'>): Value
}

export interface PluginContext {
  readonly draft: InventoryDraft
  readonly evaluate: Evaluate
  /** What a host knows by now; `withFiles`: group_vars and host_vars too. */
  readonly scopeOf: (host: string, withFiles: boolean) => Scope
  readonly extraVars: Dict
  /** Place of the file, for what is made of it. */
  readonly position: Position
}

const PLUGINS: Readonly<Record<string, (config: Dict, context: PluginContext) => void>> = {
  constructed: constructGroups,
  generator: generateHosts,
}

/** False: no such plugin here. */
export function runPlugin(name: string, config: Dict, context: PluginContext): boolean {
  const plugin = PLUGINS[name.replace(/^ansible\.(?:builtin|legacy)\./, '')]
  plugin?.(config, context)
  return plugin !== undefined
}
