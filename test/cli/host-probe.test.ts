import { describe, expect, it } from 'vitest'
import { type Finding, reportLines } from '../../src/cli/doctor/finding.ts'
import { hostFindings } from '../../src/cli/doctor/host-probe.ts'

const GOOD = `uid=1000
user=ada
time=1000
timeout=yes
setsid=yes
sudo=yes
apt-get=yes
root=sudo
tools=coreutils
systemctl=yes
systemctl=running
disk=/ 20000000 9000000
disk=/var 20000000 9000000
os=Debian GNU/Linux 13 (trixie)
`

const of = (what: string, stdout: string, localTime = 1000): Finding | undefined =>
  hostFindings({ stdout, localTime }).find(finding => finding.what === what)

describe('hostFindings', () => {
  it('of a good host are all ok', () => {
    const levels = hostFindings({ stdout: GOOD, localTime: 1001 }).map(({ level }) => level)
    expect(new Set(levels)).toEqual(new Set(['ok']))
  })

  it.each([
    ['root', 'warn', GOOD.replace('root=sudo\n', ''), 'needs a password'],
    ['root', 'warn', GOOD.replace(/(root=sudo|sudo=yes)\n/g, ''), 'neither sudo nor doas'],
    ['root', 'ok', GOOD.replace('uid=1000', 'uid=0').replace('root=sudo\n', ''), 'logged in as root'],
    ['time limits', 'warn', GOOD.replace('setsid=yes\n', ''), 'setsid missing'],
    ['tools', 'warn', GOOD.replace('tools=coreutils\n', ''), 'neither'],
    ['packages', 'warn', GOOD.replace('apt-get', 'apk'), 'apk'],
    ['systemd', 'warn', GOOD.replace('systemctl=running\n', ''), 'does not run the system'],
    ['docker', 'warn', `${GOOD}docker=yes\n`, 'cannot reach it'],
    ['disk', 'warn', GOOD.replace('/var 20000000 9000000', '/var 20000000 900000'), '/var 879 MB'],
    ['disk', 'fail', GOOD.replace('/var 20000000 9000000', '/var 20000000 90000'), '/var 88 MB'],
    ['clock', 'warn', GOOD.replace('time=1000', 'time=1030'), '30 s ahead'],
    ['clock', 'fail', GOOD.replace('time=1000', 'time=100'), '900 s behind'],
    ['clock', 'warn', GOOD.replace('time=1000', ''), 'told nothing'],
  ])('%s: %s', (what, level, stdout, found) => {
    expect(of(what, stdout)).toMatchObject({ level, found: expect.stringContaining(found) })
  })
})

describe('reportLines', () => {
  it('put advice under what was found, and line everything up', () => {
    const findings: Finding[] = [
      { level: 'ok', what: 'node', found: '20', advice: null },
      { level: 'warn', what: 'ssh key', found: 'none', advice: 'make one' },
    ]
    expect(reportLines({ where: 'here', isReached: true, findings }, (_level, text) => text)).toBe(
      'here\n  ok    node     20\n  warn  ssh key  none\n                 make one\n',
    )
  })
})
