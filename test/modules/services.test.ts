import { describe, expect, it } from 'vitest'
import { service } from '../../src/modules/service.ts'
import { systemd } from '../../src/modules/systemd.ts'
import type { UnitSeen } from '../../src/probes/contract.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const unit = (over: Partial<UnitSeen> = {}): Answers => {
  const seen = {
    load: 'loaded',
    active: 'active',
    sub: 'running',
    fileState: 'enabled',
    needsReload: false,
    properties: {},
    manager: 'systemd',
    ...over,
  }
  return key => (key.kind === 'unit' ? seen : undefined)
}
const stopped = { active: 'inactive', sub: 'dead' }

describe('systemd.decide', () => {
  it.each<[string, object, Partial<UnitSeen>, string]>([
    ['is done when running and enabled', { state: 'started', enabled: true }, {}, 'ok'],
    ['starts what is stopped', { state: 'started' }, stopped, 'state x inactive>started'],
    ['starts what has failed', { state: 'started' }, { active: 'failed' }, 'state x failed>started'],
    ['waits for what is starting', { state: 'started' }, { active: 'activating' }, 'ok'],
    ['stops what runs', { state: 'stopped' }, {}, 'state x active>stopped'],
    ['is done when stopped', { state: 'stopped' }, stopped, 'ok'],
    ['restarts every time', { state: 'restarted' }, {}, 'state x active>restarted'],
    ['reloads what runs', { state: 'reloaded' }, {}, 'state x active>reloaded'],
    ['enables', { enabled: true }, { fileState: 'disabled' }, 'enabled x disabled>enabled'],
    ['disables', { enabled: false }, {}, 'enabled x enabled>disabled'],
    ['leaves static units', { enabled: false }, { fileState: 'static' }, 'ok'],
    [
      'unmasks before it starts',
      { masked: false, state: 'started' },
      { ...stopped, load: 'masked', fileState: 'masked' },
      'masked x masked>unmasked; state x inactive>started',
    ],
    [
      'masks after it stopped',
      { masked: true, state: 'stopped' },
      {},
      'state x active>stopped; masked x enabled>masked',
    ],
    ['is done when masked', { masked: true }, { load: 'masked', fileState: 'masked' }, 'ok'],
    [
      'fails for a unit that is not there',
      { state: 'started' },
      { load: 'not-found', fileState: '' },
      'fail: Could not find the requested service x: host',
    ],
    [
      'trusts a reload to find a new unit',
      { state: 'started', daemon_reload: true },
      { ...stopped, load: 'not-found', fileState: '' },
      'state x inactive>started',
    ],
    [
      'reloads the manager without calling it a change',
      { daemon_reload: true, state: 'started' },
      {},
      'opaque: systemctl daemon-reload',
    ],
    [
      'fails without systemd',
      { state: 'started' },
      { manager: 'sysvinit' },
      'fail: this host does not run systemd; use the service module, which knows init scripts too',
    ],
  ])('%s', (_why, args, seen, says) => {
    expect(brief(decideWith(systemd, { name: 'x', ...args }, unit(seen)))).toBe(says)
  })

  it.each<[string, object, Partial<UnitSeen>, string[]]>([
    [
      'reload, enable, start in this order',
      { daemon_reload: true, enabled: true, state: 'started' },
      { ...stopped, fileState: 'disabled' },
      ['systemctl daemon-reload', 'systemctl enable x', 'systemctl start x'],
    ],
    ['a restart of what does not run as a start', { state: 'restarted' }, stopped, ['systemctl start x']],
    ['without waiting', { state: 'restarted', no_block: true }, {}, ['systemctl restart --no-block x']],
  ])('runs %s', (_why, args, seen, commands) => {
    expect(lines(drive(decideWith(systemd, { name: 'x', ...args }, unit(seen))).actions)).toEqual(commands)
  })

  it('says no change for a daemon-reload, and does nothing in check mode', () => {
    expect(drive(decideWith(systemd, { daemon_reload: true }, unit())).result).toMatchObject({
      changed: false,
    })
    expect(brief(decideWith(systemd, { daemon_reload: true }, unit(), { check: true }))).toBe('ok')
  })

  it('refuses state without a name', () => {
    expect(systemd.args().safeParse({ state: 'started' }).success).toBe(false)
  })
})

describe('service.decide', () => {
  it.each<[string, object, Partial<UnitSeen>, string[]]>([
    ['systemd', { state: 'started' }, stopped, ['systemctl start x']],
    ['init scripts', { state: 'restarted' }, { manager: 'sysvinit' }, ['/etc/init.d/x restart']],
    [
      'init scripts with a pause',
      { state: 'restarted', sleep: 2 },
      { manager: 'sysvinit' },
      ['/etc/init.d/x stop', 'sleep 2', '/etc/init.d/x start'],
    ],
    [
      'OpenRC',
      { state: 'started', enabled: true },
      { ...stopped, manager: 'openrc', fileState: 'disabled' },
      ['rc-update add x default', 'rc-service x start'],
    ],
    [
      'the runlevel of OpenRC',
      { enabled: true, runlevel: 'boot' },
      { manager: 'openrc', fileState: 'disabled' },
      ['rc-update add x boot'],
    ],
    [
      'what use names',
      { use: 'sysvinit', state: 'stopped' },
      { manager: 'sysvinit' },
      ['/etc/init.d/x stop'],
    ],
  ])('uses %s', (_why, args, seen, commands) => {
    expect(lines(drive(decideWith(service, { name: 'x', ...args }, unit(seen))).actions)).toEqual(commands)
  })

  it.each<[string, Partial<UnitSeen> & { use?: string }, string]>([
    ['the script is missing', { manager: 'sysvinit', load: 'not-found' }, 'fail: Could not find'],
    ['nothing runs services', { manager: 'none' }, 'fail: x: nothing on this host runs services'],
    [
      'use names another manager',
      { use: 'openrc' },
      'fail: x: use says openrc, and this host runs services by systemd',
    ],
  ])('fails where %s', (_why, seen, says) => {
    const { use, ...given } = { use: 'auto', ...seen }
    expect(brief(decideWith(service, { name: 'x', state: 'started', use }, unit(given)))).toContain(says)
  })

  it.each([
    ['/usr/bin/thing --serve', 'ok'],
    ['/usr/bin/other', 'state x inactive>started'],
  ])('looks for the pattern of an init script among the processes: %s', (process, says) => {
    const answer: Answers = key =>
      key.kind === 'read' && key.name === 'processes'
        ? { code: 0, stdout: `init\n${process}\n`, stderr: '' }
        : unit({ manager: 'sysvinit' })(key)
    const args = { name: 'x', state: 'started', pattern: 'bin/thing' }
    expect(brief(decideWith(service, args, answer))).toBe(says)
  })

  it.each([systemd, service])('$name refuses a key it does not know', module => {
    expect(module.args().safeParse({ name: 'x', state: 'started', colour: 'red' }).success).toBe(false)
  })
})
