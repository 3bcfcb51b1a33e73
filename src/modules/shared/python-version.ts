/** Versions and requirements of Python packages, as far as pip's own list can answer them (PEP 440, PEP 508). */

export interface Requirement {
  /** As written, for pip. */
  readonly word: string
  /** Normalised; null for addresses and paths, which say their name to nobody but pip. */
  readonly name: string | null
  /** Conditions such as ">=1.2"; empty: any version. */
  readonly conditions: readonly string[]
}

export function parseRequirement(word: string, version?: string): Requirement {
  const match =
    /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*((?:(?:===|~=|==|!=|<=|>=|<|>)[^;]*)?)(;.*)?$/.exec(
      word.trim(),
    )
  if (match === null) return { word, name: null, conditions: [] }
  const [, name = '', own = ''] = match
  const given = version === undefined ? own : /^[<>=!~]/.test(version) ? version : `==${version}`
  const conditions = given
    .split(',')
    .map(one => one.replace(/\s+/g, ''))
    .filter(one => one !== '')
  const full = version === undefined ? word.trim() : `${word.trim()}${conditions.join(',')}`
  return { word: full, name: normalName(name), conditions }
}

/** A comma text was split where conditions are: "x>1" and "<2" are one requirement again. */
export function joinConditions(words: readonly string[]): string[] {
  const joined: string[] = []
  for (const word of words) {
    if (/^(===|~=|==|!=|<=|>=|<|>)/.test(word) && joined.length > 0) joined.push(`${joined.pop()},${word}`)
    else joined.push(word)
  }
  return joined
}

export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

/** null: cannot be told from the text of the version. */
export function satisfies(version: string, conditions: readonly string[]): boolean | null {
  const answers = conditions.map(condition => holds(version, condition))
  if (answers.includes(false)) return false
  return answers.includes(null) ? null : true
}

function holds(version: string, condition: string): boolean | null {
  const [, operator = '', wanted = ''] = /^(===|~=|==|!=|<=|>=|<|>)(.*)$/.exec(condition) ?? []
  if (operator === '===') return version === wanted
  if (wanted.endsWith('.*')) {
    const has = `${publicPart(version)}.`.startsWith(wanted.slice(0, -1))
    return operator === '==' ? has : operator === '!=' ? !has : null
  }
  const order = compare(version, wanted)
  if (order === null) return null
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<=':
      return order <= 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    case '>':
      return order > 0
    case '~=':
      return (
        order >= 0 && `${publicPart(version)}.`.startsWith(`${wanted.split('.').slice(0, -1).join('.')}.`)
      )
    default:
      return null
  }
}

const publicPart = (version: string): string => version.replace(/\+.*$/, '').replace(/^v/, '')

/** Release numbers first; then dev < a < b < rc < none < post. null for what is no such version. */
function compare(left: string, right: string): number | null {
  const [a, b] = [parts(left), parts(right)]
  if (a === null || b === null) return null
  const length = Math.max(a.release.length, b.release.length)
  for (let index = 0; index < length; index++) {
    const difference = (a.release[index] ?? 0) - (b.release[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.stage - b.stage || a.number - b.number
}

const STAGES: Readonly<Record<string, number>> = { dev: -4, a: -3, b: -2, rc: -1, '': 0, post: 1 }

function parts(version: string): { release: number[]; stage: number; number: number } | null {
  const match = /^(\d+(?:\.\d+)*)(?:[-_.]?(a|b|rc|post|dev)[-_.]?(\d*))?$/.exec(
    publicPart(version).toLowerCase(),
  )
  if (match === null) return null
  const [, release = '', stage = '', number = ''] = match
  return { release: release.split('.').map(Number), stage: STAGES[stage] ?? 0, number: Number(number || 0) }
}
