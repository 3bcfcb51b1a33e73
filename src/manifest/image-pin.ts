/** Whether the name of an image says one image and no other: a version or a digest, no tag that moves. */
export type Pin = 'pinned' | 'floating' | 'unversioned'

export function imagePin(reference: string): Pin {
  if (/@sha256:[0-9a-f]{64}$/.test(reference)) return 'pinned'
  const tag = /:([A-Za-z0-9_][\w.-]*)$/.exec(reference)?.[1]
  if (tag === undefined) return 'unversioned'
  return FLOATING.test(tag) || !/\d/.test(tag) ? 'floating' : 'pinned'
}

/** Also a bare major version: `postgres:18` is another image after each of its releases. */
const FLOATING =
  /^(?:latest|edge|nightly|main|master|dev|develop|stable|current|release|beta|alpha|canary|next|rolling|v?\d+)(?:-(?:alpine|slim|bookworm|trixie|bullseye|bookworm-slim|trixie-slim))?$/
