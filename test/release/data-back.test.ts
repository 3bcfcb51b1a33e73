import { describe, expect, it } from 'vitest'
import { addedSnapshots, requireSnapshots, snapshotsOf } from '../../src/release/data-back.ts'
import { parseReleases } from '../../src/release/read-script.ts'
import { parseSnapshot, roleFolder, type SnapshotSeen } from '../../src/release/snapshot-scripts.ts'
import { aHost, aManifest } from './manifests.ts'

const LINE =
  'snapshot 0000000006.0000000012 1700000090 96 1700000030 db,cache {"run":"r1","when":"today","by":"me"}'

function aSnapshot(release: number, lease: number): SnapshotSeen {
  const name = `${String(release).padStart(10, '0')}.${String(lease).padStart(10, '0')}`
  return { name, release, run: 'r', when: 'today', by: 'me', bytes: 1, age: 1, roles: ['db'] }
}

describe('a snapshot', () => {
  it('is read from its line', () => {
    expect(parseSnapshot(LINE)).toEqual({
      name: '0000000006.0000000012',
      release: 6,
      run: 'r1',
      when: 'today',
      by: 'me',
      bytes: 96 * 1024,
      age: 60,
      roles: ['db', 'cache'],
    })
  })

  it.each(['', 'snapshot', LINE.replace('{', ''), LINE.replace('"me"', ''), LINE.replace(' 96', '')])(
    'is none where the line is %j',
    line => {
      expect(parseSnapshot(line)).toBeNull()
    },
  )

  it('is listed behind the releases of a host', () => {
    const { snapshots, lastRun, releases } = parseReleases(`last 0000000012\n${LINE}\n`)
    expect([snapshots.map(({ release }) => release), lastRun, releases]).toEqual([[6], 12, []])
  })

  it('has a folder for each role that needs no care', () => {
    expect(roleFolder('a.b/c d')).toBe('a.b_c_d')
  })
})

describe('the snapshot of a release', () => {
  const own = aHost([aManifest(3), aManifest(6), aManifest(7)], {
    snapshots: [aSnapshot(3, 5), aSnapshot(6, 7), aSnapshot(6, 8)],
  })

  it.each([
    [6, 7],
    [3, 5],
    [5, 5],
  ])('%i on a host is the first that was made while it had it', (release, lease) => {
    const found = snapshotsOf(new Map([['one', own]]), release).get('one')
    expect(found?.name).toMatch(new RegExp(`\\.0*${lease}$`))
  })

  it('is none where none was made, and hosts without data have none to miss', () => {
    const releases = new Map([
      ['one', own],
      ['two', aHost([aManifest(7)])],
    ])
    expect([...snapshotsOf(releases, 7)]).toEqual([['one', null]])
    expect(() => requireSnapshots(releases, 7)).toThrow(/no snapshot of the data of release 7 on one/)
    expect([...requireSnapshots(releases, 6).keys()]).toEqual(['one'])
  })

  it('is asked for in vain where no host keeps data', () => {
    expect(() => requireSnapshots(new Map([['two', aHost([aManifest(7)])]]), 7)).toThrow(/release 7$/)
  })

  it('that was made in between is known by its name', () => {
    const after = { ...own, snapshots: [...own.snapshots, aSnapshot(7, 9)] }
    const added = addedSnapshots(new Map([['one', own]]), new Map([['one', after]]))
    expect([...added].map(([host, { release }]) => [host, release])).toEqual([['one', 7]])
    expect(addedSnapshots(new Map([['one', own]]), new Map([['one', own]])).size).toBe(0)
  })
})
