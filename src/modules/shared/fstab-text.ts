/** Lines of a file like /etc/fstab (fstab(5)). Lines that are not touched stay byte for byte. */

export interface FstabEntry {
  readonly src: string
  /** Where it is mounted; `none` for swap. */
  readonly name: string
  readonly fstype: string
  readonly opts: string
  readonly dump: string
  readonly passno: string
}

/** null for comments, empty lines and what has too few fields. */
export function parseFstabLine(line: string): FstabEntry | null {
  if (line.trim() === '' || line.trimStart().startsWith('#')) return null
  const [src, name, fstype, opts, dump = '0', passno = '0'] = line.trim().split(/\s+/).map(fromOctal)
  if (src === undefined || name === undefined || fstype === undefined || opts === undefined) return null
  return { src, name, fstype, opts, dump, passno }
}

export function fstabLine({ src, name, fstype, opts, dump, passno }: FstabEntry): string {
  return [src, name, fstype, opts].map(toOctal).concat(dump, passno).join(' ')
}

/** Puts the entry in the place of the one it replaces, or at the end. Swap has no path: there the source tells which. */
export function withEntry(text: string, entry: FstabEntry): string {
  const lines = linesOf(text)
  const isMine = matcher(entry)
  if (!lines.some(isMine)) return joined([...lines, fstabLine(entry)])
  return joined(lines.map(line => (isMine(line) && !isSame(line, entry) ? fstabLine(entry) : line)))
}

export function withoutEntry(text: string, entry: EntryName): string {
  const isMine = matcher(entry)
  return joined(linesOf(text).filter(line => !isMine(line)))
}

export function findEntry(text: string, entry: EntryName): FstabEntry | null {
  const line = linesOf(text).find(matcher(entry))
  return line === undefined ? null : parseFstabLine(line)
}

/** The octal escapes of fstab and /proc/self/mountinfo. */
export function fromOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  )
}

interface EntryName {
  readonly name: string
  readonly src?: string | undefined
}

function matcher({ name, src }: EntryName): (line: string) => boolean {
  return line => {
    const found = parseFstabLine(line)
    if (found === null || found.name !== name) return false
    return !(found.name === 'none' && found.fstype === 'swap' && src !== undefined && found.src !== src)
  }
}

function isSame(line: string, entry: FstabEntry): boolean {
  const found = parseFstabLine(line)
  return found !== null && fstabLine(found) === fstabLine(entry)
}

function toOctal(field: string): string {
  return field.replace(/[ \t\n\\]/g, char => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

const joined = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)
