/** The one place that quotes for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** argv to one POSIX shell line. */
export function quoteAll(argv: readonly string[]): string {
  return argv.map(quote).join(' ')
}
