/** archive with the programs that pack, in a directory of its own. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { archive } from '../../src/modules/archive.ts'
import { converge, decideOn } from './harness.ts'
import { temporaryDirectory } from './shells.ts'

let top = ''
let dir = ''

beforeAll(() => {
  top = temporaryDirectory()
})
afterAll(() => rmSync(top, { recursive: true, force: true }))
beforeEach(() => {
  dir = mkdtempSync(join(top, 'd-'))
  sh(
    `mkdir -p src/sub; echo one > src/one; echo two > 'src/sub/t w [o]'; ln -s one src/link; mkdir src/empty`,
  )
})

const sh = (script: string): string => execFileSync('/bin/sh', ['-c', script], { cwd: dir, encoding: 'utf8' })

const LIST: Readonly<Record<string, string>> = {
  gz: 'tar -tzf',
  bz2: 'tar -tjf',
  xz: 'tar -tJf',
  tar: 'tar -tf',
  zip: 'unzip -Z1',
}

describe('archive', () => {
  test.each(Object.keys(LIST))('packs a folder as %s, and once only', format => {
    const args = { path: `${dir}/src`, dest: `${dir}/out`, format, mode: '0640' }
    const first = converge(archive, args)
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(first.result).toMatchObject({ arcroot: `${dir}/`, state: 'archive' })
    expect(sh(`${LIST[format]} out | sort; stat -c %a out`)).toBe(
      'src/empty/\nsrc/link\nsrc/one\nsrc/sub/\nsrc/sub/t w [o]\n640\n',
    )
    expect(decideOn(archive, args)).toMatchObject({ kind: 'ok' })
    sh('echo new > src/one')
    expect(converge(archive, args)).toMatchObject({ changed: true, after: { kind: 'ok' } })
    sh('echo three > src/three; rm src/sub/*')
    expect(converge(archive, args)).toMatchObject({ changed: true, after: { kind: 'ok' } })
    expect(sh(`${LIST[format]} out | sort`)).toBe('src/empty/\nsrc/link\nsrc/one\nsrc/sub/\nsrc/three\n')
  })

  test('compresses a single file, and takes it away', () => {
    const args = { path: `${dir}/src/one`, remove: true }
    const first = converge(archive, args)
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(first.result).toMatchObject({ dest: `${dir}/src/one.gz`, state: 'compress' })
    expect(sh('gzip -dc src/one.gz')).toBe('one\n')
    expect(existsSync(`${dir}/src/one`)).toBe(false)
  })

  test('leaves out what is excluded, and tells what is missing', () => {
    const first = converge(archive, {
      path: [`${dir}/src/*`, `${dir}/none`],
      exclude_path: `${dir}/src/o*`,
      exclusion_patterns: '*t w*',
      dest: `${dir}/src/out.tgz`,
    })
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(first.result).toMatchObject({ missing: [`${dir}/none`], state: 'incomplete' })
    expect(sh('tar -tzf src/out.tgz')).toBe('link\n')
  })

  test('needs a name for several files', () => {
    expect(decideOn(archive, { path: `${dir}/src` })).toMatchObject({ kind: 'fail' })
  })
})
