/** A service as its manifest says it: what checks look at, and what templates see of it. */
import type { Position } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import type { Manifest, WrittenService } from './manifest-schema.ts'

/** Templates in it are the texts they are written as. */
export interface Service extends WrittenService {
  readonly name: string
  /** The role whose file it stands in. */
  readonly role: string
  /** Of the value at a path below the service; of the nearest that is there. */
  readonly positionOf: (...path: readonly (string | number)[]) => Position
  /** An item of vpai_services: its templates are rendered when somebody looks at them. */
  readonly value: Dict
}

export interface RoleManifest {
  readonly networks: Manifest['networks']
  readonly services: readonly Service[]
}

export const NO_MANIFEST: RoleManifest = { networks: {}, services: [] }

/** Made by role docker; every play may count on them. */
export const SHARED_NETWORKS = {
  frontend: { internal: false },
  backend: { internal: true },
  monitoring: { internal: true },
  egress: { internal: false },
  sandbox: { internal: true },
} as const

/** What `image` of a service says: x for the variable image_x. */
export const PIN = /^[a-z][a-z0-9_]*$/

export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && /\{\{|\{%/.test(value)
}
