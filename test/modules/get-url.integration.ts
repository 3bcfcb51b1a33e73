/** get_url by the curl of this machine, from file URLs: nothing is asked of any network. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { getUrl } from '../../src/modules/get_url.ts'
import { converge, decideOn } from './harness.ts'
import { shells, temporaryDirectory } from './shells.ts'

let dir = ''
const at = (name: string): string => join(dir, name)
const sh = (script: string) => execFileSync('/bin/sh', ['-c', script], { cwd: dir, encoding: 'utf8' })

beforeEach(() => {
  dir = temporaryDirectory()
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('get_url by curl', () => {
  const options = { shell: shells()[0]! }

  test('a wrong checksum leaves nothing, a listed one is found by name', () => {
    sh('echo x > s; sha256sum s other 2>/dev/null > SUMS; echo "0 *x/unlisted" >> SUMS; :')
    const url = `file://${at('s')}`
    const wrong = converge(getUrl, { url, dest: at('f'), checksum: `sha256:${'0'.repeat(64)}` }, options)
    expect(wrong.result.msg).toContain('The checksum of the file is')
    expect(existsSync(at('f'))).toBe(false)
    const listed = converge(getUrl, { url, dest: at('f'), checksum: `sha256:file://${at('SUMS')}` }, options)
    expect(listed.result).toMatchObject({ changed: true, size: 2, status_code: 200 })
  })

  test('an existing file stays unless forced, and a forced download of the same bytes changes nothing', () => {
    sh('echo x > s; echo old > f')
    const args = { url: `file://${at('s')}`, dest: at('f') }
    expect(converge(getUrl, args, options)).toMatchObject({ changed: false })
    expect(converge(getUrl, { ...args, force: true, backup: true }, options).result).toMatchObject({
      changed: true,
      backup_file: expect.stringMatching(/f\.\d+\..*~$/),
    })
    expect(converge(getUrl, { ...args, force: true }, options).changed).toBe(false)
  })

  test('what cannot be had fails and leaves the old file', () => {
    writeFileSync(at('f'), 'old')
    const done = converge(getUrl, { url: `file://${at('none')}`, dest: at('f'), force: true }, options)
    expect(done.failed).toBe(true)
    expect(done.result.msg).toContain('failed')
    expect(readFileSync(at('f'), 'utf8')).toBe('old')
    expect(sh('ls -A').trim()).toBe('f')
  })

  test('headers and passwords are uploaded, not put on the command line', () => {
    const verdict = decideOn(
      getUrl,
      {
        url: 'https://example.invalid/x',
        dest: at('f'),
        headers: { Authorization: 'Bearer hidden"1' },
        url_username: 'u',
        url_password: 'hidden2',
      },
      options,
    )
    if (verdict.kind !== 'change' || typeof verdict.apply !== 'function') throw new Error('no steps')
    const action = verdict.apply().next().value as { script: string; files: Record<string, Uint8Array> }
    expect(action.script).not.toContain('hidden')
    expect(Buffer.from(action.files['curl.conf']!).toString()).toContain(
      'header = "Authorization: Bearer hidden\\"1"',
    )
  })
})
