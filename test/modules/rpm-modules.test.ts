import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/modules/contract.ts'
import { firewalld } from '../../src/modules/firewalld.ts'
import { rpmKey } from '../../src/modules/rpm_key.ts'
import { seboolean } from '../../src/modules/seboolean.ts'
import { sefcontext } from '../../src/modules/sefcontext.ts'
import { selinux } from '../../src/modules/selinux.ts'
import { yumRepository } from '../../src/modules/yum_repository.ts'
import { type Answers, brief, decideWith, drive, lines, textContent } from './tables.ts'

/** Answers reads by a piece of their name, contents by path. */
function host(reads: Record<string, string>, files: Record<string, string> = {}): Answers {
  return key => {
    if (key.kind === 'content') return key.path in files ? textContent(files[key.path]!) : undefined
    if (key.kind === 'path' && key.path.startsWith('/etc'))
      return { type: /\.repo$/.test(key.path) ? 'absent' : 'directory' }
    if (key.kind !== 'read') return undefined
    const found = Object.entries(reads).find(([name]) => key.name.includes(name))?.[1]
    return { code: 0, stdout: found ?? '', stderr: '' }
  }
}

/** The text that would be written: the host of these tests has no hashes, so a file is always compared by it. */
const written = (verdict: Verdict): string =>
  drive(verdict).actions.flatMap(one =>
    one.do === 'put' ? [new TextDecoder().decode(one.content)] : [],
  )[0] ?? ''

describe('yum_repository.decide', () => {
  const file = '/etc/yum.repos.d/epel.repo'
  const repo = { name: 'epel', description: 'EPEL', baseurl: ['https://a', 'https://b'], gpgcheck: true }
  const text = '[epel]\nbaseurl = https://a\n       https://b\ngpgcheck = 1\nname = EPEL\n\n'

  it('writes the section, and knows it again in any order', () => {
    const { actions } = drive(decideWith(yumRepository, repo, host({})))
    expect(actions).toMatchObject([{ do: 'put', path: file, content: Buffer.from(text) }])
    const other = '[x]\na=1\n\n[epel]\nname=EPEL\ngpgcheck=1\nbaseurl=https://a\n  https://b\n'
    const verdict = decideWith(yumRepository, repo, host({}, { [file]: other }))
    expect(written(verdict)).toBe(other)
  })

  it.each<[string, string, string]>([
    ['takes the file away with its last section', text, `remove ${file}`],
    ['leaves other sections', `[x]\na=1\n\n${text}`, `put ${file}`],
  ])('%s', (_why, before, action) => {
    const verdict = decideWith(yumRepository, { name: 'epel', state: 'absent' }, host({}, { [file]: before }))
    expect(lines(drive(verdict).actions)).toEqual([action])
  })
})

describe('rpm_key.decide', () => {
  const listing =
    'pub:-:255:22:18CA320864D0D130:1:::-:\nfpr:::::::::AA6AD2D1770AFACA8D4FDCC218CA320864D0D130:\n'
  it.each<[string, object, string, string]>([
    ['adds', { key: '/k.asc' }, '', 'key AA6AD2D1770AFACA8D4FDCC218CA320864D0D130 >trusted'],
    ['is done', { key: 'https://x/k.asc' }, '64d0d130-5f3e\n', 'ok'],
    ['removes', { key: '64D0D130', state: 'absent' }, '64d0d130-5f3e\n', 'key 64d0d130-5f3e trusted>'],
    ['is gone', { key: '/k.asc', state: 'absent' }, '', 'ok'],
    [
      'checks the fingerprint',
      { key: '/k.asc', fingerprint: 'AA AA' },
      '',
      'fail: the key in /k.asc has the fingerprint AA6AD2D1770AFACA8D4FDCC218CA320864D0D130, not the one asked for',
    ],
  ])('%s', (_why, args, trusted, says) => {
    expect(brief(decideWith(rpmKey, args, host({ 'rpm keys': trusted, given: listing })))).toBe(says)
  })
})

describe('firewalld.decide', () => {
  const running = { 'firewalld state': 'running\n' }
  const http = { service: 'http', state: 'enabled' }
  it.each<[string, object, Record<string, string>, string]>([
    ['is done', http, { ...running, query: 'rc 0\nyes\n' }, 'ok'],
    ['enables', http, { ...running, query: 'rc 1\nno\n' }, 'service, running default zone http >enabled'],
    [
      'enables in both',
      { ...http, permanent: true, immediate: true },
      { ...running, query: 'rc 1\nno\n' },
      'service, permanent default zone http >enabled; service, running default zone http >enabled',
    ],
    [
      'enables for later only',
      { ...http, permanent: true },
      { ...running, query: 'rc 1\nno\n' },
      'service, permanent default zone http >enabled',
    ],
    [
      'disables',
      { ...http, state: 'disabled', zone: 'public' },
      { ...running, query: 'rc 0\nyes\n' },
      'service, running public http enabled>',
    ],
    [
      'sets a target',
      { target: 'DROP', zone: 'public', state: 'enabled', permanent: true },
      { ...running, target: 'rc 0\ndefault\n' },
      'target, permanent public DROP >enabled',
    ],
    [
      'has the target',
      { target: 'DROP', zone: 'public', state: 'enabled', permanent: true },
      { ...running, target: 'rc 0\nDROP\n' },
      'ok',
    ],
    [
      'makes a zone',
      { zone: 'ours', state: 'present', permanent: true },
      { ...running, zones: 'public work\n' },
      'zone ours >present',
    ],
    [
      'needs a firewall that runs',
      http,
      {},
      'fail: firewalld is not running on this host: start it, or set permanent and offline',
    ],
    [
      'works without one',
      { ...http, permanent: true, offline: true },
      { 'firewall-offline-cmd': 'rc 1\nno\n' },
      'service, permanent default zone http >enabled',
    ],
  ])('%s', (_why, args, reads, says) => {
    expect(brief(decideWith(firewalld, args, host(reads)))).toBe(says)
  })

  it.each<[string, object, string]>([
    ['a port', { port: '80/tcp', timeout: 9 }, '--add-port=80/tcp --timeout=9'],
    ['a rule', { rich_rule: 'rule accept' }, '--add-rich-rule=rule accept'],
    ['an interface', { interface: 'eth0', zone: 'work' }, '--zone=work --change-interface=eth0'],
    [
      'a forward',
      { port_forward: [{ port: 80, proto: 'tcp', toport: 8080 }] },
      '--add-forward-port=port=80:proto=tcp:toport=8080',
    ],
    ['masquerading', { masquerade: true }, '--add-masquerade'],
    ['no masquerading', { masquerade: false }, '--remove-masquerade'],
  ])('writes %s', (_what, args, words) => {
    const reads = {
      ...running,
      query: 'masquerade' in args && !args.masquerade ? 'rc 0\nyes\n' : 'rc 1\nno\n',
    }
    const { actions } = drive(decideWith(firewalld, { ...args, state: 'enabled' }, host(reads)))
    expect(lines(actions)).toEqual([`firewall-cmd ${words}`])
  })
})

describe('SELinux', () => {
  const config = '# comment\nSELINUX=enforcing\nSELINUXTYPE=targeted\n'
  it.each<[string, object, string, string]>([
    ['is done', { state: 'enforcing', policy: 'targeted' }, 'Enforcing\n', 'ok'],
    [
      'changes both',
      { state: 'permissive', policy: 'targeted' },
      'Enforcing\n',
      'setting /etc/selinux/config enforcing>permissive; live mode SELinux enforcing>permissive',
    ],
    [
      'changes the live mode alone',
      { state: 'enforcing', policy: 'targeted' },
      'Permissive\n',
      'live mode SELinux permissive>enforcing',
    ],
    [
      'is disabled by a reboot',
      { state: 'disabled' },
      'Enforcing\n',
      'setting /etc/selinux/config enforcing>disabled',
    ],
  ])('the mode %s', (_why, args, mode, says) => {
    const answers = host({ 'selinux mode': mode }, { '/etc/selinux/config': config })
    expect(brief(decideWith(selinux, args, answers))).toBe(says)
  })

  it.each<[string, object, string, string]>([
    ['is done', { state: true }, 'live on\n', 'ok'],
    ['is set', { state: true }, 'live off\n', 'boolean httpd_x off>on'],
    ['is kept', { state: true, persistent: true }, 'live on\nkept off\n', 'boolean httpd_x off>on'],
    ['is unknown', { state: true }, '', 'fail: the SELinux policy has no boolean httpd_x'],
    ['needs SELinux', { state: true }, 'disabled\n', 'fail: SELinux is disabled on this host'],
    ['does without', { state: true, ignore_selinux_state: true }, 'disabled\n', 'ok'],
  ])('a switch %s', (_why, args, text, says) => {
    expect(brief(decideWith(seboolean, { name: 'httpd_x', ...args }, host({ boolean: text })))).toBe(says)
  })

  const rule = '/srv/web(/.*)?      all files          system_u:object_r:httpd_sys_content_t:s0 \n'
  it.each<[string, object, string, string]>([
    ['is done', { setype: 'httpd_sys_content_t' }, rule, 'ok'],
    [
      'is added',
      { setype: 'httpd_sys_content_t' },
      '',
      'context /srv/web(/.*)? >system_u:object_r:httpd_sys_content_t:s0',
    ],
    [
      'is changed',
      { setype: 'x_t' },
      rule,
      'context /srv/web(/.*)? system_u:object_r:httpd_sys_content_t:s0>system_u:object_r:x_t:s0',
    ],
    [
      'is of another kind of file',
      { setype: 'x_t', ftype: 'd' },
      rule,
      'context /srv/web(/.*)? >system_u:object_r:x_t:s0',
    ],
    [
      'is removed',
      { state: 'absent' },
      rule,
      'context /srv/web(/.*)? system_u:object_r:httpd_sys_content_t:s0>',
    ],
    ['is that of another place', { substitute: '/var/www' }, '/srv/web(/.*)? = /var/www\n', 'ok'],
  ])('a context %s', (_why, args, text, says) => {
    expect(
      brief(decideWith(sefcontext, { target: '/srv/web(/.*)?', ...args }, host({ contexts: text }))),
    ).toBe(says)
  })

  it('writes a context with semanage', () => {
    const verdict = decideWith(
      sefcontext,
      { target: '/x', setype: 'x_t', ftype: 'd', reload: false },
      host({}),
    )
    expect(lines(drive(verdict).actions)).toEqual(['semanage fcontext -a -N -t x_t -f d /x'])
    expect(verdict).toMatchObject({ result: { seuser: 'system_u', serange: 's0', substitute: null } })
  })

  it('returns the policy of the file where the task names none', () => {
    const answers = host({ 'selinux mode': 'Enforcing\n' }, { '/etc/selinux/config': config })
    expect(decideWith(selinux, { state: 'disabled' }, answers)).toMatchObject({
      result: { policy: 'targeted' },
    })
  })
})

it.each([
  [yumRepository, { name: 'x', description: 'y' }],
  [yumRepository, { name: 'x', baseurl: 'y' }],
  [rpmKey, { key: 'DEADBEEF' }],
  [firewalld, { service: 'a', port: '1/tcp', state: 'enabled' }],
  [firewalld, { port: '1', state: 'enabled' }],
  [firewalld, { zone: 'x', state: 'enabled' }],
  [selinux, { state: 'enforcing' }],
  [selinux, { state: 'disabled', update_kernel_param: true }],
  [sefcontext, { target: '/x', setype: 'a', substitute: 'b' }],
])('$name refuses %j', (module, args) => {
  expect(module.args().safeParse(args).success).toBe(false)
})
