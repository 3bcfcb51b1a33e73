import { pythonPattern } from './regex.ts'

/** Python's fnmatch: a star takes slashes and dots as well. */
export function globPattern(glob: string): RegExp {
  const body = glob.replace(/\[!?\]?[^\]]*\]|[\s\S]/g, part => {
    if (part === '*') return '[\\s\\S]*'
    if (part === '?') return '[\\s\\S]'
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    return part.replace(/[.*+?^${}()|[\]\\]/, '\\$&')
  })
  return pythonPattern(`^${body}\\Z`)
}
