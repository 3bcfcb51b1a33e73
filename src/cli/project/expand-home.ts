/** `~/x` below the home folder; anything else as it is. */
export function expandHome(file: string, home: string): string {
  return file === '~' || file.startsWith('~/') ? `${home}${file.slice(1)}` : file
}
