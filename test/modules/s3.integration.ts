/** s3_object by the rclone of this machine, against a stand-in on loopback. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { s3Object } from '../../src/modules/s3_object.ts'
import { converge, decideOn } from './harness.ts'
import { type S3Fake, startS3 } from './s3-fake.ts'
import { temporaryDirectory } from './shells.ts'
import { brief } from './tables.ts'

const missing = ['/usr/bin/rclone', '/usr/local/bin/rclone'].some(existsSync)
  ? null
  : 'rclone is not installed'
if (missing !== null) console.log(`skipped: ${missing}`)

describe.skipIf(missing !== null)('s3_object', () => {
  let store: S3Fake
  let dir = ''
  beforeAll(async () => {
    store = await startS3()
    dir = temporaryDirectory()
    writeFileSync(join(dir, 'src'), 'from the host\n')
  })
  afterAll(() => {
    store.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  const all = (args: object) => ({
    bucket: 'backups',
    access_key: 'ada',
    secret_key: 'hidden-secret',
    endpoint_url: store.endpoint,
    region: 'eu',
    encrypt: false,
    ...args,
  })
  const run = (args: object) => converge(s3Object, all(args))
  const look = (args: object) => brief(decideOn(s3Object, all(args)))
  function settles(args: object) {
    const done = run(args)
    expect(done.failed, String(done.result.msg)).toBe(false)
    expect(done).toMatchObject({ changed: true, after: { kind: 'ok' } })
    return done
  }

  test('a bucket is made', () => {
    expect(settles({ mode: 'create' }).result.msg).toBe('Bucket created successfully')
    expect(run({ mode: 'create' }).result.msg).toBe('Bucket already exists.')
  })

  test('an object is put from a text, a file, and what base64 says', () => {
    settles({
      mode: 'put',
      object: 'a/text',
      content: 'it is "here"',
      metadata: { 'Content-Type': 'text/plain' },
    })
    settles({ mode: 'put', object: "/b c'd", src: join(dir, 'src') })
    settles({ mode: 'put', object: 'bytes', content_base64: 'AAEC/w==' })
    expect(run({ mode: 'list' }).result.s3_keys).toEqual(['a/text', "b c'd", 'bytes'])
    expect(run({ mode: 'list', prefix: 'b', marker: "b c'd" }).result.s3_keys).toEqual(['bytes'])
    expect(run({ mode: 'list', max_keys: 1 }).result.s3_keys).toEqual(['a/text'])
  })

  test('another content takes its place, unless it must not', () => {
    expect(look({ mode: 'put', object: 'a/text', content: 'new', overwrite: false })).toBe('ok')
    settles({ mode: 'put', object: 'a/text', content: 'new' })
    expect(run({ mode: 'getstr', object: 'a/text' }).result.contents).toBe('new')
    expect(look({ mode: 'put', object: 'a/text', content: 'new', overwrite: 'always' })).toContain('object')
  })

  test('an object is got', () => {
    const dest = join(dir, 'got')
    settles({ mode: 'get', object: 'bytes', dest })
    expect([...readFileSync(dest)]).toEqual([0, 1, 2, 255])
    writeFileSync(dest, 'mine')
    expect(look({ mode: 'get', object: 'bytes', dest, overwrite: 'never' })).toBe('ok')
    settles({ mode: 'get', object: 'bytes', dest })
  })

  test('an object is copied, linked and deleted', () => {
    const copy_src = { bucket: 'backups', object: 'bytes' }
    settles({ mode: 'copy', object: 'again', copy_src })
    const { url } = run({ mode: 'geturl', object: 'again', expiry: 60 }).result
    expect(execFileSync('curl', ['-sS', String(url)])).toEqual(Buffer.from([0, 1, 2, 255]))
    expect(settles({ mode: 'delobj', object: 'again' }).result.msg).toBe(
      'Object deleted from bucket backups.',
    )
  })

  test.each([
    [{ mode: 'get', object: 'none', dest: '/tmp/none' }, 'Key none does not exist.'],
    [{ mode: 'getstr', object: 'none' }, 'Key none does not exist.'],
    [{ mode: 'put', object: 'x', src: '/no/such/file' }, 'does not exist for PUT'],
    [{ mode: 'list', bucket: 'nowhere' }, 'Target bucket nowhere cannot be found'],
    [{ mode: 'list', access_key: 'eve' }, 'who is that'],
  ])('%j fails', (args, says) => expect(look(args)).toContain(says))

  test('a bucket goes with all in it', () => {
    settles({ mode: 'delete' })
    expect(look({ mode: 'list', ignore_nonexistent_bucket: true })).toBe('ok')
  })

  test('keys are no arguments', () => {
    const verdict = decideOn(s3Object, all({ mode: 'put', object: 'x', content: 'inner-secret' }))
    if (verdict.kind !== 'change' || typeof verdict.apply === 'function') throw new Error(brief(verdict))
    const scripts = verdict.apply.map(action => (action.do === 'run' ? action.script : ''))
    expect(JSON.stringify(scripts)).not.toMatch(/hidden-secret|inner-secret/)
  })
})

test.each([
  [{ mode: 'put', object: 'x' }, 'one of src'],
  [{ mode: 'get', object: 'x' }, 'needs dest'],
  [{ mode: 'list', version: '1' }, 'cannot be honoured'],
  [{ mode: 'list', tags: { a: 'b' } }, 'cannot be honoured'],
  [{ mode: 'list', access_key: 'a' }, 'go together'],
  [{ mode: 'list', bucket: 'a b' }, 'must be'],
])('%j is refused', (args, says) => {
  const parsed = s3Object.args().safeParse({ bucket: 'abc', ...args })
  expect(JSON.stringify(parsed.error?.issues)).toContain(says)
})
