/** What the checks of role smoke-tests print, one a line: result, service, what was asked and why not, tabs between them. */

export const RESULTS = ['pass', 'warn', 'fail'] as const

export interface Check {
  readonly result: (typeof RESULTS)[number]
  readonly service: string
  readonly name: string
  /** Empty for what holds. */
  readonly why: string
}

export type Verified =
  | { readonly state: 'well' | 'ill'; readonly checks: readonly Check[] }
  /** Nobody could look: `failed` for another reason than the connection. */
  | { readonly state: 'failed' | 'unreachable'; readonly reason: string }

/** A host that printed no check was not looked at. */
export function verifiedOf(printed: string): Verified {
  const checks = printed.split('\n').flatMap(checkIn)
  if (checks.length === 0) return { state: 'failed', reason: 'its answer holds no check' }
  return { state: checks.some(({ result }) => result === 'fail') ? 'ill' : 'well', checks }
}

/** 0 all holds, 2 something does not, 3 a host could not be asked, 4 one was not reached: the highest. */
export function exitCodeOf(hosts: Iterable<Verified>): 0 | 2 | 3 | 4 {
  const codes = { well: 0, ill: 2, failed: 3, unreachable: 4 } as const
  return Math.max(0, ...[...hosts].map(({ state }) => codes[state])) as 0 | 2 | 3 | 4
}

function checkIn(line: string): Check[] {
  const [word, service = '', name = '', why = ''] = line.split('\t')
  const result = RESULTS.find(one => one === word)
  return result === undefined ? [] : [{ result, service, name, why }]
}
