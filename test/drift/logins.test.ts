import { expect, it } from 'vitest'
import { loginsAround, parseLogin, parseSshLogins } from '../../src/drift/logins.ts'

/** util-linux 2.38 of Debian 12. */
const UTIL_LINUX = [
  'ann      pts/0        10.0.0.2         Sat Nov 21 22:50:07 2026   still logged in',
  'bob      tty1                          Sat Nov 21 09:00:00 2026 - Sat Nov 21 09:10:00 2026  (00:10)',
  'onterm   pts/0        127.0.0.1        Sat Nov 21 02:54:36 2026   gone - no logout',
  'longusername pts/1        2001:db8::1234:5678 Sat Nov 21 12:00:00 2026 - Sat Nov 21 12:30:00 2026  (00:30)',
  'carl     pts/2        10.0.0.3         Sat Nov 21 05:00:00 2026 - crash                     (01:30)',
  'reboot   system boot  6.1.0            Sat Nov 21 08:00:00 2026   still running',
  '',
  'wtmp begins Sat Nov 21 00:00:00 2026',
  '',
]
/** wtmpdb 0.73 of Debian 13; sshd writes there only what has a terminal. */
const WTMPDB = [
  'root     pts/0        127.0.0.1        Sat Nov 21 03:10:30 2026 - Sat Nov 21 03:10:31 2026  (00:00)',
  'dora     pts/1        10.0.0.4         Sat Nov 21 13:00:00 2026 - still logged in          ',
  'edda     ssh          10.0.0.5         Sat Nov 21 14:00:00 2026 - crash                    ',
  'soft-reboot system boot  6.12.48-amd64    Sat Nov 21 03:10:29 2026 - still running            ',
  '',
  'wtmpdb begins Sat Nov 21 03:10:29 2026',
]

/** Journal of Debian 13, the newest first, as journalctl gives them with --grep. Before Debian 13 the name is sshd. */
const SSHD = [
  '1795301700.400000 web1 sshd-session[930]: Accepted publickey for fay from 10.0.0.6 port 40330 ssh2: ED25519 SHA256:abc',
  '1795301469.900000 web1 sshd-session[812]: pam_unix(sshd:session): session closed for user deploy',
  '1795301467.123456 web1 sshd-session[812]: Accepted publickey for deploy from 2001:db8::7 port 40322 ssh2: ED25519 SHA256:abc',
  '1795290000.000001 web1 sshd[77]: Accepted password for gus from 10.0.0.8 port 40001 ssh2',
  '1795290000.000000 web1 sshd[70]: pam_unix(sshd:session): session closed for user ann',
]

const logins = UTIL_LINUX.flatMap(parseLogin)
const at = (text: string) => Date.parse(`2026-11-21T${text}Z`) / 1000

it('logins are read from what last prints, and nothing else of it', () => {
  expect(logins.map(({ user, from, until }) => [user, from, until])).toEqual([
    ['ann', '10.0.0.2', 'still'],
    ['bob', '', at('09:10:00')],
    ['onterm', '127.0.0.1', 'unknown'],
    ['longusername', '2001:db8::1234:5678', at('12:30:00')],
    ['carl', '10.0.0.3', at('06:30:00')],
  ])
})

it('those of wtmpdb are, too, and a restart is nobody', () => {
  expect(WTMPDB.flatMap(parseLogin).map(({ user, from, until }) => [user, from, until])).toEqual([
    ['root', '127.0.0.1', at('03:10:31')],
    ['dora', '10.0.0.4', 'still'],
    ['edda', '10.0.0.5', 'unknown'],
  ])
})

it('logins without a terminal are read from what sshd wrote, with the end that belongs to them', () => {
  expect(parseSshLogins(SSHD, 1_795_300_000)).toEqual([
    { user: 'deploy', from: '2001:db8::7', since: 1_795_301_467, until: 1_795_301_469 },
    { user: 'gus', from: '10.0.0.8', since: 1_795_290_000, until: 'unknown' },
    { user: 'fay', from: '10.0.0.6', since: 1_795_301_700, until: 'still' },
  ])
})

it.each([
  ['09:05:00', ['bob (2026-11-21 09:00:00 to 09:10:00 UTC)']],
  ['09:11:00', ['bob (2026-11-21 09:00:00 to 09:10:00 UTC)']],
  ['09:30:00', []],
  ['23:30:00', ['ann from 10.0.0.2 (since 2026-11-21 22:50:07 UTC)']],
  ['02:55:00', ['onterm from 127.0.0.1 (from 2026-11-21 02:54:36 UTC, its end is not known)']],
])('at %s there were %j', (time, users) => {
  expect(loginsAround(logins, at(time))).toEqual(users)
})
