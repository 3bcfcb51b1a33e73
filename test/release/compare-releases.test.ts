import { describe, expect, it } from 'vitest'
import { compareReleases } from '../../src/release/compare-releases.ts'
import { aFile, aManifest, anImage } from './manifests.ts'

const paths = (from: Parameters<typeof aManifest>[1], to: Parameters<typeof aManifest>[1]) =>
  compareReleases(aManifest(1, from), aManifest(2, to)).files.map(({ path, from, to }) => [
    path,
    from?.type,
    to?.type,
  ])

describe('two releases', () => {
  it('of the same files and images do not differ', () => {
    const same = { files: [aFile('/etc/a')], images: [anImage('web', 'sha256:1')] }
    expect(compareReleases(aManifest(1, same), aManifest(2, same))).toEqual({ files: [], images: [] })
  })

  it('differ in files that came and went', () => {
    expect(paths({ files: [aFile('/etc/a')] }, { files: [aFile('/etc/b')] })).toEqual([
      ['/etc/a', 'file', undefined],
      ['/etc/b', undefined, 'file'],
    ])
  })

  it.each([
    ['content', { sha256: 'b'.repeat(64) }],
    ['content that begins alike', { sha256: `${'a'.repeat(63)}b` }],
    ['mode', { mode: '600' }],
    ['owner', { owner: 'www' }],
    ['group', { group: 'www' }],
  ])('differ in the %s of a file', (_what, over) => {
    expect(paths({ files: [aFile('/etc/a')] }, { files: [aFile('/etc/a', over)] })).toHaveLength(1)
  })

  it('take a file that was declared and not there for none', () => {
    const absent = { type: 'absent', path: '/etc/a', notifies: [], isNew: false } as const
    expect(paths({ files: [absent] }, { files: [] })).toEqual([])
  })

  it('differ in the image of a service, by its id and by its name', () => {
    const image = (id: string, reference = 'web:1') => ({ images: [anImage('web', id, { reference })] })
    const differences = (from: object, to: object) =>
      compareReleases(aManifest(1, from), aManifest(2, to)).images.map(({ service }) => service)
    expect(differences(image('sha256:1'), image('sha256:2'))).toEqual(['web'])
    expect(differences(image('sha256:1'), image('sha256:1', 'web:2'))).toEqual(['web'])
    expect(differences(image('sha256:1'), { images: [] })).toEqual(['web'])
  })
})
