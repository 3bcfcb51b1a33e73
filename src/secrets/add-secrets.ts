import { Secret } from '../base/secret.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import { isDict, type Value } from '../base/value.ts'

/** Makes every Secret inside a value known, so that no sink shows it. */
export function addSecrets(value: Value, registry: SecretRegistry): void {
  if (value instanceof Secret) registry.add(value)
  else if (Array.isArray(value)) for (const item of value) addSecrets(item as Value, registry)
  else if (value instanceof Map) for (const item of value.values()) addSecrets(item as Value, registry)
  else if (isDict(value)) for (const item of Object.values(value)) addSecrets(item, registry)
}
