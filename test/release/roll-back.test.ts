import { describe, expect, it } from 'vitest'
import type { Facts, FoundFile } from '../../src/release/facts.ts'
import type { HostReleases } from '../../src/release/read-script.ts'
import { isNothing, pathsToLook, rollbackOf } from '../../src/release/roll-back.ts'
import { aFile, aHost, aManifest, anImage } from './manifests.ts'

const STACK = { project: 'stack', directory: '/opt/stack', files: ['compose.yml'] }
const ABSENT: FoundFile = { type: 'absent' }
const NONE: Facts = {
  files: new Map(),
  images: [],
  digests: new Map(),
  named: new Map(),
  damaged: new Set(),
  record: null,
}

interface Over {
  readonly services?: readonly string[]
  readonly images?: Facts['images']
  readonly damaged?: readonly string[]
  readonly named?: readonly (readonly [string, string])[]
}

function back(
  host: HostReleases,
  now: Readonly<Record<string, FoundFile>>,
  { services = [], images = [], damaged = [], named = [] }: Over = {},
) {
  const files = new Map(pathsToLook(host, 1).map((path, index) => [index, now[path] ?? ABSENT]))
  const found = rollbackOf(
    host,
    { ...NONE, files, images, named: new Map(named), damaged: new Set(damaged) },
    { number: 1, services },
  )
  if (found === null) throw new Error('the host has no release 1')
  return found
}

describe('going back on a host', () => {
  it('is nothing where all is as the release has it', () => {
    const host = aHost([aManifest(1, { files: [aFile('/etc/a')] }), aManifest(2)])
    expect(isNothing(back(host, { '/etc/a': aFile('/etc/a') }))).toBe(true)
  })

  it('puts back what differs or is gone, folders first', () => {
    const whose = { mode: '755', owner: 'root', group: 'root' }
    const folder = { type: 'directory', path: '/etc/d', notifies: [], isNew: true, ...whose } as const
    const host = aHost([
      aManifest(1, { files: [aFile('/etc/d/a'), aFile('/etc/b'), aFile('/etc/c'), folder] }),
    ])
    const now = { '/etc/b': aFile('/etc/b', { mode: '600' }), '/etc/c': aFile('/etc/c') }
    expect(back(host, now).restore.map(({ file }) => file.path)).toEqual(['/etc/d', '/etc/d/a', '/etc/b'])
  })

  it('removes what newer releases made, what is inside a folder first', () => {
    const made = [aFile('/opt/x', { isNew: true }), aFile('/opt/x/y', { isNew: true })]
    const host = aHost([
      aManifest(1),
      aManifest(2, { files: made }),
      aManifest(3, { files: [aFile('/opt/x')] }),
    ])
    const now = { '/opt/x': aFile('/opt/x'), '/opt/x/y': aFile('/opt/x/y') }
    expect(back(host, now).remove.map(({ path }) => path)).toEqual(['/opt/x/y', '/opt/x'])
  })

  it('removes nothing by a path that may lead elsewhere', () => {
    const host = aHost([aManifest(1), aManifest(2, { files: [aFile('/opt/x/../y', { isNew: true })] })])
    const found = back(host, { '/opt/x/../y': aFile('/opt/x/../y') })
    expect([found.remove, found.left]).toEqual([[], ['/opt/x/../y is no plain path: it stays']])
  })

  it('removes what a deploy made that failed', () => {
    const failed = aManifest(2, { files: [aFile('/opt/x', { isNew: true })] })
    const found = back(aHost([aManifest(1)], { failed: [failed] }), { '/opt/x': aFile('/opt/x') })
    expect(found.remove.map(({ path }) => path)).toEqual(['/opt/x'])
  })

  it('leaves, and says so, what was there before a newer release had it', () => {
    const host = aHost([aManifest(1), aManifest(2, { files: [aFile('/etc/ssh/sshd_config')] })])
    const found = back(host, { '/etc/ssh/sshd_config': aFile('/etc/ssh/sshd_config') })
    expect(found.remove).toEqual([])
    expect(found.left).toEqual(['/etc/ssh/sshd_config was there before a release had it: it stays as it is'])
  })

  it.each([
    ['a file that was too large', aFile('/etc/a', { isKept: false }), /too large to be kept/],
    [
      'what was neither',
      { type: 'other', path: '/etc/a', notifies: [], isNew: false } as const,
      /was neither/,
    ],
    [
      'what was not there',
      { type: 'absent', path: '/etc/a', notifies: [], isNew: false } as const,
      /was not there/,
    ],
  ])('leaves %s', (_what, file, message) => {
    const host = aHost([aManifest(1, { files: [file] })])
    const found = back(host, { '/etc/a': aFile('/etc/a', { sha256: 'c'.repeat(64) }) })
    expect([found.restore, found.left]).toEqual([[], [expect.stringMatching(message)]])
  })

  it('leaves a file whose copy is damaged, unless only its mode differs', () => {
    const host = aHost([aManifest(1, { files: [aFile('/etc/a'), aFile('/etc/b')] })])
    const now = {
      '/etc/a': aFile('/etc/a', { mode: '600' }),
      '/etc/b': aFile('/etc/b', { sha256: 'c'.repeat(64) }),
    }
    const found = back(host, now, { damaged: ['a'.repeat(64)] })
    expect(found.restore.map(({ file }) => file.path)).toEqual(['/etc/a'])
    expect(found.left).toEqual([expect.stringContaining('/etc/b was kept, but the copy is damaged')])
  })

  it('leaves a folder where a file was', () => {
    const host = aHost([aManifest(1, { files: [aFile('/etc/a')] })])
    const now = { type: 'directory', mode: '755', owner: 'root', group: 'root' } as const
    expect(back(host, { '/etc/a': now }).left).toEqual(['/etc/a is a folder now: it stays as it is'])
  })

  it('gives the images of the release their names back, and waits for what was healthy then', () => {
    const images = [
      anImage('web', 'sha256:1'),
      anImage('db', 'sha256:2'),
      anImage('job', 'sha256:3', { state: 'exited' }),
    ]
    const host = aHost([aManifest(1, { compose: [STACK], images }), aManifest(2, { compose: [STACK] })])
    const now = [anImage('web', 'sha256:9'), anImage('db', 'sha256:2'), anImage('job', 'sha256:3')]
    const [compose] = back(host, {}, { images: now }).compose
    expect(compose?.images.map(({ service, id, now }) => [service, id, now])).toEqual([
      ['web', 'sha256:1', 'sha256:9'],
    ])
    expect(compose?.healthy).toEqual(['stack-web-1', 'stack-db-1'])
    expect(compose?.services).toBeNull()
  })

  it('gives an image its name back where only the name has moved', () => {
    const images = [anImage('web', 'sha256:1')]
    const host = aHost([aManifest(1, { compose: [STACK], images })])
    const meant = (id: string) =>
      back(host, {}, { images, named: [['web:1', id]] }).compose.flatMap(one =>
        one.images.map(({ service }) => service),
      )
    expect([meant('sha256:2'), meant('sha256:1')]).toEqual([['web'], []])
  })

  it('ends compose projects that came with newer releases', () => {
    const host = aHost([aManifest(1), aManifest(2, { compose: [STACK] })])
    expect(back(host, {}).down).toEqual([STACK])
  })

  it('keeps to some services: their images, and the files of their projects', () => {
    const images = [anImage('web', 'sha256:1'), anImage('db', 'sha256:2')]
    const files = [aFile('/opt/stack/compose.yml'), aFile('/etc/a')]
    const newer = aManifest(2, { files: [aFile('/opt/new', { isNew: true })] })
    const host = aHost([aManifest(1, { compose: [STACK], images, files }), newer])
    const found = back(host, { '/opt/new': aFile('/opt/new') }, { services: ['web'] })
    expect(found.restore.map(({ file }) => file.path)).toEqual(['/opt/stack/compose.yml'])
    expect(found.remove).toEqual([])
    expect(
      found.compose.map(one => [one.services, one.images.map(({ service }) => service), one.healthy]),
    ).toEqual([[['web'], ['web'], ['stack-web-1']]])
  })

  it('is not possible where the host has no such release', () => {
    const host = aHost([aManifest(2)])
    expect(rollbackOf(host, NONE, { number: 1, services: [] })).toBeNull()
  })
})
