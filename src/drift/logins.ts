/**
 * Who was logged in when something happened. Two sources: `last -F -w` in UTC (util-linux, and wtmpdb of Debian 13), and
 * what sshd wrote to the journal, which also has logins without a terminal.
 */
import { timeText } from './finding.ts'

export interface Login {
  readonly user: string
  /** Empty: here. */
  readonly from: string
  /** Seconds since the epoch. */
  readonly since: number
  readonly until: number | 'still' | 'unknown'
}

const TIME = /[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4}/g

/** None of a line that is about something else, as a restart. */
export function parseLogin(line: string): Login[] {
  const [since, until] = [...line.matchAll(TIME)].map(([text]) => Date.parse(`${text} UTC`) / 1000)
  const [user = ''] = line.split(' ', 1)
  if (since === undefined || Number.isNaN(since) || user === '' || NOBODY.has(user)) return []
  // Columns, since any of them may be empty: that of the user grows with the name, that of the terminal is cut off.
  const terminalAt = Math.max(USER_WIDTH, user.length) + 1
  const fromAt = terminalAt + TERMINAL_WIDTH + 1
  const at = line.search(TIME)
  if (line.slice(terminalAt, fromAt).startsWith('system ')) return []
  return [
    { user, from: line.slice(fromAt, at).trim(), since, until: until ?? untilOf(line.slice(at), since) },
  ]
}

const NOBODY = new Set(['reboot', 'shutdown', 'runlevel', 'wtmp', 'wtmpdb'])
const USER_WIDTH = 8
const TERMINAL_WIDTH = 12

/** A host that went down ended it after so many days, hours and minutes. */
function untilOf(text: string, since: number): Login['until'] {
  if (text.includes('still')) return 'still'
  const [, days = '0', hours, minutes] = /\((?:(\d+)\+)?(\d\d):(\d\d)\)/.exec(text) ?? []
  if (hours === undefined) return 'unknown'
  return since + ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60
}

/** In any order. `booted`: seconds since the epoch; what was not ended before that came to some end all the same. */
export function parseSshLogins(lines: readonly string[], booted: number): readonly Login[] {
  const logins: Login[] = []
  const open = new Map<string, Login>()
  const said = lines.flatMap(line => {
    const [, at = '', process = '', text = ''] = SSHD.exec(line) ?? []
    return at === '' ? [] : [{ at: Number(at), process, text }]
  })
  for (const { at, process, text } of said.sort((one, other) => one.at - other.at)) {
    const [, user, from] = /^Accepted \S+ for (\S+) from (\S+) /.exec(text) ?? []
    if (user !== undefined && from !== undefined)
      open.set(process, { user, from, since: Math.floor(at), until: 'still' })
    const login = open.get(process)
    if (login === undefined || !text.includes('session closed for user')) continue
    open.delete(process)
    logins.push({ ...login, until: Math.floor(at) })
  }
  return [
    ...logins,
    ...[...open.values()].map(
      (login): Login => (login.since < booted ? { ...login, until: 'unknown' } : login),
    ),
  ]
}

/** `1795301469.123456 web1 sshd-session[812]: Accepted publickey for …` */
const SSHD = /^(\d+(?:\.\d+)?) \S+ (sshd(?:-session)?\[\d+\]): (.*)$/

/** Somebody who left may have left something running. */
const AROUND_S = 120

/** For people; the same user from the same place once, with the login that came last. */
export function loginsAround(logins: readonly Login[], at: number): readonly string[] {
  const then = new Map<string, Login>()
  for (const login of logins) {
    const who = login.from === '' ? login.user : `${login.user} from ${login.from}`
    const known = then.get(who)
    if (isAround(login, at) && (known === undefined || known.since < login.since)) then.set(who, login)
  }
  return [...then].map(([who, login]) => `${who} (${spanText(login)})`)
}

function isAround({ since, until }: Login, at: number): boolean {
  if (since > at + AROUND_S) return false
  return until === 'still' || (until === 'unknown' ? since : until) >= at - AROUND_S
}

/** `2026-11-21 10:00:07 to 10:20:00 UTC` */
function spanText({ since, until }: Login): string {
  if (until === 'still') return `since ${timeText(since)}`
  if (until === 'unknown') return `from ${timeText(since)}, its end is not known`
  const [begin, end] = [timeText(since), timeText(until)]
  const [day = ''] = begin.split(' ')
  return `${begin.replace(' UTC', '')} to ${end.startsWith(day) ? end.slice(day.length + 1) : end}`
}
