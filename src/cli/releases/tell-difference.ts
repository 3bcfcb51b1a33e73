/** What differs between two states of a host, for people and as JSON. */
import { describeFile, type ReleaseDifference } from '../../release/compare-releases.ts'
import { diffTexts, isShown } from '../../release/diff-texts.ts'
import type { FoundFile } from '../../release/facts.ts'
import type { WantedTexts } from './read-releases.ts'

export type Texts = ReadonlyMap<string, string>
type Pair = { readonly path: string; readonly from: FoundFile | null; readonly to: FoundFile | null }

/** Contents that a diff of these needs. `nowIs`: which side is the host as it is. */
export function wantedTexts(pairs: readonly Pair[], nowIs: 'from' | 'neither' = 'neither'): WantedTexts {
  const shown = pairs.filter(
    ({ from, to }) => isShown(from) && isShown(to) && contentOf(from) !== contentOf(to),
  )
  const kept = shown.flatMap(({ from, to }) => [
    ...(nowIs === 'from' ? [] : [contentOf(from)]),
    contentOf(to),
  ])
  return {
    digests: [...new Set(kept.filter(one => one !== null))],
    paths:
      nowIs === 'neither' ? [] : shown.filter(({ from }) => from?.type === 'file').map(({ path }) => path),
  }
}

/** The diff of one of them; null: it is not to be shown, no text, or the same. */
export function textDiff(
  { path, from, to }: Pair,
  texts: Texts,
  nowIs: 'from' | 'neither' = 'neither',
): string | null {
  if (!isShown(from) || !isShown(to) || contentOf(from) === contentOf(to)) return null
  const before = from?.type === 'file' ? texts.get(nowIs === 'from' ? path : from.sha256) : null
  const after = to?.type === 'file' ? texts.get(to.sha256) : null
  return before === undefined || after === undefined ? null : diffTexts(path, before, after)
}

function contentOf(file: FoundFile | null): string | null {
  return file?.type === 'file' ? file.sha256 : null
}

export function pairLines(pair: Pair, diff: string | null): readonly string[] {
  const { path, from, to } = pair
  const head =
    from === null || from.type === 'absent'
      ? `+ ${path}  ${describeFile(to ?? { type: 'absent' })}`
      : to === null || to.type === 'absent'
        ? `- ${path}`
        : `~ ${path}  ${describeFile(from)} → ${describeFile(to)}`
  return [
    `  ${head}`,
    ...(diff === null
      ? []
      : diff
          .trimEnd()
          .split('\n')
          .map(line => `      ${line}`)),
  ]
}

export function imageLines(images: ReleaseDifference['images']): readonly string[] {
  return images.map(({ project, service, from, to }) => {
    const text = (image: typeof from) => (image === null ? 'none' : `${image.reference} ${shortId(image.id)}`)
    return `  ~ image of ${project}/${service}  ${text(from)} → ${text(to)}`
  })
}

export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12)
}
