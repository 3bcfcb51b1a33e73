/** The looks of drift and status, by shells that servers have, with what this machine has. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { driftScript } from '../../src/drift/drift-script.ts'
import { parseSeen } from '../../src/drift/seen.ts'
import { recordFolder } from '../../src/record/layout.ts'
import { makeScript } from '../../src/release/make-script.ts'
import { parseStatus } from '../../src/status/seen.ts'
import { PROVEN_RESTORE, statusScript } from '../../src/status/status-script.ts'
import { aHeader } from '../release/manifests.ts'

const SHELLS = ['dash', 'bash', 'busybox sh']
let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "vpai-looks o'f-"))
  folder = recordFolder('site', { isRoot: true, fixed: root })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.each(SHELLS)('looking with %s', shell => {
  const sh = (script: string, programs = '/usr/bin:/bin:/usr/sbin') => {
    const [program = '', ...args] = shell.split(' ')
    const env = { ...process.env, PATH: programs, DOCKER_HOST: 'unix:///nonexistent' }
    const file = `/usr/bin/${program}`
    const { status, stdout, stderr } = spawnSync(file, [...args, '-c', script], { encoding: 'utf8', env })
    expect([status, stderr]).toEqual([0, ''])
    return stdout
  }
  const release = (paths: readonly string[], over = {}) => {
    const files = paths.map(one => ({ path: one, notifies: ['a "b"'], isNew: false }))
    const lists = { compose: [], containers: [], units: [], userUnits: [], packages: [], ...over }
    sh(makeScript({ folder, header: aHeader(1), declared: { files, ...lists }, keep: 3 }))
  }
  const write = (name: string, text = '') => {
    writeFileSync(path.join(root, name), text)
    return path.join(root, name)
  }

  it('finds files by names with all that JSON writes otherwise', () => {
    const names = [
      'plain',
      ' with blanks ',
      'quo"te',
      "quo'te",
      'back\\slash',
      '\\"',
      '","notifies":',
      '$(x)',
      'ü',
    ]
    const files = names.map(name => write(name, name))
    release([...files, path.join(root, 'gone')])
    const seen = parseSeen(sh(driftScript(folder)))
    expect(names.map((_name, index) => seen?.files.get(index)?.type)).toEqual(names.map(() => 'file'))
    expect(seen?.release?.files.map((one, index) => [one.type, seen.times.has(index)])).toEqual([
      ...names.map(() => ['file', true]),
      ['absent', true],
    ])
    expect(seen?.files.get(names.length)).toEqual({ type: 'absent' })
  })

  it('has packages, ports and what is out of sight in the release, and finds the same', () => {
    release([], { packages: ['busybox-static', 'no-such-package'], units: ['x.service'] })
    const seen = parseSeen(sh(driftScript(folder)))
    const then = seen?.release?.state
    expect(then?.packages).toMatchObject([{ name: expect.stringMatching(/^busybox-static/) }])
    expect(seen?.state?.packages).toEqual(then?.packages)
    expect(then?.blind.containers).toMatch(/docker/)
    expect(then?.at).toBeGreaterThan(1.7e9)
    expect(seen?.state?.ephemeral.low).toBeGreaterThan(1000)
  })

  it('says what it cannot look at where programs are missing, and goes on', () => {
    release([])
    const bin = path.join(root, 'bin')
    mkdirSync(bin)
    const few = 'sh cat sed date stat readlink sha256sum tr cut grep tail sort df find ls rm'.split(' ')
    for (const name of few)
      writeFileSync(path.join(bin, name), `#!/bin/sh\nexec /bin/busybox ${name} "$@"\n`, { mode: 0o755 })
    const seen = parseSeen(sh(driftScript(folder), bin))
    expect(seen?.state?.blind).toMatchObject({
      units: expect.any(String),
      containers: 'docker is not there',
      ports: expect.stringContaining('iproute2'),
    })
    expect(seen?.logins).toBeNull()
    const status = parseStatus(sh(statusScript(folder), bin))
    expect(status).toMatchObject({ containers: null, failedUnits: null })
    expect(status?.disks.length).toBeGreaterThan(0)
  })

  it('reads certificates that were declared, and sends no key', () => {
    const [key, crt] = [path.join(root, 'own.key'), path.join(root, 'own.crt')]
    const made = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 5 -subj /CN=own -addext subjectAltName=DNS:a.example,DNS:b.example -keyout '${key.replaceAll("'", `'\\''`)}' -out - 2>/dev/null`
    const text = sh(made)
    writeFileSync(crt, `${sh(`cat '${key.replaceAll("'", `'\\''`)}'`)}${text}${text}`)
    release([crt])
    const answer = sh(statusScript(folder))
    expect(answer).not.toContain('PRIVATE')
    const [certificate] = parseStatus(answer)?.certificates ?? []
    expect(certificate).toMatchObject({ path: crt, names: ['a.example', 'b.example'] })
    const { from, until } = certificate ?? {}
    expect(Math.round(((until ?? 0) - (from ?? 0)) / 86_400)).toBe(5)
  })

  it('reads the proof of a restore, and writes nothing', () => {
    release([])
    const proof = { at: 1_700_000_000, result: 'ok', what: ['postgresql/app'], run: 'r7' }
    write(path.join('site', PROVEN_RESTORE), `${JSON.stringify(proof)}\n`)
    const before = readdirSync(root, { recursive: true })
    expect(parseStatus(sh(statusScript(folder)))?.restore).toEqual(proof)
    sh(driftScript(folder))
    expect(readdirSync(root, { recursive: true })).toEqual(before)
  })

  it('finds nothing where there is no record', () => {
    expect(parseSeen(sh(driftScript(folder)))).toMatchObject({ release: null })
    expect(parseStatus(sh(statusScript(folder)))).toMatchObject({ release: null, runs: [], restore: null })
  })
})
