/**
 * Host patterns, as in `hosts:` and --limit: names, groups, globs, ~regular expressions, a:&b:!c, web[0:2], web[-1].
 * Parts are joined by commas or colons; every plain part adds, & keeps, ! takes away, whatever their order.
 */

import { didYouMean } from '../base/did-you-mean.ts'
import type { Problem } from '../base/error.ts'
import type { GroupEntry, Inventory } from './model.ts'

export interface MatchedHosts {
  readonly hosts: readonly string[]
  /** INVENTORY_NO_MATCH: a warning in a pattern, an error in a limit; INVENTORY_BAD_PATTERN. */
  readonly problems: readonly Problem[]
}

/** Hosts of the pattern, in its order, within the limit. */
export function matchHosts(inventory: Inventory, pattern: string, limit?: string): MatchedHosts {
  const matched = matchPattern(inventory, pattern, 'warning')
  if (limit === undefined || limit.trim() === '') return matched
  const limited = matchPattern(inventory, limit, 'error')
  const allowed = new Set(limited.hosts)
  return {
    hosts: matched.hosts.filter(host => allowed.has(host)),
    problems: [...matched.problems, ...limited.problems],
  }
}

/** Splits at commas, else at colons; not inside brackets, and not inside an IPv6 address. */
export function splitPattern(pattern: string): string[] {
  const parts = pattern.includes(',') ? splitOutside(pattern, ',') : splitColons(pattern.trim())
  return parts.map(part => part.trim()).filter(part => part !== '')
}

/** An address has :: or eight parts, and may stand in brackets with a port. */
const ADDRESS6 = /^[!&]?\[?(?=[\da-f:.]*::|(?:[\da-f]+:){7})[\da-f:.]+\]?$/i

function splitColons(pattern: string): string[] {
  return ADDRESS6.test(pattern) ? [pattern] : splitOutside(pattern, ':')
}

function splitOutside(text: string, separator: string): string[] {
  const parts = ['']
  let depth = 0
  for (const char of text) {
    if (char === '[') depth++
    if (char === ']') depth = Math.max(0, depth - 1)
    if (char === separator && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts
}

type Severity = 'warning' | 'error'

function matchPattern(inventory: Inventory, pattern: string, severity: Severity): MatchedHosts {
  const problems: Problem[] = []
  const parts = splitPattern(pattern)
  const match = (part: string): readonly string[] => {
    const result = matchPart(inventory, part, severity)
    if ('problem' in result) problems.push(result.problem)
    return 'problem' in result ? [] : result.hosts
  }
  const ofSign = (sign: string) =>
    parts.filter(part => part.startsWith(sign)).map(part => match(part.slice(1)))
  const plain = parts.filter(part => !/^[&!]/.test(part))
  const added = (plain.length === 0 && parts.length > 0 ? ['all'] : plain).flatMap(match)
  const kept = ofSign('&')
  const taken = new Set(ofSign('!').flat())
  const hosts = [...new Set(added)].filter(
    host => kept.every(list => list.includes(host)) && !taken.has(host),
  )
  return { hosts, problems }
}

type Part = { readonly hosts: readonly string[] } | { readonly problem: Problem }

function matchPart(inventory: Inventory, part: string, severity: Severity): Part {
  if (part.startsWith('@')) {
    const message = `${part} names a file of patterns, which stands only in --limit`
    return { problem: { code: 'INVENTORY_BAD_PATTERN', message, severity: 'error' } }
  }
  const { base, subscript } = splitSubscript(part)
  const test = testOf(base)
  if (test === undefined) {
    const message = `"${base}" is no regular expression`
    return {
      problem: {
        code: 'INVENTORY_BAD_PATTERN',
        message,
        hint: 'Behind ~ stands a regular expression.',
        severity: 'error',
      },
    }
  }
  const hosts = hostsThat(test, base, inventory)
  if (hosts.length > 0 || isKnownGroup(base, inventory)) return { hosts: slice(hosts, subscript) }
  const known = [...inventory.groups.keys(), ...inventory.hosts.keys()]
  const hint = didYouMean(base, known) ?? 'See the groups and hosts there are with: vpai inventory'
  const message = `No host and no group matches "${base}"`
  return { problem: { code: 'INVENTORY_NO_MATCH', message, hint, severity } }
}

/** An empty group is a fact, not a slip. */
function isKnownGroup(base: string, inventory: Inventory): boolean {
  return inventory.groups.has(base === '*' ? 'all' : base)
}

function hostsThat(test: (name: string) => boolean, base: string, inventory: Inventory): readonly string[] {
  const groups: GroupEntry[] = [...inventory.groups.values()].filter(({ name }) => test(name))
  const hosts = groups.flatMap(group => group.hosts)
  // As Ansible: a plain word that is a group is not also looked up among the hosts.
  const looksAtHosts = groups.length === 0 || base.startsWith('~') || /[.?*[]/.test(base)
  if (looksAtHosts) hosts.push(...[...inventory.hosts.keys()].filter(test))
  if (hosts.length === 0 && inventory.host(base)?.isImplicit) return [base]
  return [...new Set(hosts)]
}

function testOf(base: string): ((name: string) => boolean) | undefined {
  try {
    if (base.startsWith('~')) return tester(`^(?:${base.slice(1).replaceAll('(?P<', '(?<')})`)
    if (base === 'all' || base === '*') return name => name === 'all'
    return /[*?[]/.test(base) ? tester(globToRegex(base)) : name => name === base
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function tester(source: string): (name: string) => boolean {
  const regex = new RegExp(source)
  return name => regex.test(name)
}

function globToRegex(glob: string): string {
  const body = glob.replace(/\*+|\?|\[!?\]?[^\]]*\]|[\s\S]/g, piece => {
    if (piece.startsWith('*')) return '.*'
    if (piece === '?') return '.'
    const isSet = piece.length > 2 && piece.startsWith('[')
    if (isSet)
      return `[${piece.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\').replaceAll('[', '\\[')}]`
    return piece.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  })
  return `^${body}$`
}

interface Subscript {
  readonly first: number
  /** Undefined: one host only. The last host is included. */
  readonly last: number | undefined
}

function splitSubscript(part: string): { readonly base: string; readonly subscript: Subscript | undefined } {
  const groups = /^(?<base>.+)\[(?:(?<only>-?\d+)|(?<first>\d+)[:-](?<last>\d*))\]$/.exec(part)?.groups
  if (groups === undefined || part.startsWith('~')) return { base: part, subscript: undefined }
  const base = groups.base ?? part
  if (groups.only !== undefined) return { base, subscript: { first: Number(groups.only), last: undefined } }
  const last = groups.last === '' ? Number.POSITIVE_INFINITY : Number(groups.last)
  return { base, subscript: { first: Number(groups.first), last } }
}

function slice(hosts: readonly string[], subscript: Subscript | undefined): readonly string[] {
  if (subscript === undefined) return hosts
  if (subscript.last !== undefined) return hosts.slice(subscript.first, subscript.last + 1)
  const host = hosts.at(subscript.first)
  return host === undefined ? [] : [host]
}
