export const ONE_LINE = 'must be one line: programs read a passphrase up to the end of its line'

/** Passphrases are read from files and pipes, line by line. */
export function isOneLine(text: string | undefined): boolean {
  return text === undefined || !/[\r\n]/.test(text)
}
