import { describe, expect, it } from 'vitest'
import { areaOfPath, areaOfUnit, thingsOf } from '../../src/guard/areas.ts'
import { armScript, readStatus } from '../../src/guard/requests.ts'

describe('what is asked of a guard', () => {
  it('names what is kept, quoted', () => {
    const script = armScript({
      id: 'abc',
      windowS: 90,
      owner: 7,
      login: 'deploy',
      things: ['must:sshd', "path:/srv/it's"],
      hasUndo: false,
    })
    expect(script).toMatch(/guard\/abc\/guard arm 90 7 deploy must:sshd 'path:\/srv\/it'\\''s'$/)
  })

  it('takes the command of undo as its body, so that it stands in no script', () => {
    const given = { id: 'abc', windowS: 90, owner: 7, login: 'deploy', things: [] }
    expect(armScript({ ...given, hasUndo: true })).toContain('cat >"$g/undo"')
    expect(armScript({ ...given, hasUndo: false })).not.toContain('cat >"$g/undo"')
  })

  it('is what an area consists of', () => {
    expect(thingsOf('login')).toContain('account')
    expect(thingsOf('ssh')).toEqual(expect.arrayContaining(['check:sshd', 'unit:ssh.service']))
    expect(thingsOf('firewall')).toContain('ruleset')
  })
})

describe('guards that are found', () => {
  it.each([
    ['armed a gone -3\n', { is: 'left', id: 'a' }],
    ['hold a gone 80\n', { is: 'left', id: 'a' }],
    ['armed a 4711 12\n', { is: 'owned', id: 'a', owner: 4711, leftS: 12 }],
    ['busy a\n', { is: 'busy', id: 'a' }],
    ['fired a\n why\n /etc/x put back\n', { is: 'fired', id: 'a', report: ['why', '/etc/x put back'] }],
  ])('%j is %j', (text, found) => {
    expect(readStatus(text)).toEqual([found])
  })

  it('are none where there is nothing', () => {
    expect(readStatus('')).toEqual([])
  })
})

describe('areas', () => {
  it.each([
    ['ssh.socket', 'ssh'],
    ['sshd', 'ssh'],
    ['ufw.service', 'firewall'],
    ['systemd-networkd', 'network'],
    ['sshguard', null],
    ['nginx', null],
  ])('%s belongs to %s', (unit, area) => {
    expect(areaOfUnit(unit)).toBe(area)
  })

  it('take no path for another that begins like it', () => {
    expect(areaOfPath('/etc/ufw-extra/x', 'deploy')).toBeNull()
    expect(areaOfPath('/home/deployer/.ssh', 'deploy')).toBeNull()
  })
})
