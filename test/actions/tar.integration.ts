import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TarFile, tarLength, tarPieces } from '../../src/actions/tar.ts'
import { quote } from '../../src/base/quote.ts'
import { runScript, shells, temporaryDirectory } from '../modules/shells.ts'

let dir = ''
beforeEach(() => {
  dir = temporaryDirectory()
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const fileArbitrary = fc.record({
  name: fc.oneof(
    fc.constantFrom('a', '-x', 'two words', "it's", 'line\nend', 'ä€😀', 'back\\slash', '.hidden'),
    fc.integer({ min: 97, max: 240 }).map(length => 'n'.repeat(length)),
  ),
  content: fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.constantFrom(511, 512, 513).map(n => new Uint8Array(n)),
  ),
  mtime: fc.integer({ min: 0, max: 2 ** 33 - 1 }),
})

describe.each(shells())('an archive, unpacked by $name', shell => {
  test('gives every file back, whole, with its time', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fileArbitrary, { selector: file => file.name, maxLength: 6 }), files => {
        const at = join(dir, String(readdirSync(dir).length))
        mkdirSync(at)
        const members: TarFile[] = files.map(file => ({ ...file, name: `./${file.name}` }))
        const bytes = Buffer.concat([...tarPieces(members)])
        expect(bytes.length).toBe(tarLength(members))
        const ran = runScript(shell, `cd ${quote(at)} && tar -xof -`, bytes)
        expect(ran.code, ran.stderr.toString()).toBe(0)
        expect(readdirSync(at).sort()).toEqual(files.map(file => file.name).sort())
        for (const { name, content, mtime } of files) {
          expect(readFileSync(join(at, name)).equals(content)).toBe(true)
          expect(Math.floor(statSync(join(at, name)).mtimeMs / 1000)).toBe(mtime)
          expect(statSync(join(at, name)).mode & 0o7777).toBe(0o600)
        }
      }),
      { numRuns: 30 },
    )
  })
})
