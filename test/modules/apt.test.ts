import { describe, expect, it } from 'vitest'
import { apt } from '../../src/modules/apt.ts'
import { cacheIsFresh } from '../../src/modules/shared/apt-host.ts'
import { parseSpec, versionFits } from '../../src/modules/shared/package-spec.ts'
import type { Key } from '../../src/probes/contract.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const none = { installed: false, version: null, held: false, candidate: null, broken: false }

/** name → [installed version, candidate] */
function host(
  packages: Record<string, [string | null, string | null]>,
  reads: [RegExp, string][] = [],
): Answers {
  return (key: Key) => {
    if (key.kind === 'package') {
      const [version, candidate] = packages[key.name] ?? [null, null]
      return { ...none, installed: version !== null, version, candidate }
    }
    if (key.kind === 'read') {
      const stdout = reads.find(([name]) => name.test(key.name))?.[1] ?? ''
      return { code: 0, stdout, stderr: '' }
    }
    return undefined
  }
}

const FRESH: [RegExp, string] = [/age of/, '1000 900 100']
const STALE: [RegExp, string] = [/age of/, '9000 900 100']

describe('apt.decide', () => {
  it.each<[string, object, Answers, string]>([
    ['is done when installed', { name: 'curl' }, host({ curl: ['8', '9'] }), 'ok'],
    [
      'installs what is missing, and only that',
      { name: ['curl', 'jq'] },
      host({ curl: ['8', '8'], jq: [null, '1.6'] }),
      'package jq >1.6',
    ],
    [
      'upgrades with latest',
      { name: 'curl', state: 'latest' },
      host({ curl: ['8', '9'] }),
      'package curl 8>9',
    ],
    ['is done with latest when newest', { name: 'curl', state: 'latest' }, host({ curl: ['9', '9'] }), 'ok'],
    ['keeps a version that fits', { name: 'curl=8.*' }, host({ curl: ['8.1', '9'] }), 'ok'],
    ['changes a version that does not', { name: 'curl=8' }, host({ curl: ['9', '9'] }), 'package curl 9>8'],
    ['takes a comma list', { name: 'curl,jq' }, host({ curl: ['8', '8'], jq: ['1', '1'] }), 'ok'],
    [
      'removes what is there',
      { name: ['curl', 'jq'], state: 'absent' },
      host({ curl: ['8', '8'] }),
      'package curl 8>',
    ],
    ['is done when gone', { name: 'curl', state: 'absent' }, host({ curl: [null, '8'] }), 'ok'],
    [
      'purges what removal left',
      { name: 'curl', state: 'absent', purge: true },
      host({}, [[/configuration/, 'curl\n']]),
      'package curl configuration>',
    ],
    ['knows installed providers', { name: 'mail-agent' }, host({}, [[/providers/, 'exim4\n']]), 'ok'],
    ['tries what nobody knows', { name: 'odd' }, host({}), 'package odd >installed'],
    ['only upgrades when told', { name: 'curl', only_upgrade: true }, host({ curl: [null, '8'] }), 'ok'],
    ['matches patterns', { name: 'lib*' }, host({}, [[/like lib/, 'ii libc6\n']]), 'ok'],
    ['leaves fresh lists', { update_cache: true, cache_valid_time: 3600 }, host({}, [FRESH]), 'ok'],
    [
      'fetches stale lists',
      { update_cache: true, cache_valid_time: 60 },
      host({}, [STALE]),
      'apt lists /var/lib/apt/lists old>fresh',
    ],
    [
      'fetches stale lists quietly beside packages',
      { name: 'curl', update_cache: true },
      host({ curl: ['8', '8'] }, [STALE]),
      'opaque: apt-get update',
    ],
    [
      'lists what an upgrade does',
      { upgrade: 'dist' },
      host({}, [[/simulation/, 'Inst curl [8] (9 Debian)\nConf curl\n']]),
      'package curl 8>9',
    ],
    [
      'upgrades nothing when there is nothing',
      { upgrade: 'yes' },
      host({}, [[/simulation/, 'Reading…\n']]),
      'ok',
    ],
    [
      'lists what nobody needs',
      { autoremove: true },
      host({}, [[/autoremove/, 'Remv old [1.0]\n']]),
      'package old 1.0>',
    ],
    [
      'compares a deb',
      { deb: '/tmp/x.deb' },
      host({ x: ['1', null] }, [[/deb /, 'x\t2\n']]),
      'package x 1>2',
    ],
    ['knows an installed deb', { deb: '/tmp/x.deb' }, host({ x: ['2', null] }, [[/deb /, 'x\t2\n']]), 'ok'],
    [
      'fetches a deb before it knows',
      { deb: 'https://h/x.deb' },
      host({}),
      'opaque: install https://h/x.deb',
    ],
    [
      'repairs broken dependencies',
      { state: 'fixed' },
      host({}, [[/broken/, 'dependencies']]),
      'packages dependencies broken>fixed',
    ],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(apt, args, answers))).toBe(says)
  })

  it('fails where there is no apt-get', () => {
    const verdict = decideWith(apt, { name: 'x' }, key => (key.kind === 'which' ? { path: null } : undefined))
    expect(brief(verdict)).toMatch(/^fail: this host has no apt-get/)
  })

  it('updates first, then installs, and never asks back', () => {
    const verdict = decideWith(
      apt,
      { name: 'jq', update_cache: true, install_recommends: false },
      host({ jq: [null, '1'] }, [STALE]),
    )
    const { actions, result } = drive(verdict)
    expect(lines(actions)[0]).toContain('apt-get update')
    expect(lines(actions)[1]).toBe(
      'apt-get -y -q -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=60 -o APT::Install-Recommends=no install jq',
    )
    expect(actions[1]).toMatchObject({ env: { DEBIAN_FRONTEND: 'noninteractive' } })
    expect(result).toMatchObject({ cache_updated: true })
  })

  it('refuses a key it does not know', () => {
    expect(apt.args().safeParse({ name: 'x', colour: 'red' }).success).toBe(false)
  })

  it('takes the older names', () => {
    expect(apt.args().parse({ pkg: 'x', 'update-cache': 'yes', state: 'installed' })).toMatchObject({
      name: ['x'],
      update_cache: true,
      state: 'present',
    })
  })
})

describe('apt parts', () => {
  it.each<[string, number, number, number, number, boolean]>([
    ['older than allowed', 5000, 1000, 0, 3600, false],
    ['young enough', 4000, 1000, 0, 3600, true],
    ['a moment ago', 1030, 1000, 900, 0, true],
    ['a moment ago, but the sources are newer', 1030, 1000, 1010, 0, false],
  ])('lists fetched %s', (_why, now, updated, sources, valid, fresh) => {
    expect(cacheIsFresh({ now, updated, sources }, valid)).toBe(fresh)
  })

  it.each<[string | null, string | null, boolean]>([
    [null, '1', true],
    ['1.*', '1.2-3', true],
    ['1.2', '1.2-3', false],
    ['1+x', '1+x', true],
    ['1', null, false],
  ])('version %s fits %s: %s', (wish, version, fits) => {
    expect(versionFits(wish, version)).toBe(fits)
  })

  it('reads a spec with spaces', () => {
    expect(parseSpec('nginx = 1.2*')).toEqual({
      word: 'nginx=1.2*',
      name: 'nginx',
      version: '1.2*',
      pattern: false,
    })
  })
})
