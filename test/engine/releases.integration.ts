import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ReleaseOptions } from '../../src/engine/releasing.ts'
import { parseManifest } from '../../src/release/manifest.ts'
import { type Played, type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null
afterEach(() => open?.close())

const RELEASE: ReleaseOptions = {
  env: 'all',
  keep: 3,
  when: '2026-11-21 10:00 UTC',
  inventory: null,
  secrets: null,
  isPart: false,
}

const SITE = `
- hosts: all
  tasks:
    - name: Write it
      copy: { content: "{{ text | default('a') }}", dest: "{{ dir }}/a", mode: "0640" }
      notify: Tell
    - name: Write more
      copy: { content: b, dest: "{{ dir }}/b" }
      tags: [more]
    - name: Then
      command: "{{ then | default('true') }}"
      changed_when: false
      when: then is defined
  handlers:
    - name: Tell
      command: "true"
      changed_when: false
`

function stage(over: Partial<Stage> = {}, release: Partial<ReleaseOptions> = {}): Theatre {
  open = theatre({ files: { 'site.yml': SITE }, record: { release: { ...RELEASE, ...release } }, ...over })
  return open
}
const folderOf = ({ dir }: Theatre) => path.join(dir, '..', 'record', 'stage')
const releasesOf = (theatre: Theatre) => {
  const folder = path.join(folderOf(theatre), 'releases')
  return existsSync(folder) ? readdirSync(folder).sort() : []
}
const manifestOf = async (theatre: Theatre, name: string) =>
  parseManifest(await readFile(path.join(folderOf(theatre), 'releases', name, 'manifest'), 'utf8'))
const text = (value: string): Partial<Stage> => ({ options: { extraVars: { text: value } } })
const part = { record: { release: { ...RELEASE, isPart: true } } }
const warnings = ({ events }: Played) => events.flatMap(one => (one.type === 'warning' ? [one.message] : []))

describe('releases of a host', () => {
  it('are made by runs that changed something, and say what was declared and what is there', async () => {
    const theatre = stage()
    const { summary, events } = await theatre.play()
    expect(summary.released).toEqual({ before: null, made: 1 })
    expect(events.filter(one => one.type === 'release.made')).toEqual([
      { type: 'release.made', host: 'h1', release: 1 },
    ])
    const manifest = await manifestOf(theatre, '0000000001')
    expect(manifest).toMatchObject({ number: 1, run: 'r1', lease: 1, rollbackOf: null })
    expect(manifest?.files).toMatchObject([
      { path: `${theatre.dir}/a`, type: 'file', mode: '640', isNew: true, notifies: ['Tell'] },
      { path: `${theatre.dir}/b`, type: 'file', isNew: true, notifies: [] },
    ])
    expect((await theatre.play(text('two'))).summary.released).toEqual({ before: 1, made: 2 })
    const [first] = (await manifestOf(theatre, '0000000002'))?.files ?? []
    expect(first).toMatchObject({ isNew: false })
  })

  it('are not made by a run that changes nothing, which stays one request', async () => {
    const theatre = stage()
    await theatre.play()
    const { requests, summary } = await theatre.play()
    expect(requests).toBe(1)
    expect(summary.released).toEqual({ before: 1, made: null })
    expect(releasesOf(theatre)).toEqual(['0000000001'])
  })

  it('are made of what was there before, where there is none yet', async () => {
    const theatre = stage()
    await theatre.play({ record: {} })
    expect(releasesOf(theatre)).toEqual([])
    expect((await theatre.play()).summary.released).toEqual({ before: null, made: 1 })
    expect((await theatre.play()).requests).toBe(1)
  })

  it('have one number on all hosts; a host without a change has none of it', async () => {
    const site = SITE.replace('{{ dir }}/a', '{{ dir }}/{{ name }}')
    const vars = (name: string) => ({ name, vpai_host_state: '' })
    open = theatre({
      files: { 'site.yml': site },
      hosts: ['h1', 'h2'],
      record: { release: RELEASE },
    })
    const places = (one: Theatre, over: object) => ({
      h1: { ...vars('a1'), vpai_host_state: `${one.dir}/../s1`, ...over },
      h2: { ...vars('a2'), vpai_host_state: `${one.dir}/../s2` },
    })
    await open.play({ hostVars: places(open, {}) })
    await open.play({ hostVars: places(open, { text: 'other' }) })
    const numbers = (host: string) => readdirSync(path.join(open?.dir ?? '', '..', host, 'stage', 'releases'))
    expect([numbers('s1').sort(), numbers('s2')]).toEqual([['0000000001', '0000000002'], ['0000000001']])
  })

  it('are not made by a run that failed, which leaves what it declared; the next that succeeds makes one', async () => {
    const theatre = stage()
    await theatre.play()
    const failed = await theatre.play({ options: { extraVars: { text: 'two', then: 'false' } } })
    expect(failed.summary.released).toEqual({ before: 1, made: null })
    expect(releasesOf(theatre)).toEqual(['0000000001', 'failed.0000000002'])
    expect((await manifestOf(theatre, 'failed.0000000002'))?.files.map(one => one.path)).toContain(
      `${theatre.dir}/a`,
    )
    const next = await theatre.play(text('two'))
    expect(next.summary.stats.h1?.failed).toBe(0)
    expect(next.summary.released).toEqual({ before: 1, made: 2 })
    expect(releasesOf(theatre)).toEqual(['0000000001', '0000000002'])
  })

  it('made by a part of the project keep what the rest declared', async () => {
    const theatre = stage()
    await theatre.play()
    writeFileSync(path.join(theatre.dir, 'b'), 'else')
    const { summary } = await theatre.play({ ...part, options: { tags: ['more'] } })
    expect(summary.released.made).toBe(2)
    const manifest = await manifestOf(theatre, '0000000002')
    expect(manifest?.isPart).toBe(true)
    expect(manifest?.files.map(one => path.basename(one.path))).toEqual(['a', 'b'])
  })

  it('are not made by a part of the project after a run that failed', async () => {
    const theatre = stage()
    await theatre.play()
    await theatre.play({ options: { extraVars: { text: 'two', then: 'false' } } })
    writeFileSync(path.join(theatre.dir, 'b'), 'else')
    const { summary } = await theatre.play({ ...part, options: { tags: ['more'] } })
    expect(summary.released.made).toBeNull()
  })

  it('are kept as many as wanted', async () => {
    const theatre = stage()
    for (const one of ['1', '2', '3', '4']) await theatre.play(text(one))
    expect(releasesOf(theatre)).toEqual(['0000000002', '0000000003', '0000000004'])
  })

  it('that cannot be written are a warning, and no failure', async () => {
    const theatre = stage()
    await theatre.play()
    writeFileSync(path.join(folderOf(theatre), 'releases', '0000000002'), 'in the way')
    const played = await theatre.play(text('two'))
    expect(played.summary.stats.h1?.failed).toBe(0)
    expect(played.summary.released.made).toBeNull()
    expect(warnings(played).join()).toContain('there is no release 2')
  })

  it('are not made in check mode', async () => {
    const theatre = stage()
    const { summary } = await theatre.play({ options: { check: true } })
    expect(summary.released).toEqual({ before: null, made: null })
    expect(releasesOf(theatre)).toEqual([])
  })
})
