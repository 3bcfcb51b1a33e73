import type { ProjectReader } from '../config/reader.ts'

/** The reader, with each path it is asked for told before. */
export function watchedReader(reader: ProjectReader, tell: (path: string) => void): ProjectReader {
  const told =
    <T>(ask: (path: string) => T) =>
    (path: string) => {
      tell(path)
      return ask(path)
    }
  return {
    read: told(reader.read),
    list: told(reader.list),
    isFile: told(reader.isFile),
    isDirectory: told(reader.isDirectory),
  }
}
