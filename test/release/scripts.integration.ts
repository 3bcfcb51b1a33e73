import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordFolder } from '../../src/record/layout.ts'
import { filesScript, readFacts } from '../../src/release/facts.ts'
import { failedScript, makeScript } from '../../src/release/make-script.ts'
import { parseReleases, parseTexts, readScript, textsScript } from '../../src/release/read-script.ts'
import { aHeader } from './manifests.ts'

const SHELLS = ['dash', 'bash', 'busybox sh']
let root = ''
let folder = ''
let record = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "vpai-release o'f-"))
  folder = recordFolder('site', { isRoot: true, fixed: root })
  record = path.join(root, 'site')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.each(SHELLS)('releases, made by %s', shell => {
  const sh = (script: string) => {
    const [program = '', ...args] = shell.split(' ')
    // No docker here: what containers run is shown on hosts that have one.
    const env = { ...process.env, PATH: '/usr/bin:/bin', DOCKER_HOST: 'unix:///nonexistent' }
    const { status, stdout, stderr } = spawnSync(program, [...args, '-c', script], { encoding: 'utf8', env })
    return { status, stdout, stderr }
  }
  const make = (number: number, paths: readonly string[], keep = 10) => {
    const files = paths.map(one => ({ path: one, notifies: ['Tell'], isNew: true }))
    const declared = { files, compose: [], containers: [], units: [], userUnits: [], packages: [] }
    return sh(makeScript({ folder, header: aHeader(number), declared, keep }))
  }
  const read = () => parseReleases(sh(readScript(folder)).stdout)
  const write = (name: string, text: string) => {
    const file = path.join(root, name)
    writeFileSync(file, text)
    return file
  }

  it('say what was there: files with mode and digest, folders, links, and what is missing', () => {
    const file = write("it's a file", 'one\n')
    chmodSync(file, 0o640)
    const link = path.join(root, 'link')
    symlinkSync('a target\twith a tab', link)
    const dir = path.join(root, 'dir')
    mkdirSync(dir, { mode: 0o700 })
    expect(make(1, [file, link, dir, path.join(root, 'gone')])).toEqual({ status: 0, stdout: '', stderr: '' })
    const [release] = read().releases
    expect(release?.files).toMatchObject([
      { type: 'file', mode: '640', size: 4, isKept: true, notifies: ['Tell'], isNew: true },
      { type: 'link', target: 'a target\twith a tab' },
      { type: 'directory', mode: '700' },
      { type: 'absent' },
    ])
    expect(release).toMatchObject({ number: 1, by: 'ann on desk', env: 'prod' })
  })

  it('keep each content once, where nobody but root can read it', () => {
    const [one, two] = [write('one', 'same'), write('two', 'same')]
    make(1, [one, two])
    const blobs = readdirSync(path.join(record, 'blobs'))
    expect(blobs).toHaveLength(1)
    expect(readFileSync(path.join(record, 'blobs', blobs[0] ?? ''), 'utf8')).toBe('same')
    expect(statSync(path.join(record, 'blobs', blobs[0] ?? '')).mode & 0o777).toBe(0o600)
    expect(statSync(path.join(record, 'blobs')).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(record, 'releases')).mode & 0o777).toBe(0o700)
    expect(statSync(path.join(record, 'releases', '0000000001', 'manifest')).mode & 0o777).toBe(0o600)
  })

  it('are made whole or not at all, and no number twice', () => {
    const file = write('one', '1')
    make(1, [file])
    writeFileSync(file, '2')
    expect(make(1, [file]).status).toBe(87)
    expect(read().releases).toHaveLength(1)
    expect(readdirSync(path.join(record, 'releases'))).toEqual(['0000000001'])
  })

  it('are kept as many as wanted, with the contents that some release still names', () => {
    const [file, other] = [write('file', ''), write('other', 'stays')]
    for (const number of [8, 9, 10, 11]) {
      writeFileSync(file, `content ${number}`)
      expect(make(number, [file, other], 2).status).toBe(0)
    }
    expect(read().releases.map(({ number }) => number)).toEqual([10, 11])
    const contents = readdirSync(path.join(record, 'blobs')).map(name =>
      readFileSync(path.join(record, 'blobs', name), 'utf8'),
    )
    expect(contents.sort()).toEqual(['content 10', 'content 11', 'stays'])
    expect(readdirSync(path.join(record, 'releases')).sort()).toEqual(['0000000010', '0000000011'])
  })

  it('are told what deploys declared that failed, until the next release', () => {
    make(1, [])
    const file = { path: '/opt/x', notifies: [], isNew: true }
    const declared = { files: [file], compose: [], containers: [], units: [], userUnits: [], packages: [] }
    expect(sh(failedScript({ folder, header: aHeader(2), declared })).status).toBe(0)
    expect(read().failed).toMatchObject([{ number: 2, files: [{ path: '/opt/x', isNew: true }] }])
    make(2, [])
    expect(read().failed).toEqual([])
  })

  it('are none where the host has no record, and looking makes nothing', () => {
    expect(read()).toEqual({ releases: [], failed: [], lastRun: 0, snapshots: [] })
    expect(existsSync(record)).toBe(false)
  })

  it('give back texts, and nothing for what is no text', () => {
    const files = [write('text', 'a\nb\n'), write('empty', ''), write('binary', 'a\0b')]
    make(1, files)
    const digests = read().releases[0]?.files.flatMap(one => (one.type === 'file' ? [one.sha256] : [])) ?? []
    const texts = parseTexts(sh(textsScript(folder, { digests, paths: [] }, '==mark')).stdout, '==mark')
    expect([...texts.values()]).toEqual(['a\nb\n', ''])
  })

  it('are compared with what is there now', () => {
    const file = write('one', '1')
    const facts = readFacts(sh(filesScript([path.join(root, 'none'), file])).stdout)
    expect([...facts.files.values()]).toMatchObject([{ type: 'absent' }, { type: 'file', size: 1 }])
  })
})
