import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LEASE_LOST } from '../../src/record/layout.ts'
import { endScript, ownedScript, takeScript } from '../../src/record/lease.ts'
import { lookScript, parseLook } from '../../src/record/look.ts'
import { type OwnedList, ownedText, parseOwned, readOwnedScript } from '../../src/record/owned.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vpai-owned-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function list(id: string, ...paths: readonly string[]): OwnedList {
  const entries = paths.map(path => ({
    resource: { kind: 'file', path, type: 'file' } as const,
    role: 'it’s “r”',
    task: 'T\\n $x',
    module: 'copy',
    within: [],
    since: 'r1',
  }))
  return { id, owner: { host: 'h', playbook: 'p', environment: '' }, basis: 'b', orphans: entries, entries }
}

describe.each(['sh', 'dash', 'busybox sh'])('lists of what is owned, by %s', shell => {
  const [program = '', ...words] = shell.split(' ')
  const has = spawnSync(program, [...words, '-c', 'exit 0']).status === 0
  if (!has) console.warn(`${shell} is not here: left out`)
  const folder = () => path.join(root, 'site')
  const sh = (script: string, input = '') => {
    const { status, stdout } = spawnSync(program, [...words, '-c', script], { encoding: 'utf8', input })
    return { status, stdout }
  }
  const take = (number: number) => sh(takeScript(folder(), { number, run: 'r1', holder: '{}', user: 'root' }))
  const end = (number: number, owned: OwnedList) =>
    sh(endScript(folder(), { number, ending: 'ok', struck: [], owned: owned.id }), ownedText(owned)).status

  it.runIf(has)('are written with the last word, and read back; a look reads no further than orphans', () => {
    take(1)
    const [one, two] = [list('aa', '/a', '/b'), list('bb', '/c')]
    expect(sh(ownedScript(folder(), { number: 1, id: two.id }), ownedText(two)).status).toBe(0)
    expect(end(1, one)).toBe(0)
    expect(parseOwned(sh(readOwnedScript(folder())).stdout)).toEqual([one, two])
    const seen = parseLook(sh(lookScript(folder())).stdout)
    expect(seen.owned).toEqual([one, two].map(each => ({ ...each, entries: [] })))
    expect(seen.runs).toEqual([{ number: 1, ended: 'ok' }])
    expect(readdirSync(path.join(folder(), 'owned')).sort()).toEqual(['aa', 'bb'])
    expect(statSync(path.join(folder(), 'owned', 'aa')).mode & 0o777).toBe(0o600)
  })

  it.runIf(has)('are left as they are by who has lost the lease', () => {
    take(1)
    take(2)
    expect(end(1, list('aa', '/a'))).toBe(LEASE_LOST)
    expect(sh(ownedScript(folder(), { number: 1, id: 'aa' }), 'x').status).toBe(LEASE_LOST)
    expect(sh(ownedScript(folder(), { number: 0, id: 'aa' }), 'x').status).toBe(LEASE_LOST)
    expect(sh(readOwnedScript(folder())).stdout).toBe('')
  })
})
