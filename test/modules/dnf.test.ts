import { describe, expect, it } from 'vitest'
import { dnf } from '../../src/modules/dnf.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

interface Host {
  readonly installed?: Readonly<Record<string, string>>
  /** What dnf prints, by a piece of its command line. */
  readonly says?: Readonly<Record<string, string>>
  readonly code?: number
  /** The host has the tools of Debian as well. */
  readonly dpkg?: boolean
}

const host =
  ({ installed = {}, says = {}, code = 1, dpkg = false }: Host): Answers =>
  key => {
    if (key.kind === 'which' && key.command === 'dpkg-query')
      return { path: dpkg ? '/usr/bin/dpkg-query' : null }
    if (key.kind === 'package') {
      const version = installed[key.name] ?? null
      return { installed: version !== null, version, held: false, candidate: null, broken: false }
    }
    if (key.kind !== 'read') return undefined
    const found = Object.entries(says).find(([piece]) => key.name.includes(piece))?.[1]
    return { code: found === undefined ? 0 : code, stdout: found ?? 'Nothing to do.\n', stderr: '' }
  }

const table = (heading: string, ...rows: string[]): string =>
  `Dependencies resolved.\n====\n Package Arch Version Repository Size\n====\n${heading}:\n${rows.map(row => ` ${row}\n`).join('')}\nTransaction Summary\n====\n`

const JQ = 'jq              x86_64   1.7-1       base   5.4 k'
const LONG = `a-package-with-a-very-long-name-indeed\n                 noarch   2-3         base   1 M`

describe('dnf.decide', () => {
  it.each<[string, object, Host, string]>([
    [
      'does not ask dnf about what is there',
      { name: ['jq', 'vim'] },
      { installed: { jq: '1', vim: '9' }, says: { dnf: 'Error: x' } },
      'ok',
    ],
    [
      'asks dnf about what dpkg has installed',
      { name: 'jq' },
      { dpkg: true, installed: { jq: '1' }, says: { 'install jq': table('Installing', JQ) } },
      'package jq.x86_64 >1.7-1',
    ],
    [
      'installs',
      { name: 'jq' },
      { says: { 'install jq': table('Installing', JQ) } },
      'package jq.x86_64 >1.7-1',
    ],
    [
      'tells what comes along',
      { name: 'jq' },
      {
        says: {
          'install jq': `${table('Installing', JQ).split('\nTrans')[0]}Installing dependencies:\n ${LONG}\n\nTransaction Summary\n`,
        },
      },
      'package jq.x86_64 >1.7-1; package a-package-with-a-very-long-name-indeed.noarch >2-3',
    ],
    [
      'leaves a group that has newer packages only',
      { name: '@tools' },
      { says: { 'install @tools': table('Upgrading', JQ) } },
      'ok',
    ],
    [
      'upgrades to the latest',
      { name: 'jq', state: 'latest' },
      { installed: { jq: '1' }, says: { 'upgrade jq': table('Upgrading', JQ) } },
      'package jq.x86_64 another version>1.7-1',
    ],
    [
      'installs the latest',
      { name: 'jq', state: 'latest' },
      { says: { 'install jq': table('Installing', JQ) } },
      'package jq.x86_64 >1.7-1',
    ],
    ['upgrades only', { name: 'jq', state: 'latest', update_only: true }, {}, 'ok'],
    [
      'upgrades everything',
      { name: '*', state: 'latest', security: true },
      { says: { '--security upgrade': table('Upgrading', JQ) } },
      'package jq.x86_64 another version>1.7-1',
    ],
    [
      'removes',
      { name: 'jq', state: 'absent' },
      { installed: { jq: '1' }, says: { 'remove jq': table('Removing', JQ) } },
      'package jq.x86_64 1.7-1>',
    ],
    ['has nothing to remove', { name: 'jq', state: 'absent' }, {}, 'ok'],
    [
      'removes what nobody needs',
      { autoremove: true },
      { says: { autoremove: table('Removing', JQ) } },
      'package jq.x86_64 1.7-1>',
    ],
    [
      'goes back only when told',
      { name: 'jq-1.0' },
      { says: { 'install jq-1.0': table('Downgrading', JQ) } },
      'fail: jq.x86_64 would be downgraded: set allow_downgrade',
    ],
    [
      'goes back',
      { name: 'jq-1.0', allow_downgrade: true },
      { says: { 'install jq-1.0': table('Downgrading', JQ) } },
      'package jq.x86_64 another version>1.7-1',
    ],
    [
      'says what dnf says',
      { name: 'nonesuch' },
      {
        says: {
          nonesuch: 'Last metadata expiration check: 0:00:03 ago.\nError: Unable to find a match: nonesuch\n',
        },
      },
      'fail: dnf install nonesuch: Error: Unable to find a match: nonesuch',
    ],
    ['only refreshes', { update_cache: true }, {}, 'opaque: dnf makecache'],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(dnf, args, host(answers)))).toBe(says)
  })

  it.each<[string, object, string]>([
    ['repositories', { enablerepo: 'epel', disablerepo: '*' }, '--disablerepo=* --enablerepo=epel'],
    [
      'signatures',
      { disable_gpg_check: true },
      '--setopt=gpgcheck=0 --setopt=localpkg_gpgcheck=0 --setopt=*.gpgcheck=0',
    ],
    [
      'a root',
      { installroot: '/mnt', releasever: 42, conf_file: '/d.conf' },
      '-c /d.conf --installroot=/mnt --releasever=42',
    ],
    [
      'choices',
      { nobest: true, allowerasing: true, skip_broken: true, install_weak_deps: false },
      '--setopt=install_weak_deps=0 --setopt=best=0 --allowerasing --skip-broken',
    ],
    ['a download', { download_only: true, download_dir: '/d' }, '--downloadonly --setopt=destdir=/d'],
    ['the cache', { cacheonly: true, exclude: ['a', 'b'] }, '--exclude=a --exclude=b -C'],
  ])('hands on %s', (_what, args, words) => {
    const answers = host({ says: { 'install jq': table('Installing', JQ) } })
    expect(lines(drive(decideWith(dnf, { name: 'jq', ...args }, answers)).actions)).toEqual([
      `dnf -y ${words} install jq`,
    ])
  })

  it('tells what it did in the words of Ansible', () => {
    const verdict = decideWith(dnf, { name: 'jq' }, host({ says: { 'install jq': table('Installing', JQ) } }))
    expect(verdict).toMatchObject({ result: { results: ['Installed: jq-1.7-1.x86_64'], rc: 0 } })
  })

  it('tells in the order of the names what came and what went', () => {
    const says = { 'remove jq': table('Removing', JQ, LONG) }
    const verdict = decideWith(dnf, { name: 'jq', state: 'absent' }, host({ installed: { jq: '1' }, says }))
    expect(verdict).toMatchObject({
      result: {
        results: ['Removed: a-package-with-a-very-long-name-indeed-2-3.noarch', 'Removed: jq-1.7-1.x86_64'],
      },
    })
  })

  it.each<[string, object, Host]>([
    ['rpm does not know', { name: 'jq' }, {}],
    [
      'dnf does not find',
      { name: 'jq', installroot: '/r' },
      { says: { 'remove jq': 'No match for argument: jq\nNo packages marked for removal.\n' } },
    ],
  ])('tells which name it is that %s', (_why, args, state) => {
    expect(decideWith(dnf, { ...args, state: 'absent' }, host(state))).toMatchObject({
      kind: 'ok',
      result: { results: ['No match for argument: jq'] },
    })
  })

  it('tells of a package under the names that Ansible gives it', () => {
    const says = { list: 'jq\t0\t1.7\t1\tx86_64\t@System\n' }
    expect(decideWith(dnf, { list: 'jq' }, host({ says }))).toMatchObject({
      result: {
        results: [{ nevra: '0:jq-1.7-1.x86_64', envra: '0:jq-1.7-1.x86_64', yumstate: 'installed' }],
      },
    })
  })

  it.each([
    { name: 'x', list: 'installed' },
    { autoremove: true, state: 'latest' },
    { best: true, nobest: true },
  ])('refuses %j', args => {
    expect(dnf.args().safeParse(args).success).toBe(false)
  })
})
