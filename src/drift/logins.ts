/** Who was logged in when something happened, by what `last -F` prints in UTC. */

export interface Login {
  readonly user: string
  /** Empty: here. */
  readonly from: string
  /** Seconds since the epoch. */
  readonly since: number
  /** null: still. */
  readonly until: number | null
}

const TIME = /[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}/g

/** None of a line that is about something else, as a restart. */
export function parseLogin(line: string): Login[] {
  const [since, until] = [...line.matchAll(TIME)].map(([text]) => Date.parse(`${text} UTC`) / 1000)
  const [user = '', , from = ''] = line.slice(0, line.search(TIME)).split(/\s+/)
  if (since === undefined || Number.isNaN(since) || user === '' || NOBODY.has(user)) return []
  return [{ user, from, since, until: until ?? (/still|no logout/.test(line) ? null : since) }]
}

const NOBODY = new Set(['reboot', 'shutdown', 'runlevel', 'wtmp', 'wtmpdb'])

/** Somebody who left may have left something running. */
const AROUND_S = 120

/** For people; the same user once. */
export function loginsAround(logins: readonly Login[], at: number): readonly string[] {
  const then = logins.filter(
    ({ since, until }) => since <= at + AROUND_S && (until === null || until >= at - AROUND_S),
  )
  return [...new Set(then.map(({ user, from }) => (from === '' ? user : `${user} from ${from}`)))]
}
