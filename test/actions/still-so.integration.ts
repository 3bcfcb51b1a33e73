import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stillSo } from '../../src/actions/index.ts'
import { batchScript, keyId, parseBatch } from '../../src/probes/batch.ts'
import type { Key, Seen } from '../../src/probes/contract.ts'

let dir: string

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'vpai-still-'))
  writeFileSync(path.join(dir, "it's"), 'one', { mode: 0o644 })
  symlinkSync("it's", path.join(dir, 'link'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function look(keys: readonly Key[]): Seen {
  const mark = 'm'.repeat(24)
  const answers = parseBatch(keys, mark, execFileSync('sh', ['-c', batchScript(keys, mark)]))
  return { has: key => answers.has(keyId(key)), get: key => answers.get(keyId(key)) as never }
}

const code = (script: string | null) => spawnSync('sh', ['-c', script ?? 'exit 1']).status

const keysOf = (name: string): Key[] => {
  const at = path.join(dir, name)
  return [
    { kind: 'path', path: at },
    { kind: 'path', path: at, follow: true },
    { kind: 'path', path: at, hash: true },
    { kind: 'content', path: at },
  ]
}

describe('a guard', () => {
  it.each([["it's"], ['link'], ['absent'], ['.']])('holds while %s is what it was', name => {
    const keys = keysOf(name).slice(0, name === '.' ? 2 : 4)
    expect(code(stillSo(keys, look(keys)))).toBe(0)
  })

  it('holds for a link that leads into itself, which readlink would follow without end', () => {
    const at = path.join(dir, 'circle')
    symlinkSync(path.join(at, 'further'), at)
    const keys: Key[] = [{ kind: 'path', path: at }]
    expect(spawnSync('sh', ['-c', stillSo(keys, look(keys)) ?? 'exit 1'], { timeout: 5000 }).status).toBe(0)
  })

  it.each<[string, string, () => void]>([
    ['content of the same size', "it's", () => writeFileSync(path.join(dir, "it's"), 'two')],
    ['another mode', "it's", () => chmodSync(path.join(dir, "it's"), 0o600)],
    ['something new', 'absent', () => writeFileSync(path.join(dir, 'absent'), '')],
    ['something gone', "it's", () => unlinkSync(path.join(dir, "it's"))],
    ['a link that leads elsewhere', 'link', () => writeFileSync(path.join(dir, 'absent'), '')],
    ['a mode of the folder', '.', () => chmodSync(dir, 0o711)],
  ])('fails for %s', (what, name, change) => {
    const keys = keysOf(name).slice(0, name === '.' ? 2 : 4)
    const guard = stillSo(keys, look(keys))
    if (what.startsWith('a link')) {
      unlinkSync(path.join(dir, 'link'))
      symlinkSync('absent', path.join(dir, 'link'))
    }
    change()
    expect(code(guard)).toBe(93)
  })

  it('holds for users and groups that are there, and for those that are not', () => {
    const keys: Key[] = ['root', 'no-such-name'].flatMap(name => [
      { kind: 'user', name },
      { kind: 'group', name },
    ])
    expect(code(stillSo(keys, look(keys)))).toBe(0)
  })

  it('is nothing for what it cannot compare, and holds for nothing at all', () => {
    const key: Key = { kind: 'read', name: 'x', script: 'true' }
    expect(stillSo([key], look([key]))).toBe(null)
    expect(code(stillSo([], look([])))).toBe(0)
  })
})
