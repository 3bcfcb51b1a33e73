import {
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
import { writeAllOrNothing, writeAtomically } from '../../src/files/atomic-write.ts'

let folder: string
const at = (name: string) => path.join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-atomic-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('writeAtomically', () => {
  it('makes the file, its directories and nothing else', async () => {
    await writeAtomically({ path: at('a/b/c'), content: 'text', mode: 0o600 })
    expect(readFileSync(at('a/b/c'), 'utf8')).toBe('text')
    expect(statSync(at('a/b/c')).mode & 0o777).toBe(0o600)
    expect(readdirSync(at('a/b'))).toEqual(['c'])
  })

  it('keeps the mode of the file it replaces', async () => {
    writeFileSync(at('f'), 'old', { mode: 0o640 })
    await writeAtomically({ path: at('f'), content: 'new' })
    expect([readFileSync(at('f'), 'utf8'), statSync(at('f')).mode & 0o777]).toEqual(['new', 0o640])
  })

  it('writes through a link and leaves the link', async () => {
    mkdirSync(at('real'))
    writeFileSync(at('real/f'), 'old')
    symlinkSync('real/f', at('link'))
    await writeAtomically({ path: at('link'), content: 'new' })
    expect(readFileSync(at('real/f'), 'utf8')).toBe('new')
    expect(readdirSync(folder).sort()).toEqual(['link', 'real'])
  })
})

describe('writeAllOrNothing', () => {
  it('puts back what it replaced and removes what it made when a later file fails', async () => {
    writeFileSync(at('old'), 'old')
    mkdirSync(at('taken/inside'), { recursive: true })
    const files = [
      { path: at('old'), content: 'new' },
      { path: at('made'), content: 'new' },
      { path: at('taken'), content: 'new' },
    ]
    await expect(writeAllOrNothing(files)).rejects.toThrow()
    expect(readFileSync(at('old'), 'utf8')).toBe('old')
    expect(readdirSync(folder).sort()).toEqual(['old', 'taken'])
  })

  it('touches no target when one cannot be written at all', async () => {
    writeFileSync(at('old'), 'old')
    writeFileSync(at('plain'), '')
    const files = [
      { path: at('old'), content: 'new' },
      { path: at('plain/below'), content: 'new' },
    ]
    await expect(writeAllOrNothing(files)).rejects.toThrow()
    expect(readFileSync(at('old'), 'utf8')).toBe('old')
    expect(readdirSync(folder).sort()).toEqual(['old', 'plain'])
  })
})
