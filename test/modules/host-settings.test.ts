import { describe, expect, it } from 'vitest'
import type { Action, Module } from '../../src/modules/contract.ts'
import { cron } from '../../src/modules/cron.ts'
import { getent } from '../../src/modules/getent.ts'
import { hostname } from '../../src/modules/hostname.ts'
import { localeGen } from '../../src/modules/locale_gen.ts'
import { modprobe } from '../../src/modules/modprobe.ts'
import { sysctl } from '../../src/modules/sysctl.ts'
import { timezone } from '../../src/modules/timezone.ts'
import { type Answers, brief, decideWith, drive, lines, textContent } from './tables.ts'

/** Answers reads by a piece of their name, contents by path. */
function host(reads: Record<string, string | number>, files: Record<string, string> = {}): Answers {
  return key => {
    if (key.kind === 'content') return key.path in files ? textContent(files[key.path]!) : undefined
    if (key.kind !== 'read') return undefined
    const found = Object.entries(reads).find(([name]) => key.name.includes(name))?.[1]
    return typeof found === 'number'
      ? { code: found, stdout: '', stderr: '' }
      : { code: 0, stdout: found ?? '', stderr: '' }
  }
}

const written = (actions: readonly Action[]) =>
  actions.flatMap(action => (action.do === 'put' ? [new TextDecoder().decode(action.content)] : []))[0]

describe('cron.decide', () => {
  const job = { name: 'dump', job: '/bin/dump', minute: '5', hour: 3 }
  const line = '5 3 * * * /bin/dump'
  it.each<[string, object, string, string]>([
    ['is done', job, `#Ansible: dump\n${line}\n`, 'ok'],
    ['adds', job, '', `job dump >${line}`],
    ['changes the line', job, '#Ansible: dump\n1 1 * * * x\n', `job dump 1 1 * * * x>${line}`],
    ['names a job that has no name yet', job, `${line}\n`, 'job dump >#Ansible: dump'],
    ['takes special times', { name: 'd', job: 'x', special_time: 'daily' }, '', 'job d >@daily x'],
    ['disables', { ...job, disabled: true }, `#Ansible: dump\n${line}\n`, `job dump ${line}>#${line}`],
    [
      'removes',
      { name: 'dump', state: 'absent' },
      `#Ansible: dump\n${line}\n0 0 * * * y\n`,
      `job dump ${line}>`,
    ],
    ['is done when gone', { name: 'dump', state: 'absent' }, '', 'ok'],
    ['sets a variable', { name: 'PATH', job: '/bin', env: true }, `${line}\n`, 'variable PATH >PATH="/bin"'],
    ['is done with the variable', { name: 'PATH', job: '/bin', env: true }, 'PATH="/bin"\n', 'ok'],
    [
      'needs the neighbour',
      { name: 'A', job: 'b', env: true, insertafter: 'C' },
      '',
      'fail: there is no variable C to insert A beside',
    ],
  ])('%s', (_why, args, text, says) => {
    expect(brief(decideWith(cron, { user: 'ada', ...args }, host({ 'crontab of ada': text })))).toBe(says)
  })

  it.each([['PATH=/tmp'], ['1 2'], ['1\n* * * * * x'], ['']])('refuses the time %j', minute => {
    expect(cron.args().safeParse({ ...job, minute }).error?.message).toContain('is no time of cron')
  })

  it.each([['*/5'], ['1-5,7'], ['MON-FRI'], ['0~59'], [30]])('takes the time %j', minute => {
    expect(cron.args().safeParse({ ...job, minute }).success).toBe(true)
  })

  it('hands the table over on standard input', () => {
    const { actions } = drive(decideWith(cron, { ...job, user: 'ada' }, host({ crontab: '# mine\n' })))
    expect(actions).toMatchObject([
      { argv: ['crontab', '-u', 'ada', '-'], stdin: `# mine\n#Ansible: dump\n${line}\n` },
    ])
  })

  it.each<[string, object, string]>([
    ['writes the user into a file', job, '#Ansible: dump\n5 3 * * * root /bin/dump\n'],
    ['as asked', { ...job, user: 'ada' }, '#Ansible: dump\n5 3 * * * ada /bin/dump\n'],
  ])('cron_file %s', (_why, args, text) => {
    expect(written(drive(decideWith(cron, { ...args, cron_file: 'd' }, host({}))).actions)).toBe(text)
  })

  it('removes a whole file', () => {
    const answers = host({}, { '/etc/cron.d/d': 'x' })
    expect(lines(drive(decideWith(cron, { cron_file: 'd', state: 'absent' }, answers)).actions)).toEqual([
      'remove /etc/cron.d/d',
    ])
  })
})

describe('sysctl.decide', () => {
  const file = (text: string, live = '1') => host({ 'sysctl vm': live }, { '/etc/sysctl.conf': text })
  it.each<[string, object, Answers, string]>([
    ['is done', { value: 1 }, file('vm.x=1\n'), 'ok'],
    ['is done with spaces', { value: '1 2' }, file('vm.x = 1\t2\n'), 'ok'],
    ['adds', { value: 1 }, file('# x\n'), 'setting vm.x >1'],
    ['changes', { value: 1 }, file('vm.x=0\n'), 'setting vm.x 0>1'],
    ['removes', { state: 'absent' }, file('vm.x=0\n'), 'setting vm.x 0>'],
    ['is done when gone', { state: 'absent' }, file(''), 'ok'],
    [
      'sets the live value as well',
      { value: 1, sysctl_set: true },
      file('vm.x=1\n', '0'),
      'live value vm.x 0>1',
    ],
    ['takes a boolean', { value: true }, file('vm.x=1\n'), 'ok'],
    ['leaves one of two', { value: 1 }, file('vm.x=1\nvm.x=1\n'), 'setting vm.x 1>1'],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(sysctl, { name: 'vm.x', ...args }, answers))).toBe(says)
  })

  it('reloads the file it wrote', () => {
    const { actions } = drive(decideWith(sysctl, { name: 'vm.x', value: '1' }, file('a=1\nvm.x=0\nb=2\n')))
    expect(written(actions)).toBe('a=1\nvm.x=1\nb=2\n')
    expect(lines(actions)).toEqual(['put /etc/sysctl.conf', 'sysctl -p /etc/sysctl.conf'])
  })
})

describe('hostname, timezone, locale_gen, modprobe and getent', () => {
  const zone = (...answers: string[]) => host({ 'time zone': `${answers.join('\n')}\n` })
  const locales = (there: string, file = '') => host({ locales: there }, { '/etc/locale.gen': file })
  const module_ = (loaded: boolean, files = {}) => host({ 'kernel module': loaded ? '' : 1 }, files)
  it.each<[string, Module<never>, object, Answers, string]>([
    ['hostname is done', hostname as never, { name: 'box' }, host({ 'host names': 'box\nyes\nbox\n' }), 'ok'],
    [
      'hostname changes both names',
      hostname as never,
      { name: 'box' },
      host({ 'host names': 'a\nno\nb\n' }),
      'kept name /etc/hostname b>box; live name hostname a>box',
    ],
    [
      'timezone is done',
      timezone as never,
      { name: 'Europe/Paris' },
      zone('/usr/share/zoneinfo/Europe/Paris', 'Europe/Paris', '', 'yes', 'yes'),
      'ok',
    ],
    [
      'timezone changes',
      timezone as never,
      { name: 'Europe/Paris' },
      zone('/usr/share/zoneinfo/Etc/UTC', '', '', 'yes', 'no'),
      'time zone /etc/localtime Etc/UTC>Europe/Paris',
    ],
    [
      'timezone heeds the file',
      timezone as never,
      { name: 'A/B' },
      zone('/usr/share/zoneinfo/A/B', 'Etc/UTC', '', 'yes', 'yes'),
      'time zone /etc/localtime Etc/UTC>A/B',
    ],
    [
      'timezone refuses a wrong name',
      timezone as never,
      { name: 'Mars' },
      zone('', '', '', 'no', 'no'),
      'fail: Mars is not a time zone of this host: a wrong name, or the package tzdata is not installed',
    ],
    [
      'timezone sets the clock',
      timezone as never,
      { hwclock: 'local' },
      zone('', '', 'UTC', 'yes', 'no'),
      'hwclock /etc/adjtime UTC>local',
    ],
    ['locale_gen is done', localeGen as never, { name: 'fr_FR.UTF-8' }, locales('C\nfr_FR.utf8\n'), 'ok'],
    [
      'locale_gen adds',
      localeGen as never,
      { name: ['fr_FR.UTF-8'] },
      locales('C\n'),
      'locale fr_FR.UTF-8 >present',
    ],
    [
      'locale_gen removes',
      localeGen as never,
      { name: 'fr_FR.UTF-8', state: 'absent' },
      locales('fr_FR.utf8\n'),
      'locale fr_FR.UTF-8 present>',
    ],
    ['modprobe is done', modprobe as never, { name: 'br_netfilter' }, module_(true), 'ok'],
    ['modprobe loads', modprobe as never, { name: 'wireguard' }, module_(false), 'module wireguard >loaded'],
    [
      'modprobe unloads',
      modprobe as never,
      { name: 'wireguard', state: 'absent' },
      module_(true),
      'module wireguard loaded>',
    ],
    [
      'modprobe remembers',
      modprobe as never,
      { name: 'wireguard', persistent: 'present' },
      module_(true),
      'at boot /etc/modules-load.d/wireguard.conf >wireguard\n',
    ],
    [
      'getent reads',
      getent as never,
      { database: 'passwd', key: 'ada' },
      host({ getent: 'ada:x:1:1::/home/ada:/bin/sh\n' }),
      'ok',
    ],
    [
      'getent fails for a missing key',
      getent as never,
      { database: 'passwd', key: 'ada' },
      host({ getent: 2 }),
      'fail: One or more supplied key could not be found in the database.',
    ],
    [
      'getent passes a missing key',
      getent as never,
      { database: 'passwd', key: 'ada', fail_key: false },
      host({ getent: 2 }),
      'ok',
    ],
  ])('%s', (_why, module, args, answers, says) => {
    expect(brief(decideWith(module, args, answers))).toBe(says)
  })

  it('getent splits fields as Ansible does', () => {
    const verdict = decideWith(getent, { database: 'passwd' }, host({ getent: 'ada:x:1\nbob:x:2\n' }))
    expect(verdict).toMatchObject({
      result: { ansible_facts: { getent_passwd: { ada: ['x', '1'], bob: ['x', '2'] } } },
    })
  })

  it('locale_gen takes the hash away', () => {
    const { actions } = drive(
      decideWith(
        localeGen,
        { name: 'fr_FR.UTF-8' },
        locales('', '# de_DE.UTF-8 UTF-8\n# fr_FR.UTF-8 UTF-8\n'),
      ),
    )
    expect(written(actions)).toBe('# de_DE.UTF-8 UTF-8\nfr_FR.UTF-8 UTF-8\n')
  })

  it.each<[string, Module<never>, object]>([
    ['cron', cron as never, { name: 'x', job: 'x' }],
    ['sysctl', sysctl as never, { name: 'x', value: 'x' }],
    ['hostname', hostname as never, { name: 'x' }],
    ['timezone', timezone as never, { name: 'x' }],
    ['locale_gen', localeGen as never, { name: 'x' }],
    ['modprobe', modprobe as never, { name: 'x' }],
    ['getent', getent as never, { database: 'x' }],
  ])('%s refuses a key it does not know', (_name, module, args) => {
    expect(module.args().safeParse(args).success).toBe(true)
    expect(module.args().safeParse({ ...args, colour: 'red' }).success).toBe(false)
  })
})
