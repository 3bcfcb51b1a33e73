import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Script } from 'node:vm'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { CodePack, type PackPlace, packPlace } from '../../src/cli/code-pack.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'vpai-test-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const SOURCE = 'function twice(number) { return number * 2 }\ntwice(21)'
let place: PackPlace
let round = 0

beforeEach(() => {
  place = { folder: path.join(scratch, String(round++), 'code'), name: 'run-1' }
})

/** One run: true when it got what the run before had kept. */
function runOnce(): boolean {
  const pack = new CodePack(place)
  const cachedData = pack.codeOf('./a.cjs')
  const script = new Script(SOURCE, { cachedData })
  pack.took('./a.cjs', script)
  expect(script.runInThisContext()).toBe(42)
  pack.keep()
  return cachedData !== undefined && script.cachedDataRejected === false
}

const files = () => readdirSync(place.folder)
const kept = () => path.join(place.folder, place.name)

describe('what V8 made of the program', () => {
  it('is there for the next run, for nobody else to read', () => {
    expect([runOnce(), runOnce()]).toEqual([false, true])
    expect(files()).toEqual(['run-1'])
    expect([statSync(place.folder).mode & 0o777, statSync(kept()).mode & 0o777]).toEqual([0o700, 0o600])
  })

  it('is written by the first two runs, and then when something is missing', () => {
    const written = [1, 2, 3].map(() => {
      runOnce()
      return statSync(kept()).ino
    })
    expect(written[1]).not.toBe(written[0])
    expect(written[2]).toBe(written[1])
    const pack = new CodePack(place)
    pack.took('./b.cjs', new Script('1'))
    pack.keep()
    expect(new CodePack(place).codeOf('./b.cjs')).toBeDefined()
    expect(new CodePack(place).codeOf('./a.cjs')).toBeDefined()
  })

  it.each([
    ['a byte of it is another', (all: Buffer) => all.with(all.length - 9, all.at(-9)! ^ 1)],
    ['it is cut short', (all: Buffer) => all.subarray(0, -100)],
    ['it is empty', () => Buffer.alloc(0)],
  ])('is not taken when %s, and written anew', (_what, spoil) => {
    runOnce()
    writeFileSync(kept(), spoil(readFileSync(kept())))
    expect([runOnce(), runOnce()]).toEqual([false, true])
  })

  it('is not taken from a folder that others may write to, and not put there', () => {
    runOnce()
    chmodSync(place.folder, 0o770)
    expect([runOnce(), runOnce()]).toEqual([false, false])
    rmSync(kept())
    runOnce()
    expect(files()).toEqual([])
  })

  it('is kept for so many commands and no more', () => {
    for (let number = 0; number < 15; number++) {
      place = { ...place, name: `run-${number}` }
      runOnce()
    }
    expect(files()).toHaveLength(12)
  })

  it('does not disturb a run that cannot keep it', () => {
    writeFileSync(path.join(scratch, 'a-file'), '')
    place = { folder: path.join(scratch, 'a-file', 'code'), name: 'run-1' }
    expect(runOnce()).toBe(false)
  })
})

describe('the place for it', () => {
  const home = path.join(scratch, 'home')
  mkdirSync(home)
  const at = (env: Record<string, string | undefined>, command = 'deploy') =>
    packPlace({ folder: '/opt/vpai', env, command })

  it.each([
    ['the home', { HOME: home }, path.join(home, '.cache/vpai/code')],
    ['the folder for caches', { HOME: home, XDG_CACHE_HOME: '/caches' }, '/caches/vpai/code'],
    ['the folder that is named', { HOME: home, VPAI_CODE_CACHE: '/named' }, '/named'],
  ])('is %s', (_what, env, expected) => {
    expect(at(env)?.folder).toBe(expected)
  })

  it.each([
    ['it is switched off', { HOME: home, VPAI_CODE_CACHE: 'off' }],
    ['there is no home', { HOME: undefined }],
    ['the home is not there', { HOME: path.join(scratch, 'nowhere') }],
  ])('is nowhere when %s', (_what, env) => {
    expect(at(env)).toBeNull()
  })

  it.skipIf(process.getuid?.() !== 0)('is not the home of somebody else', () => {
    const other = path.join(scratch, 'other')
    mkdirSync(other)
    chownSync(other, 1234, 1234)
    expect(at({ HOME: other })).toBeNull()
  })

  it('differs by command and by installation, and is a plain name', () => {
    const names = [
      at({ HOME: home }),
      at({ HOME: home }, 'plan'),
      at({ HOME: home }, '../x'),
      at({ HOME: home }, '--version'),
    ]
    expect(names.map(one => one?.name.replace(/[0-9a-f]{16}$/, ''))).toEqual([
      'deploy-',
      'plan-',
      'vpai-',
      'version-',
    ])
    expect(packPlace({ folder: '/opt/other', env: { HOME: home }, command: 'deploy' })?.name).not.toBe(
      names[0]?.name,
    )
  })
})
