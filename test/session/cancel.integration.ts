import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectLocal } from '../../src/connections/local.ts'
import type { Connection, Session } from '../../src/engine/ports.ts'
import { SessionHost } from '../../src/session/host.ts'
import { LOGIN } from './local-host.ts'

/** This machine, by a connection that can keep back what the first session writes. */
class Holding {
  readonly connection: Connection
  #gate = Promise.resolve()
  #count = 0

  constructor() {
    const real = connectLocal()
    this.connection = {
      ...real,
      open: async (commandLine, options) => {
        const channel = await real.open(commandLine, options)
        if (this.#count++ > 0) return channel
        const stdin = new Writable({
          write: (chunk: Buffer, _encoding, done) =>
            void this.#gate.then(() => channel.stdin.write(chunk, () => done())),
        })
        return { ...channel, stdin }
      },
    }
  }

  /** Returns what lets it go. */
  hold(): () => void {
    let go: () => void = () => undefined
    this.#gate = new Promise(resolve => {
      go = resolve
    })
    return go
  }
}

describe('a command that is cancelled', () => {
  let scratch: string
  let way: Holding
  let host: SessionHost
  let session: Session
  const file = (name: string) => path.join(scratch, name)
  const there = (name: string) => existsSync(file(name))
  const make = (name: string) => `: >'${file(name)}'`
  const until = (name: string) => `until [ -e '${file(name)}' ]; do sleep 0.05; done`

  beforeEach(async () => {
    scratch = mkdtempSync(path.join(tmpdir(), 'vpai-test-'))
    way = new Holding()
    host = new SessionHost({ connection: way.connection, name: 'one' })
    session = await host.session(LOGIN)
  })
  afterEach(async () => {
    await host.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  const stillServes = async () =>
    expect(await session.request({ script: 'echo next' })).toMatchObject({ stdout: Buffer.from('next\n') })

  it('before the host has heard of it never begins', async () => {
    const go = way.hold()
    const asked = session.request({ script: make('begun'), timeoutS: 60 })
    await session.cancel(asked)
    go()
    expect(await asked).toMatchObject({ kind: 'done', code: 143, timedOut: false })
    expect(there('begun')).toBe(false)
    await stillServes()
  })

  it.each([0, 60])('while another one runs (time %j) never begins, and the other goes on', async timeoutS => {
    const other = session.request({ script: `${until('go')}; echo done`, timeoutS })
    const asked = session.request({ script: make('begun'), timeoutS: 60 })
    await session.cancel(asked)
    writeFileSync(file('go'), '')
    expect(await other).toMatchObject({ code: 0, stdout: Buffer.from('done\n') })
    expect(await asked).toMatchObject({ code: 143 })
    expect(there('begun')).toBe(false)
    await stillServes()
  })

  it('after it has begun is ended', async () => {
    const script = `${make('begun')}; ${until('never')}; ${make('ended')}`
    const asked = session.request({ script, timeoutS: 60 })
    await expect.poll(() => there('begun'), { timeout: 20_000 }).toBe(true)
    await session.cancel(asked)
    expect(await asked).toMatchObject({ kind: 'done', code: 143, timedOut: false })
    expect(there('ended')).toBe(false)
    await stillServes()
  })

  it('after it has ended is left alone, and so is the next one', async () => {
    const asked = session.request({ script: 'exit 3', timeoutS: 60 })
    expect(await asked).toMatchObject({ code: 3 })
    await session.cancel(asked)
    expect(await session.request({ script: 'exit 4', timeoutS: 60 })).toMatchObject({ code: 4 })
  })
})
