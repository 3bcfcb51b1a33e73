/** Names of container images: in modules, in variables called image, in templates of compose files. */
import type { Position } from '../../base/error.ts'
import type { LintedProject, Remark, Rule } from '../contract.ts'

export const imageUnpinned: Rule = {
  id: 'image-unpinned',
  severity: 'warning',
  summary: 'a container image without a tag or digest',
  why: 'Without a tag it is latest: another program tomorrow. Name a version, or a digest.',
  check: project =>
    images(project).flatMap(({ image, position }): Remark[] =>
      image.tag === null && !image.hasDigest
        ? [
            {
              message: `the image ${image.name} has no version`,
              hint: 'Write name:version or name@sha256:….',
              position,
            },
          ]
        : [],
    ),
}

export const imageFloating: Rule = {
  id: 'image-floating',
  severity: 'warning',
  summary: 'a container image whose tag moves, such as latest',
  why: 'What a moving tag names changes without a change in the project, and a rollback cannot bring it back.',
  check: project =>
    images(project).flatMap(({ image, position }): Remark[] =>
      image.tag !== null && !image.hasDigest && FLOATING.test(image.tag)
        ? [{ message: `the tag ${image.tag} of ${image.name} moves`, hint: 'Write a version.', position }]
        : [],
    ),
}

const FLOATING =
  /^(?:latest|edge|nightly|main|master|dev|develop|stable|current|release|beta|alpha|canary|next|rolling)$/

interface Image {
  readonly name: string
  readonly tag: string | null
  readonly hasDigest: boolean
}

function images({ sources }: LintedProject): { image: Image; position: Position }[] {
  return (
    sources
      // A manifest names pins, not images.
      .filter(({ file, kind }) => kind !== 'other' && !/(?:^|\/)roles\/[^/]+\/service\.yml$/.test(file))
      .flatMap(({ file, lines }) =>
        lines.flatMap((text, index) => {
          const found = ENTRY.exec(text)
          const image = found === null ? null : imageIn(found[2] ?? '')
          if (found === null || image === null) return []
          return [{ image, position: { file, line: index + 1, column: (found[1] ?? '').length + 1 } }]
        }),
      )
  )
}

/** `image: x`, `image_redis: x`, `redis_image: "x"`; group 1 is all before the name. */
const ENTRY = /^(\s*(?:- )?["']?(?:image|[a-z0-9_]+_image|image_[a-z0-9_]+)["']?\s*:\s*["']?)([^\s"'#]+)/

/** Null for what is a template, or no name of an image (a path, a flag, a plain word in capitals). */
function imageIn(text: string): Image | null {
  if (
    /[{}%]/.test(text) ||
    !/^[a-z0-9][a-z0-9._:/@-]*$/.test(text) ||
    /^(?:true|false|yes|no|null)$/.test(text)
  )
    return null
  const [bare = '', digest] = text.split('@')
  const tag = /:([A-Za-z0-9_][\w.-]*)$/.exec(bare)?.[1] ?? null
  return { name: tag === null ? bare : bare.slice(0, -tag.length - 1), tag, hasDigest: digest !== undefined }
}
