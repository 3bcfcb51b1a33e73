/**
 * A release on a host (decision 11): one file, `releases/<number>/manifest`. Two lines of JSON, written by the
 * controller: what the release is, and what was declared. The lines below, fields parted by tabs, are what the host
 * found there: files with the sha256 their copies are kept under, links, folders, images, and how the system was.
 */
import { z } from 'zod'
import { VpaiError } from '../base/error.ts'
import { type FoundFile, readFacts } from './facts.ts'
import { parseState, type SystemState } from './system-state.ts'

const FORMAT = 1

const list = z.array(z.string())

const headerSchema = z.object({
  format: z.number(),
  number: z.int().min(1),
  /** Id of the run that made it, and its fencing number on this host. */
  run: z.string(),
  lease: z.int(),
  project: z.string(),
  env: z.string(),
  /** As people read it, UTC. */
  when: z.string(),
  by: z.string(),
  vpai: z.string(),
  /** sha256 of what was read of the inventory, and of the encrypted secrets file; null: there is none. */
  inventory: z.string().nullable(),
  secrets: z.string().nullable(),
  /** The release that was gone back to; null: it was deployed. */
  rollbackOf: z.int().nullable(),
  /** The data of the release before, kept before anything was changed for this one; null: there is none. */
  snapshot: z.string().nullable().default(null),
  /** Only a part of the project was run: the rest is as the release before it says. */
  isPart: z.boolean(),
})

const declaredSchema = z.object({
  files: z.array(z.object({ path: z.string(), notifies: list, isNew: z.boolean() })),
  compose: z.array(z.object({ project: z.string(), directory: z.string(), files: list })),
  containers: list,
  units: list,
  /** Those of `units` that are not the system's own. */
  userUnits: list.default([]),
  packages: list.default([]),
})

export type Header = z.infer<typeof headerSchema>

/** What the host has because tasks say so; for each list the order of the lines below. */
export type DeclaredLists = z.infer<typeof declaredSchema>

export type ReleasedFile = FoundFile & {
  readonly path: string
  /** Handlers that are due when it changes. */
  readonly notifies: readonly string[]
  /** It was not there before the run of this release. */
  readonly isNew: boolean
}

export interface ReleasedImage {
  readonly project: string
  readonly service: string
  readonly container: string
  /** Of the container, when the release was made. */
  readonly state: string
  /** As the compose file names it. */
  readonly reference: string
  readonly id: string
  /** What registries call it. */
  readonly digests: readonly string[]
}

export type Manifest = Header &
  Omit<DeclaredLists, 'files'> & {
    readonly files: readonly ReleasedFile[]
    readonly images: readonly ReleasedImage[]
    /** null: made before releases had it. */
    readonly state: SystemState | null
  }

/** The first two lines. */
export function manifestHead(header: Omit<Header, 'format'>, declared: DeclaredLists): string {
  return `${JSON.stringify({ format: FORMAT, ...header })}\n${JSON.stringify(declared)}`
}

/** null: it cannot be read, so there is no such release. Throws RELEASE_FORMAT for one that a newer vpai wrote. */
export function parseManifest(text: string): Manifest | null {
  const [first = '', second = '', ...rest] = text.split('\n')
  const header = headerSchema.safeParse(knownFormat(jsonOf(first)))
  const declared = declaredSchema.safeParse(jsonOf(second))
  if (!header.success || !declared.success) return null
  const found = rest.join('\n')
  const facts = readFacts(found)
  const files = declared.data.files.map((file, index): ReleasedFile => {
    const there = facts.files.get(index) ?? { type: 'absent' }
    return { ...there, ...file }
  })
  const images = facts.images.map(image => ({ ...image, digests: facts.digests.get(image.id) ?? [] }))
  return { ...header.data, ...declared.data, files, images, state: parseState(found) }
}

function knownFormat(data: unknown): unknown {
  if (typeof data === 'object' && data !== null && 'format' in data && Number(data.format) > FORMAT)
    throw new VpaiError('RELEASE_FORMAT', 'a release on the host was made by a newer vpai', {
      hint: 'Take that version for history, diff and rollback.',
    })
  return data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
