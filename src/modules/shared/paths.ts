/** POSIX paths as text; nothing is looked at. */

/** /a/b/ and /a/b give /a; /a gives /. */
export function directoryOf(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  const slash = trimmed.lastIndexOf('/')
  return slash <= 0 ? '/' : trimmed.slice(0, slash)
}

export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

export function join(directory: string, name: string): string {
  return name === '' ? directory : `${directory.replace(/\/+$/, '')}/${name}`
}

/** What a link's target means: relative ones start at the link's directory. */
export function resolveFrom(directory: string, target: string): string {
  return target.startsWith('/') ? target : join(directory, target)
}
