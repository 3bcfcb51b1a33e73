/** Host names with ranges and ports, as inventories write them: web[01:10].example.com:2222, node-[a:f], [2001:db8::1]:22 */
export interface HostPattern {
  readonly names: readonly string[]
  readonly port: number | undefined
}

export interface HostPatternError {
  readonly error: string
  readonly hint?: string
}

const MOST_HOSTS = 65_536

export function expandHosts(pattern: string): HostPattern | HostPatternError {
  const { name, port } = splitPort(pattern.trim())
  if (name === '') return { error: 'A host needs a name' }
  if (/[\s,]/.test(name))
    return { error: 'A host name may not hold spaces or commas', hint: 'Write one host a line.' }
  const names = name.includes('[') ? expandRanges(name) : [name]
  return 'error' in names ? names : { names, port }
}

function splitPort(pattern: string): { name: string; port: number | undefined } {
  const bracketed = /^\[([0-9A-Fa-f:.%]+)\](?::(\d+))?$/.exec(pattern)
  if (bracketed?.[1] !== undefined && isAddress6(bracketed[1])) {
    return { name: bracketed[1], port: bracketed[2] === undefined ? undefined : Number(bracketed[2]) }
  }
  const withPort = /^((?:\[[^\]]*\]|[^:[\]])+):(\d+)$/.exec(pattern)
  if (withPort?.[1] === undefined) return { name: pattern, port: undefined }
  return { name: withPort[1], port: Number(withPort[2]) }
}

/** [1:10:2] is a range, [2001:db8::1] an address: an address has :: or eight parts. */
function isAddress6(text: string): boolean {
  return text.includes('::') || text.split(':').length === 8
}

function expandRanges(pattern: string): string[] | HostPatternError {
  const open = pattern.indexOf('[')
  if (open === -1) return [pattern]
  const close = pattern.indexOf(']', open)
  if (close === -1) return { error: 'A range is not closed', hint: 'Example: web[01:10]' }
  const steps = expandRange(pattern.slice(open + 1, close))
  if ('error' in steps) return steps
  const rests = expandRanges(pattern.slice(close + 1))
  if ('error' in rests) return rests
  if (steps.length * rests.length > MOST_HOSTS)
    return { error: `A range may give ${MOST_HOSTS} hosts at most` }
  const head = pattern.slice(0, open)
  return steps.flatMap(step => rests.map(rest => `${head}${step}${rest}`))
}

function expandRange(text: string): string[] | HostPatternError {
  const [first = '', last, stepText = '1', ...more] = text.split(':')
  if (last === undefined || more.length > 0)
    return { error: 'A range has the form [first:last] or [first:last:step]' }
  if (!/^[1-9]\d{0,5}$/.test(stepText)) return { error: 'The step of a range is a number from 1 up' }
  const step = Number(stepText)
  if (/^[A-Za-z]$/.test(first) && /^[A-Za-z]$/.test(last)) return letters(first, last, step)
  if (/^\d{0,9}$/.test(first) && /^\d{1,9}$/.test(last)) return numbers(first || '0', last, step)
  return {
    error: 'A range goes from number to number or from letter to letter',
    hint: 'Examples: [01:10], [a:f]',
  }
}

function letters(first: string, last: string, step: number): string[] | HostPatternError {
  if ((first.toLowerCase() === first) !== (last.toLowerCase() === last)) {
    return { error: 'A range of letters keeps to one case' }
  }
  return count({ first: first.charCodeAt(0), last: last.charCodeAt(0), step }, code =>
    String.fromCharCode(code),
  )
}

function numbers(first: string, last: string, step: number): string[] | HostPatternError {
  const isPadded = first.length > 1 && first.startsWith('0')
  if (isPadded && first.length !== last.length) {
    return { error: 'Both ends of a range with leading zeros have the same length', hint: 'Example: [01:10]' }
  }
  return count({ first: Number(first), last: Number(last), step }, value =>
    String(value).padStart(isPadded ? first.length : 0, '0'),
  )
}

interface Range {
  readonly first: number
  readonly last: number
  readonly step: number
}

function count({ first, last, step }: Range, show: (value: number) => string): string[] | HostPatternError {
  if (first > last) return { error: 'A range goes upwards' }
  if ((last - first) / step > MOST_HOSTS) return { error: `A range may give ${MOST_HOSTS} hosts at most` }
  const result: string[] = []
  for (let value = first; value <= last; value += step) result.push(show(value))
  return result
}
