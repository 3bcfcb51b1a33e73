import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { Connection, Identity } from '../../src/engine/ports.ts'
import { SessionHost } from '../../src/session/host.ts'

/** Its channels end at once; `lost`: because it is gone itself. */
function ending(lost: boolean): Connection {
  const gone = Promise.reject<never>(
    new Error('The connection to web1 was lost: the host stopped answering.'),
  )
  gone.catch(() => undefined)
  return {
    lost: lost ? gone : new Promise<never>(() => undefined),
    open: async () => ({
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      closed: Promise.resolve({ code: null, signal: null }),
      destroy: () => undefined,
    }),
    close: async () => undefined,
  }
}

const IDENTITIES: readonly Identity[] = [
  { user: null, method: 'sudo' },
  { user: 'root', method: 'sudo' },
]

it.each(IDENTITIES)(
  'a session of $user that a lost connection kept from beginning tells so',
  async identity => {
    const host = new SessionHost({ connection: ending(true), name: 'web1' })
    await expect(host.session(identity)).rejects.toMatchObject({
      code: 'SESSION_LOST',
      message: expect.stringContaining('the host stopped answering'),
    })
  },
)

it('a session that ends while the connection is there has reasons of its own', async () => {
  const host = new SessionHost({ connection: ending(false), name: 'web1' })
  const codes = IDENTITIES.map(identity => host.session(identity).catch(error => error.code))
  expect(await Promise.all(codes)).toEqual(['SESSION_NO_SHELL', 'BECOME_FAILED'])
})
