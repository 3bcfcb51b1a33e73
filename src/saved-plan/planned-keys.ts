/** What a plan was made by looking at, to be asked along with the first question of a deploy that keeps to it. */
import type { KeyStore } from '../engine/world.ts'
import type { Key } from '../probes/contract.ts'
import type { PlanBody } from './format.ts'
import type { PlanKey } from './plan-key.ts'

export function plannedKeys({ hosts }: PlanBody, { digest }: PlanKey): KeyStore {
  return {
    read(name) {
      const id = digest('host', name)
      const keys = new Map<string, Key[]>()
      for (const { asked } of hosts.find(host => host.id === id)?.seen ?? []) {
        if (asked === undefined) continue
        keys.set(asked.as, [...(keys.get(asked.as) ?? []), asked.key])
      }
      return keys
    },
    write: () => undefined,
  }
}
