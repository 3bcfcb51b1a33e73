import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { connectLocal } from '../../src/connections/local.ts'
import type { Connection } from '../../src/engine/ports.ts'
import { SessionHost } from '../../src/session/host.ts'
import { LOGIN } from './local-host.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'vpai-test-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** This machine, by a connection that takes as many bytes as it is told and breaks off then. */
function breakable(): { readonly connection: Connection; breakAfter: (bytes: number) => void } {
  let left = Number.POSITIVE_INFINITY
  const real = connectLocal()
  const connection: Connection = {
    ...real,
    async open(commandLine, options) {
      const channel = await real.open(commandLine, options)
      const stdin = new Writable({
        write(chunk: Buffer, _encoding, done) {
          channel.stdin.write(chunk.subarray(0, left))
          if (chunk.length > left) channel.stdin.end()
          left = Math.max(0, left - chunk.length)
          done()
        },
      })
      return { ...channel, stdin }
    },
  }
  return {
    connection,
    breakAfter: bytes => {
      left = bytes
    },
  }
}

const SIZES = [
  ['a few lines', 3000],
  ['what is kept on the disk', 9 * 1024 * 1024],
] as const

describe('a request that breaks off in what its command reads', () => {
  it.each(SIZES)('does not begin the command: %s', async (name, size) => {
    const { connection, breakAfter } = breakable()
    const host = new SessionHost({ connection, name: 'one' })
    const session = await host.session(LOGIN)
    const mark = path.join(scratch, `begun by ${name}`)
    breakAfter(size - 1000)
    const request = { script: `cat >'${mark}'`, stdin: Buffer.alloc(size, 'line\n'), timeoutS: 30 }
    await expect(session.request(request)).rejects.toMatchObject({ code: 'SESSION_FAILED' })
    expect(existsSync(mark)).toBe(false)
    await expect.poll(() => existsSync(session.hello.tmp)).toBe(false)
    await host.close()
  })

  it.each(SIZES)('is whole otherwise: %s', async (name, size) => {
    const host = new SessionHost({ connection: breakable().connection, name: 'one' })
    const session = await host.session(LOGIN)
    const mark = path.join(scratch, `whole ${name}`)
    const stdin = Buffer.alloc(size, 'line\n')
    const [first, second] = await Promise.all([
      session.request({ script: `cat >'${mark}'`, stdin, timeoutS: 30 }),
      session.request({ script: 'cat', stdin: 'next' }),
    ])
    expect(first).toMatchObject({ kind: 'done', code: 0 })
    expect(second).toMatchObject({ kind: 'done', stdout: Buffer.from('next') })
    expect(readFileSync(mark).equals(stdin)).toBe(true)
    await host.close()
  })
})
