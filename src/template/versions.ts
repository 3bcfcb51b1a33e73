/** Comparing versions as the `version` test does. */
import { typeError, valueError } from './errors.ts'

export interface VersionComparison {
  readonly wanted: string
  /** loose, strict, semver, semantic or pep440. */
  readonly type: string
}

/** `version` `operator` `wanted`, with operators such as '>=' and 'ge'. */
export function isVersion(version: string, operator: string, { wanted, type }: VersionComparison): boolean {
  const isSemantic = type === 'semver' || type === 'semantic'
  const sign = isSemantic
    ? compareSemantic(version, wanted)
    : type === 'strict'
      ? compareStrict(version, wanted)
      : type === 'pep440'
        ? comparePep440(version, wanted)
        : compareLoose(version, wanted)
  const holds = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  return holds ? holds(sign) : valueError(`no version operator '${operator}'`, 'one of ==, !=, <, <=, >, >=')
}

const OPERATORS: Readonly<Record<string, (sign: number) => boolean>> = {
  '==': sign => sign === 0,
  '=': sign => sign === 0,
  eq: sign => sign === 0,
  '!=': sign => sign !== 0,
  '<>': sign => sign !== 0,
  ne: sign => sign !== 0,
  '<': sign => sign < 0,
  lt: sign => sign < 0,
  '<=': sign => sign <= 0,
  le: sign => sign <= 0,
  '>': sign => sign > 0,
  gt: sign => sign > 0,
  '>=': sign => sign >= 0,
  ge: sign => sign >= 0,
}

/** Numbers and words in order; the longer one is newer. */
function compareLoose(a: string, b: string): number {
  const left = versionParts(a)
  const right = versionParts(b)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]]
    if (x === undefined) return -1
    if (y === undefined) return 1
    if (typeof x !== typeof y) typeError(`Version comparison failed: '${x}' and '${y}' cannot be ordered`)
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

function versionParts(version: string): (string | number)[] {
  const parts = version.split(/(\d+|[a-z]+)/i).filter(part => part !== '' && !/^[.\-_+]+$/.test(part))
  return parts.map(part => (/^\d+$/.test(part) ? Number(part) : part))
}

const STRICT = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/

/** Two or three numbers, and perhaps a1 or b1, which come before the version itself. */
function compareStrict(a: string, b: string): number {
  const [left, right] = [a, b].map(text => {
    const [, major, minor, patch = '0', word, number = '0'] =
      STRICT.exec(text) ?? valueError(`invalid version number '${text}'`)
    return [major, minor, patch, word === undefined ? 2 : word === 'b' ? 1 : 0, number].map(Number)
  })
  return compareNumbers(left ?? [], right ?? [])
}

const PEP440 =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:(?:-(\d+))|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+.*)?$/i

const PHASES: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1 }

/** dev releases, then a, b and rc, then the version, then its post releases. */
function comparePep440(a: string, b: string): number {
  const [left = [], right = []] = [a, b].map(text => {
    const [, epoch = '0', release = '', phase, phaseNumber, dash, post, dev, devNumber] =
      PEP440.exec(text.trim()) ?? valueError(`invalid version '${text}'`)
    const hasPost = dash !== undefined || post !== undefined
    const before =
      phase === undefined ? (dev !== undefined && !hasPost ? -1 : 3) : (PHASES[phase.toLowerCase()] ?? 2)
    const numbers = release.split('.').map(Number)
    const padded = Array.from({ length: 8 }, (_, i) => numbers[i] ?? 0)
    return [
      Number(epoch),
      ...padded,
      before,
      Number(phaseNumber || 0),
      hasPost ? Number(dash ?? (post || 0)) : -1,
      dev === undefined ? Number.POSITIVE_INFINITY : Number(devNumber || 0),
    ]
  })
  return compareNumbers(left, right)
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((number, i) => number !== right[i])
  return at === -1 ? 0 : (left[at] ?? 0) < (right[at] ?? 0) ? -1 : 1
}

const SEMANTIC = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

function compareSemantic(a: string, b: string): number {
  const left = SEMANTIC.exec(a) ?? valueError(`invalid semantic version '${a}'`)
  const right = SEMANTIC.exec(b) ?? valueError(`invalid semantic version '${b}'`)
  for (let i = 1; i <= 3; i++) {
    const difference = Number(left[i]) - Number(right[i])
    if (difference !== 0) return difference
  }
  return comparePrereleases(left[4], right[4])
}

/** A version without one is newer than any of its pre-releases. */
function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const sign = compareIdentifiers(left[i], right[i])
    if (sign !== 0) return sign
  }
  return 0
}

/** Numbers come before words; fewer identifiers before more. */
function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return -1
  if (b === undefined) return 1
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumberA && isNumberB) return Number(a) - Number(b)
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1
  return a < b ? -1 : 1
}
