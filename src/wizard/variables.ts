/** Every variable the wizard knows, in the order it asks for them. */
import type { Context, System, Variable } from './variable.ts'
import { atlasVariables } from './variables/atlas.ts'
import { homelabVariables } from './variables/homelab.ts'
import { accessVariables, hostVariables } from './variables/hosts.ts'
import { limitVariables } from './variables/limits.ts'
import { notificationVariables } from './variables/notifications.ts'
import { projectVariables } from './variables/project.ts'
import { externalKeys, internalSecrets } from './variables/secrets.ts'
import { serviceVariables, storageVariables } from './variables/storage.ts'
import { vpnVariables } from './variables/vpn.ts'

export const VARIABLES: readonly Variable[] = [
  ...projectVariables,
  ...hostVariables,
  ...serviceVariables,
  ...limitVariables,
  ...vpnVariables,
  ...notificationVariables,
  ...externalKeys,
  ...storageVariables,
  ...internalSecrets,
  ...atlasVariables,
  ...homelabVariables,
  ...accessVariables,
]

export function variablesOf(systems: readonly System[]): readonly Variable[] {
  return VARIABLES.filter(variable => variable.systems.some(system => systems.includes(system)))
}

/** Does it count, given the other answers? */
export function applies(variable: Variable, context: Context): boolean {
  return variable.when?.(context) ?? true
}

export function isRequired(variable: Variable, context: Context): boolean {
  return typeof variable.required === 'function' ? variable.required(context) : variable.required === true
}
