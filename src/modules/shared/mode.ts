/** Permission bits as Ansible takes them: octal text, numbers, and symbolic clauses such as u=rwX,g+s. */
import { z } from 'zod'

/** Bits, `preserve` (of the source file), or clauses that depend on what is there. */
export type Mode = number | 'preserve' | { readonly symbolic: string }

/** A number is the bits themselves: YAML has already read 0644 as octal. */
export const mode = () =>
  z.preprocess(
    readMode,
    z.custom<Mode>(
      value => typeof value !== 'string' || value === 'preserve',
      'must be octal ("0644") or symbolic ("u=rw,g=r") permissions',
    ),
  )

/** The four octal digits Ansible shows. */
export function modeText(bits: number): string {
  return `0${bits.toString(8).padStart(3, '0')}`
}

/** `current` null: the thing does not exist yet, clauses then start from what the umask 022 leaves. */
export function modeBits(wanted: Mode, current: number | null, isDirectory: boolean): number | undefined {
  if (wanted === 'preserve') return undefined
  if (typeof wanted === 'number') return wanted
  const start = current ?? (isDirectory ? 0o755 : 0o644)
  return wanted.symbolic.split(',').reduce((bits, clause) => applyClause(clause, bits, isDirectory), start)
}

function readMode(value: unknown): unknown {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value <= 0o7777 ? value : 'no mode'
  if (typeof value !== 'string') return value === undefined ? undefined : 'no mode'
  const text = value.trim()
  if (/^(0o)?[0-7]{1,5}$/.test(text)) {
    const bits = Number.parseInt(text.replace(/^0o/, ''), 8)
    return bits <= 0o7777 ? bits : 'no mode'
  }
  if (text === 'preserve') return text
  return text.split(',').every(clause => CLAUSE.test(clause)) ? { symbolic: text } : 'no mode'
}

const CLAUSE = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/

const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 }

function applyClause(clause: string, before: number, isDirectory: boolean): number {
  const [, who = '', operations = ''] = CLAUSE.exec(clause) ?? []
  const classes = who === '' || who.includes('a') ? ['u', 'g', 'o'] : [...who]
  // Without a class letter chmod leaves out what the umask forbids.
  const allowed = who === '' ? ~0o022 : ~0
  let bits = before
  for (const [, operator = '', letters = ''] of operations.matchAll(/([-+=])([rwxXst]*|[ugo])(?=[-+=]|$)/g)) {
    const added = wantedBits(letters, classes, { bits, isDirectory }) & allowed
    if (operator === '+') bits |= added
    else if (operator === '-') bits &= ~added
    else bits = (bits & ~classMask(classes, isDirectory)) | added
  }
  return bits
}

/** What `=` clears. Like GNU chmod, a directory keeps setuid and setgid unless they are named. */
function classMask(classes: readonly string[], isDirectory: boolean): number {
  let mask = 0
  for (const name of classes) mask |= 0o7 << (SHIFTS[name] ?? 0)
  if (!isDirectory && classes.includes('u')) mask |= 0o4000
  if (!isDirectory && classes.includes('g')) mask |= 0o2000
  if (classes.includes('o')) mask |= 0o1000
  return mask
}

function wantedBits(
  letters: string,
  classes: readonly string[],
  { bits, isDirectory }: { readonly bits: number; readonly isDirectory: boolean },
): number {
  let wanted = 0
  for (const name of classes) {
    const shift = SHIFTS[name] ?? 0
    for (const letter of letters) {
      if (letter in SHIFTS) wanted |= ((bits >> (SHIFTS[letter] ?? 0)) & 0o7) << shift
      else if (letter === 'r') wanted |= 0o4 << shift
      else if (letter === 'w') wanted |= 0o2 << shift
      else if (letter === 'x') wanted |= 0o1 << shift
      else if (letter === 'X') wanted |= isDirectory || (bits & 0o111) !== 0 ? 0o1 << shift : 0
      else if (letter === 's') wanted |= name === 'u' ? 0o4000 : name === 'g' ? 0o2000 : 0
      else if (letter === 't' && name === 'o') wanted |= 0o1000
    }
  }
  return wanted
}
