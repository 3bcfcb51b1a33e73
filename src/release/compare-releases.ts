/** What is different between two releases of one host. */
import type { Manifest, ReleasedFile, ReleasedImage } from './manifest.ts'

/** `from` null: it came; `to` null: it went. */
export interface Difference<Item> {
  readonly from: Item | null
  readonly to: Item | null
}

export interface ReleaseDifference {
  readonly files: readonly (Difference<ReleasedFile> & { readonly path: string })[]
  readonly images: readonly (Difference<ReleasedImage> & {
    readonly project: string
    readonly service: string
  })[]
}

export function compareReleases(from: Manifest | null, to: Manifest | null): ReleaseDifference {
  const files = pairs(there(from), there(to), ({ path }) => path)
  const images = pairs(services(from), services(to), serviceOf)
  return {
    files: files
      .filter(({ from, to }) => from === null || to === null || !isSameFile(from, to))
      .map(one => ({ path: one.key, ...one })),
    images: images
      .filter(({ from, to }) => from?.id !== to?.id || from?.reference !== to?.reference)
      .map(({ from, to }) => {
        const { project, service } = (to ?? from) as ReleasedImage
        return { project, service, from, to }
      }),
  }
}

function there(manifest: Manifest | null): readonly ReleasedFile[] {
  return manifest?.files.filter(({ type }) => type !== 'absent') ?? []
}

/** Of several containers of a service the first: they run one image. */
function services(manifest: Manifest | null): readonly ReleasedImage[] {
  const seen = new Map<string, ReleasedImage>()
  for (const image of manifest?.images ?? [])
    if (!seen.has(serviceOf(image))) seen.set(serviceOf(image), image)
  return [...seen.values()]
}

export function serviceOf({ project, service }: Pick<ReleasedImage, 'project' | 'service'>): string {
  return `${project}/${service}`
}

function pairs<Item>(
  from: readonly Item[],
  to: readonly Item[],
  keyOf: (item: Item) => string,
): readonly (Difference<Item> & { readonly key: string })[] {
  const olds = new Map(from.map(item => [keyOf(item), item]))
  const news = new Map(to.map(item => [keyOf(item), item]))
  const keys = [...new Set([...olds.keys(), ...news.keys()])].sort()
  return keys.map(key => ({ key, from: olds.get(key) ?? null, to: news.get(key) ?? null }))
}

export function isSameFile(left: FoundLike, right: FoundLike): boolean {
  if (left.type !== 'file' || right.type !== 'file') return describeFile(left) === describeFile(right)
  return left.sha256 === right.sha256 && describeFile(left) === describeFile(right)
}

type FoundLike = DistributiveOmit<ReleasedFile, 'path' | 'notifies' | 'isNew'>
type DistributiveOmit<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never

/** As people read it: `0644 root:root 4f2a51c07b9e`. */
export function describeFile(file: FoundLike): string {
  switch (file.type) {
    case 'absent':
      return 'absent'
    case 'other':
      return 'of another kind'
    case 'link':
      return `link to ${file.target} ${file.owner}:${file.group}`
    case 'directory':
      return `folder ${file.mode.padStart(4, '0')} ${file.owner}:${file.group}`
    case 'file':
      return `${file.mode.padStart(4, '0')} ${file.owner}:${file.group} ${file.sha256.slice(0, 12)}`
  }
}
