/** Which of the listed entries `find` is asked for; everything but their contents. */
import { VpaiError } from '../../base/error.ts'
import type { FindArgs } from '../find.ts'
import type { Found } from './find-listing.ts'
import { globPattern } from './glob.ts'
import { modeBits } from './mode.ts'
import { baseName } from './paths.ts'
import { pythonPattern } from './regex.ts'

export function matchesFile(args: FindArgs, file: Found, now: number): boolean {
  const name = baseName(file.path)
  return (
    (args.hidden || !name.startsWith('.')) &&
    matchesType(args.file_type, file) &&
    matchesName(args, name) &&
    matchesAge(args, Number(file.stat[args.age_stamp]), now) &&
    matchesSize(args, Number(file.stat.size)) &&
    matchesMode(args, file.mode)
  )
}

function matchesType(type: string, { stat }: Found): boolean {
  if (type === 'directory') return stat.isdir === true
  if (type === 'link') return stat.islnk === true
  return type === 'any' || stat.isreg === true
}

function matchesName({ patterns, excludes, use_regex }: FindArgs, name: string): boolean {
  const test = (pattern: string) =>
    (use_regex ? pythonPattern(`^(?:${pattern})`) : globPattern(pattern)).test(name)
  return (patterns.length === 0 || patterns.some(test)) && !excludes.some(test)
}

const AGE_UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const SIZE_UNITS: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
}

/** Positive: at least that old. Negative: at most. */
function matchesAge({ age }: FindArgs, stamp: number, now: number): boolean {
  if (age === undefined) return true
  const wanted = measure(age, AGE_UNITS, 'age')
  return wanted >= 0 ? now - stamp >= wanted : now - stamp <= -wanted
}

function matchesSize({ size }: FindArgs, bytes: number): boolean {
  if (size === undefined) return true
  const wanted = measure(size, SIZE_UNITS, 'size')
  return wanted >= 0 ? bytes >= wanted : bytes <= -wanted
}

function measure(text: string, units: Readonly<Record<string, number>>, what: string): number {
  const match = /^(-?\d+)([a-z])?$/.exec(text.trim().toLowerCase())
  const unit = units[match?.[2] ?? Object.keys(units)[0] ?? '']
  if (match === null || unit === undefined)
    throw new VpaiError(
      'MODULE_BAD_MEASURE',
      `find: ${what} must be a number with an optional unit, not "${text}"`,
    )
  return Number(match[1]) * unit
}

function matchesMode({ mode, exact_mode }: FindArgs, bits: number): boolean {
  if (mode === undefined) return true
  const wanted = modeBits(mode, 0, false) ?? 0
  return exact_mode ? bits === wanted : (bits & wanted) !== 0
}
