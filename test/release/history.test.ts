import { describe, expect, it } from 'vitest'
import { historyOf, proposed, requireRelease, stateAt } from '../../src/release/history.ts'
import { aHost, aManifest } from './manifests.ts'

describe('the history of an environment', () => {
  it('has each number once, newest first, with the hosts that have it', () => {
    const releases = new Map([
      ['web1', aHost([aManifest(1), aManifest(3)])],
      ['web2', aHost([aManifest(1), aManifest(2)])],
    ])
    expect(historyOf(releases).map(({ number, hosts }) => [number, hosts])).toEqual([
      [3, ['web1']],
      [2, ['web2']],
      [1, ['web1', 'web2']],
    ])
  })

  it('has a number that two runs gave to different hosts twice', () => {
    const releases = new Map([
      ['web1', aHost([aManifest(1), aManifest(2, { run: 'a', when: '2026-11-02 10:00 UTC' })])],
      ['web2', aHost([aManifest(1), aManifest(2, { run: 'b', when: '2026-11-03 10:00 UTC' })])],
    ])
    expect(historyOf(releases).map(({ number, run, hosts }) => [number, run, hosts])).toEqual([
      [2, 'b', ['web2']],
      [2, 'a', ['web1']],
      [1, 'r1', ['web1', 'web2']],
    ])
    expect(proposed(releases)).toBe(1)
    expect(() => requireRelease(releases, 3)).toThrow(expect.objectContaining({ hint: 'There are: 2, 1.' }))
  })

  it('says that the state of a host at a release is its newest one up to it', () => {
    const host = aHost([aManifest(1), aManifest(3)])
    expect([1, 2, 3, 4].map(number => stateAt(host, number)?.number)).toEqual([1, 1, 3, 3])
    expect(stateAt(host, 0)).toBeNull()
  })

  it('names the releases there are when one is asked for that is not there', () => {
    const releases = new Map([['web1', aHost([aManifest(1), aManifest(3)])]])
    expect(() => requireRelease(releases, 2)).toThrow(
      expect.objectContaining({ code: 'RELEASE_UNKNOWN', hint: 'There are: 3, 1.' }),
    )
  })
})

describe('the release that is proposed to go back to', () => {
  it.each([
    ['the one before the newest', [aManifest(1), aManifest(2)], {}, 1],
    ['none, where there is only one', [aManifest(1)], {}, null],
    ['none, where there is none', [], {}, null],
    ['the newest, where a run changed something since', [aManifest(1), aManifest(2)], { lastRun: 3 }, 2],
    [
      'one before what was gone back to',
      [aManifest(1), aManifest(2), aManifest(3), aManifest(4, { rollbackOf: 2 })],
      {},
      1,
    ],
    [
      'one before the first of a row of goings back',
      [
        aManifest(1),
        aManifest(2),
        aManifest(3),
        aManifest(4, { rollbackOf: 2 }),
        aManifest(5, { rollbackOf: 4 }),
      ],
      {},
      1,
    ],
    ['none before the oldest that is known', [aManifest(2, { rollbackOf: 1 })], {}, null],
  ])('is %s', (_what, manifests, over, number) => {
    expect(proposed(new Map([['web1', aHost(manifests, over)]]))).toBe(number)
  })
})
