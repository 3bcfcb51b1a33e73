/** What going back to a release means on one host, as data: decided from manifests and from what is there now. */
import { isSameFile, serviceOf } from './compare-releases.ts'
import type { Facts, FoundFile } from './facts.ts'
import { stateAt } from './history.ts'
import type { Manifest, ReleasedFile, ReleasedImage } from './manifest.ts'
import type { HostReleases } from './read-script.ts'

export interface Rollback {
  readonly target: Manifest
  /** Put back as the release has them: folders first. */
  readonly restore: readonly { readonly file: ReleasedFile; readonly now: FoundFile }[]
  /** They came with newer releases: what is inside a folder comes before it. */
  readonly remove: readonly {
    readonly path: string
    readonly now: FoundFile
    readonly notifies: readonly string[]
  }[]
  /** They came with newer releases, and end before their files go. */
  readonly down: readonly Manifest['compose'][number][]
  /** Compose projects of the release, each with what its services go back to. */
  readonly compose: readonly ComposeBack[]
  /** What cannot be gone back to, for people. */
  readonly left: readonly string[]
}

export interface ComposeBack {
  readonly project: Manifest['compose'][number]
  /** null: all of them. */
  readonly services: readonly string[] | null
  /** Names to be given back to the images of the release: a container runs another, or the name means another. */
  readonly images: readonly (ReleasedImage & { readonly now: string | null })[]
  /** Containers that ran well when the release was made. */
  readonly healthy: readonly string[]
}

export interface Wanted {
  readonly number: number
  /** Only these services of compose, and the files below the folders of their projects. */
  readonly services: readonly string[]
}

/** Paths whose state now has to be known for `rollbackOf`, in the order of its facts. */
export function pathsToLook(host: HostReleases, number: number): readonly string[] {
  const target = stateAt(host, number)
  const newer = newerThan(host, number)
  const paths = [target, ...newer].flatMap(manifest => manifest?.files.map(({ path }) => path) ?? [])
  return [...new Set(paths)]
}

/** Copies that are needed, should they differ. */
export function copiesToLook(host: HostReleases, number: number): readonly string[] {
  const files = stateAt(host, number)?.files ?? []
  return [...new Set(files.flatMap(file => (file.type === 'file' && file.isKept ? [file.sha256] : [])))]
}

/** null: the host has no such release. */
export function rollbackOf(host: HostReleases, facts: Facts, { number, services }: Wanted): Rollback | null {
  const target = stateAt(host, number)
  if (target === null) return null
  const nows = new Map(
    pathsToLook(host, number).map((path, index) => [path, facts.files.get(index) ?? ABSENT]),
  )
  const compose = composeBacks(target, facts, services)
  const folders = compose.map(({ project }) => `${project.directory.replace(/\/$/, '')}/`)
  const isMeant = (path: string) => services.length === 0 || folders.some(folder => path.startsWith(folder))
  const nowOf = (path: string) => nows.get(path) ?? ABSENT
  const differing = target.files
    .filter(({ path }) => isMeant(path))
    .map(file => ({ file, now: nowOf(file.path) }))
    .filter(({ file, now }) => !isSameFile(file, now))
  const restore = differing.filter(one => obstacle(one, facts) === null)
  const newer = services.length > 0 ? [] : newerThan(host, number)
  const isKnown = new Set(target.files.map(({ path }) => path))
  const came = newFiles(newer, isKnown).map(file => ({ ...file, now: nowOf(file.path) }))
  return {
    target,
    restore: restore.sort((left, right) => rank(left.file) - rank(right.file)),
    remove: came.filter(isRemovable).sort((left, right) => (left.path < right.path ? 1 : -1)),
    down: newComposes(newer, target),
    compose,
    left: [
      ...differing.flatMap(one => obstacle(one, facts) ?? []),
      ...came
        .filter(one => one.now.type !== 'absent' && !isRemovable(one))
        .map(({ path, isNew }) =>
          isNew
            ? `${path} is no plain path: it stays`
            : `${path} was there before a release had it: it stays as it is`,
        ),
    ],
  }
}

export function isNothing({ restore, remove, down, compose }: Rollback): boolean {
  const images = compose.flatMap(one => one.images)
  return restore.length + remove.length + down.length + images.length === 0
}

/** Nothing is removed by a path that may lead elsewhere than it says. */
function isRemovable({ path, isNew, now }: NewFile & { readonly now: FoundFile }): boolean {
  return isNew && now.type !== 'absent' && !path.split('/').includes('..')
}

const ABSENT: FoundFile = { type: 'absent' }

function newerThan({ releases, failed }: HostReleases, number: number): readonly Manifest[] {
  return [...releases.filter(release => release.number > number), ...failed]
}

/** Why it cannot be put back; null: it can. */
function obstacle({ file, now }: Rollback['restore'][number], { damaged }: Facts): string | null {
  const stays = (why: string) => `${file.path} ${why}: it stays as it is`
  if (file.type === 'other') return stays('was neither file, folder nor link')
  if (file.type === 'absent') return stays('was not there when the release was made')
  if (now.type === 'other') return stays('is neither file, folder nor link now')
  if (now.type === 'directory' && file.type !== 'directory') return stays('is a folder now')
  if (file.type !== 'file' || (now.type === 'file' && now.sha256 === file.sha256)) return null
  if (!file.isKept) return stays('was too large to be kept')
  return damaged.has(file.sha256) ? stays('was kept, but the copy is damaged') : null
}

function rank({ type }: ReleasedFile): number {
  return type === 'directory' ? 0 : 1
}

interface NewFile {
  readonly path: string
  readonly isNew: boolean
  readonly notifies: readonly string[]
}

/** New is what any newer release made: later ones found it there. */
function newFiles(newer: readonly Manifest[], isKnown: ReadonlySet<string>): readonly NewFile[] {
  const found = new Map<string, NewFile>()
  for (const { path, isNew, notifies } of newer.flatMap(({ files }) => files))
    if (!isKnown.has(path))
      found.set(path, { path, notifies, isNew: isNew || found.get(path)?.isNew === true })
  return [...found.values()]
}

function newComposes(newer: readonly Manifest[], target: Manifest): readonly Manifest['compose'][number][] {
  const known = new Set(target.compose.map(({ project }) => project))
  const came = newer.flatMap(({ compose }) => compose).filter(({ project }) => !known.has(project))
  return [...new Map(came.map(one => [one.project, one])).values()]
}

function composeBacks(target: Manifest, facts: Facts, services: readonly string[]): readonly ComposeBack[] {
  const nows = new Map(facts.images.map(image => [serviceOf(image), image.id]))
  return target.compose.flatMap(project => {
    const own = target.images.filter(
      image =>
        image.project === project.project && (services.length === 0 || services.includes(image.service)),
    )
    if (services.length > 0 && own.length === 0) return []
    const images = [...new Map(own.map(image => [image.service, image])).values()]
      .map(image => ({ ...image, now: nows.get(serviceOf(image)) ?? null }))
      .filter(({ now, id, reference }) => now !== id || (facts.named.get(reference) ?? id) !== id)
    return [
      {
        project,
        services: services.length === 0 ? null : [...new Set(own.map(image => image.service))],
        images,
        healthy: own
          .filter(({ state }) => state === 'healthy' || state === 'running')
          .map(({ container }) => container),
      },
    ]
  })
}
