/** Names of images: `registry:5000/app:1`, with the tag apart; ids and digests have none. */

export interface ImageName {
  /** What docker is asked for: with its tag, or an id or digest as it is. */
  readonly whole: string
  /** Without the tag. */
  readonly repository: string
  readonly isId: boolean
}

/** A tag in the name wins over `tag`. */
export function imageName(name: string, tag: string): ImageName {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(name)) return { whole: name, repository: name, isId: true }
  if (name.includes('@')) return { whole: name, repository: name.split('@')[0] ?? name, isId: false }
  const own = /:([\w][\w.-]*)$/.exec(name)
  if (own === null)
    return {
      whole: tag.startsWith('sha256:') ? `${name}@${tag}` : `${name}:${tag}`,
      repository: name,
      isId: false,
    }
  return { whole: name, repository: name.slice(0, own.index), isId: false }
}
