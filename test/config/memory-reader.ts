import type { ProjectReader } from '../../src/config/reader.ts'

/** A project held in memory: paths and texts. */
export function memoryReader(files: Readonly<Record<string, string>>): ProjectReader {
  const clean = (path: string) => path.replace(/^\.\//, '').replace(/\/$/, '')
  const below = (dir: string) => {
    const prefix = clean(dir) === '.' || clean(dir) === '' ? '' : `${clean(dir)}/`
    const inside = Object.keys(files).filter(name => name.startsWith(prefix))
    return [...new Set(inside.map(name => name.slice(prefix.length).split('/')[0]!))].sort()
  }
  return {
    read: path => files[clean(path)] ?? null,
    list: dir => (below(dir).length === 0 ? null : below(dir)),
    isFile: path => Object.hasOwn(files, clean(path)),
    isDirectory: path => !Object.hasOwn(files, clean(path)) && below(path).length > 0,
  }
}
