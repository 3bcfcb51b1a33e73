/**
 * How the loader sees the project's files. Paths are POSIX, relative to the project or absolute; what
 * cannot be read is not there. Synchronous: loading is one pass over small files before a run begins.
 */
export interface ProjectReader {
  /** Text of a file; null when there is none. */
  read(path: string): string | null
  /** Names in a directory, sorted, without . and ..; null when it is no directory. */
  list(dir: string): string[] | null
  isFile(path: string): boolean
  isDirectory(path: string): boolean
}
