/** Include and exclude patterns as rsync reads them: the first that matches decides; an excluded folder hides all it holds. */

export interface FilterRule {
  readonly include: boolean
  readonly pattern: string
}

/** `path` begins at the root of the transfer; true when it takes part. Its parents are to be asked first. */
export function isIncluded(rules: readonly FilterRule[], path: string, isDirectory: boolean): boolean {
  const rule = rules.find(one => matches(one.pattern, path, isDirectory))
  return rule?.include ?? true
}

function matches(pattern: string, path: string, isDirectory: boolean): boolean {
  // "folder/***" is the folder and all it holds.
  if (pattern.endsWith('/***')) {
    const folder = pattern.slice(0, -4)
    return matches(`${folder}/`, path, isDirectory) || matches(`${folder}/**`, path, isDirectory)
  }
  if (pattern.endsWith('/')) return isDirectory && matches(pattern.slice(0, -1), path, isDirectory)
  const isAnchored = pattern.startsWith('/')
  const body = isAnchored ? pattern.slice(1) : pattern
  const isWhole = isAnchored || body.includes('/') || body.includes('**')
  const subject = isWhole ? path : path.slice(path.lastIndexOf('/') + 1)
  const start = isAnchored || !isWhole ? '^' : '(?:^|/)'
  return new RegExp(`${start}${expression(body)}$`, 's').test(subject)
}

function expression(pattern: string): string {
  const parts = pattern.match(/\*\*|\*|\?|\[!?\]?[^\]]*\]|\\.|[^*?[\\]+|[[\\]/gs) ?? []
  return parts.map(part => TRANSLATED[part] ?? literalOrClass(part)).join('')
}

const TRANSLATED: Readonly<Record<string, string>> = { '**': '.*', '*': '[^/]*', '?': '[^/]' }

function literalOrClass(part: string): string {
  if (part.length > 2 && part.startsWith('[') && part.endsWith(']'))
    return `[${part.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`
  const literal = part.length === 2 && part.startsWith('\\') ? part.slice(1) : part
  return literal.replace(/[.+^${}()|[\]\\*?]/g, '\\$&')
}
