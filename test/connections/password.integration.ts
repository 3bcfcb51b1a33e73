import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type AuthContext, Server, utils } from 'ssh2'
import { afterEach, expect, test } from 'vitest'
import { connectSsh } from '../../src/connections/ssh.ts'
import type { SshTarget } from '../../src/connections/ssh-target.ts'
import { soundKeyPair } from '../../src/sandbox/sandbox-keys.ts'

const hostKey = soundKeyPair(() => utils.generateKeyPairSync('ed25519'))
let server: Server | null = null
afterEach(() => void server?.close())

/** A server that takes the password `right` by one method only, and notes what was tried. */
async function serve(
  method: 'password' | 'keyboard-interactive',
): Promise<{ readonly port: number; readonly tried: string[] }> {
  const tried: string[] = []
  server = new Server({ hostKeys: [hostKey.private] }, client => {
    client.on('error', () => undefined)
    client.on('authentication', (context: AuthContext) => {
      tried.push(context.method)
      if (context.method !== method) context.reject([method])
      else if (context.method === 'password')
        context.password === 'right' ? context.accept() : context.reject([method])
      else if (context.method === 'keyboard-interactive') {
        context.prompt([{ prompt: 'Password: ', echo: false }], answers =>
          answers[0] === 'right' ? context.accept() : context.reject([method]),
        )
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, tried }
}

const target = (port: number, password?: SshTarget['password']): SshTarget => ({
  host: '127.0.0.1',
  port,
  user: 'me',
  identityFiles: [],
  agent: null,
  password,
  hostKeys: {
    pinned: [hostKey.public.split(' ').slice(0, 2).join(' ')],
    knownHostsFiles: [],
    policy: 'strict',
  },
  connectTimeoutMs: 300,
})

test.each(['password', 'keyboard-interactive'] as const)(
  'a password is given by %s where the server wants it so',
  async method => {
    const { port, tried } = await serve(method)
    let asked = 0
    const slow = async () => {
      asked += 1
      await new Promise(resolve => setTimeout(resolve, 400))
      return 'right'
    }
    const connection = await connectSsh(target(port, slow))
    await connection.close()
    expect(tried.at(-1)).toBe(method)
    expect(asked).toBe(1)
  },
)

test.each(['password', 'keyboard-interactive'] as const)(
  'a wrong password by %s is an authentication error',
  async method => {
    const { port } = await serve(method)
    await expect(connectSsh(target(port, async () => 'wrong'))).rejects.toMatchObject({
      code: 'SSH_AUTH_FAILED',
      message: expect.stringContaining(`the host accepts ${method}`),
    })
  },
)

test('no password to give is an authentication error', async () => {
  const { port } = await serve('password')
  await expect(connectSsh(target(port))).rejects.toMatchObject({ code: 'SSH_AUTH_FAILED' })
})
