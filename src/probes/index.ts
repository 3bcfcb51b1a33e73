/** All probes, and the identity of a key: two keys with the same id have the same answer. */
import { contentProbe } from './content.ts'
import type { Key, Probe, SeenByKind } from './contract.ts'
import { factsProbe } from './facts/facts.ts'
import { groupProbe } from './group.ts'
import { packageProbe } from './package.ts'
import { pathProbe } from './path.ts'
import { readProbe } from './read.ts'
import { unitProbe } from './unit.ts'
import { userProbe } from './user.ts'
import { whichProbe } from './which.ts'

type KeyOf<Kind extends Key['kind']> = Extract<Key, { kind: Kind }>

const PROBES: { readonly [Kind in Key['kind']]: Probe<KeyOf<Kind>> } = {
  content: contentProbe,
  path: pathProbe,
  package: packageProbe,
  unit: unitProbe,
  user: userProbe,
  group: groupProbe,
  facts: factsProbe,
  which: whichProbe,
  read: readProbe,
}

/** The order in which a batch asks: what reads files comes before what tells when they were read. */
export const KINDS = Object.keys(PROBES) as readonly Key['kind'][]

export function probeFor<Kind extends Key['kind']>(kind: Kind): Probe<KeyOf<Kind>> {
  return PROBES[kind]
}

export type Answer = SeenByKind[Key['kind']]

/** A probe whose keys' kind is known only at run time. */
export interface AnyProbe {
  id(key: Key): string
  script(keys: readonly Key[]): string
  parse(keys: readonly Key[], stdout: Uint8Array): readonly Answer[]
}

export function anyProbe(kind: Key['kind']): AnyProbe {
  return PROBES[kind]
}

export function keyId(key: Key): string {
  return `${key.kind}:${anyProbe(key.kind).id(key)}`
}
