/** Password files and repositories beside the programs that read them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firewalld } from '../../src/modules/firewalld.ts'
import { htpasswd } from '../../src/modules/htpasswd.ts'
import { yumRepository } from '../../src/modules/yum_repository.ts'
import { converge, decideOn } from './harness.ts'
import { type Namespace, namespace } from './namespace.ts'
import { runScript, temporaryDirectory } from './shells.ts'

const has = (program: string): boolean => spawnSync('which', [program]).status === 0

let top = ''
let space: Namespace | null = null

beforeAll(async () => {
  top = temporaryDirectory()
  space = await namespace(['--mount'])
})
afterAll(() => {
  space?.stop()
  rmSync(top, { recursive: true, force: true })
})

describe('htpasswd', () => {
  test.each(['apr_md5_crypt', 'ldap_sha1', 'bcrypt'])('writes what Apache reads: %s', scheme => {
    if (!has('htpasswd')) return console.log('skipped: apache2-utils is not installed')
    const path = join(top, scheme)
    const args = { path, name: 'ada', password: 'päss word and more than sixteen', hash_scheme: scheme }
    expect(converge(htpasswd, args)).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    const check = (password: string) =>
      spawnSync('htpasswd', ['-iv', path, 'ada'], { input: password }).status
    expect([check(args.password), check('wrong')]).toEqual([0, 3])
    expect(decideOn(htpasswd, { ...args, hash_scheme: 'ldap_sha1' })).toMatchObject({ kind: 'ok' })
    expect(decideOn(htpasswd, { ...args, password: 'new' })).toMatchObject({ kind: 'change' })
  })
})

describe('yum_repository', () => {
  test('writes what dnf reads', () => {
    if (!has('dnf')) return console.log('skipped: dnf is not installed')
    const args = {
      name: 'ours',
      description: 'Our packages',
      baseurl: ['http://127.0.0.1:1/a', 'http://127.0.0.1:1/b'],
      gpgcheck: false,
      reposdir: top,
      mode: '0640',
    }
    writeFileSync(join(top, 'ours.repo'), '# ours\n[other]\nname=Other\nbaseurl=http://127.0.0.1:1/\n')
    expect(converge(yumRepository, args)).toMatchObject({
      failed: false,
      changed: true,
      after: { kind: 'ok' },
    })
    const told = execFileSync(
      'dnf',
      [
        '-q',
        ...['reposdir', 'logdir', 'cachedir', 'persistdir'].map(name => `--setopt=${name}=${top}`),
        '--releasever=1',
        'repolist',
        '--all',
      ],
      { encoding: 'utf8' },
    )
    expect(told).toMatch(/ours +Our packages +enabled/)
    expect(told).toMatch(/other +Other/)
    const gone = converge(yumRepository, { name: 'ours', state: 'absent', reposdir: top })
    expect(gone).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
  })
})

describe('firewalld', () => {
  const common = { zone: 'public', permanent: true, offline: true }
  test.each([
    ['a service', { service: 'http' }],
    ['a rule', { rich_rule: 'rule family="ipv4" source address="192.0.2.0/24" accept' }],
    ['a forward', { port_forward: [{ port: 80, proto: 'tcp', toport: 8080 }] }],
  ])('enables %s for the next start, and disables it', (_what, args) => {
    if (space === null || !has('firewall-offline-cmd'))
      return console.log('skipped: needs firewalld, mount namespaces')
    const { shell } = space
    runScript(
      shell,
      'mountpoint -q /etc/firewalld || { cp -a /etc/firewalld /tmp/.f$$; mount -t tmpfs tmpfs /etc/firewalld; cp -a /tmp/.f$$/. /etc/firewalld; rm -rf /tmp/.f$$; }',
    )
    for (const state of ['enabled', 'disabled']) {
      const done = converge(firewalld, { ...args, ...common, state }, { shell })
      expect(done, JSON.stringify(done.result)).toMatchObject({
        failed: false,
        changed: true,
        after: { kind: 'ok' },
      })
    }
  })
})
