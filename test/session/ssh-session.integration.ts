import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VpaiError } from '../../src/base/error.ts'
import { connectSsh } from '../../src/connections/ssh.ts'
import { describeTarget } from '../../src/connections/ssh-target.ts'
import type { Identity, Session } from '../../src/engine/ports.ts'
import { SessionHost } from '../../src/session/host.ts'
import { type Sshd, sshdMissing, startSshd } from '../connections/sshd.ts'
import { targetOf } from '../connections/target.ts'
import { startBecomeSandbox } from './become-sandbox.ts'
import { LOGIN } from './local-host.ts'

const reason = sshdMissing()
if (reason !== null) console.log(`skipped sessions over ssh: ${reason}`)
const sandbox = startBecomeSandbox()
if (typeof sandbox === 'string') console.log(`skipped sudo over ssh: ${sandbox}`)

const clock = {
  now: () => performance.now(),
  sleep: (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms)),
}
const root: Identity = { user: 'root', method: 'sudo' }

async function run(session: Session, script: string, stdin?: Uint8Array): Promise<string> {
  const reply = await session.request({ script, stdin, timeoutS: 20 })
  return reply.kind === 'done' ? reply.stdout.toString('latin1') : reply.kind
}

describe.skipIf(reason !== null)('a session over ssh', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd({ config: ['MaxSessions 3'] })
  })
  afterAll(() => sshd?.stop())

  test('carries megabytes both ways, pipelined with small requests', async () => {
    const host = new SessionHost({ connection: await connectSsh(targetOf(sshd)), name: 'test' })
    const session = await host.session(LOGIN)
    const bytes = randomBytes(3 * 1024 * 1024)
    const replies = await Promise.all([
      run(session, 'cat', bytes),
      run(session, 'echo between'),
      run(session, 'cat', bytes),
      run(session, 'echo last'),
    ])
    const text = bytes.toString('latin1')
    expect(replies.map(reply => (reply === text ? 'same' : reply.slice(0, 20)))).toEqual([
      'same',
      'between\n',
      'same',
      'last\n',
    ])
    expect(host.traffic.requests).toBe(4)
    expect(host.traffic.bytesSent).toBeGreaterThan(6 * 1024 * 1024)
    await host.close()
  })

  test('is given up for another when the server has no channel free', async () => {
    const host = new SessionHost({ connection: await connectSsh(targetOf(sshd)), name: 'test' })
    const users = ['root', 'daemon', 'nobody', 'games', 'mail']
    for (const user of users) {
      const session = await host.session({ user, method: 'su' })
      expect(await run(session, 'id -un')).toBe(`${user}\n`)
    }
    expect(await run(await host.session({ user: 'root', method: 'su' }), 'id -un')).toBe('root\n')
    await host.close()
  })

  test('that is cut off in the middle of a command runs it once', async () => {
    const sockets: net.Socket[] = []
    const relay = net.createServer(socket => {
      const onward = net.connect(sshd.port, '127.0.0.1')
      sockets.push(socket, onward)
      for (const end of [socket, onward]) end.on('error', () => undefined)
      socket.pipe(onward).pipe(socket)
    })
    await new Promise<void>(resolve => relay.listen(0, '127.0.0.1', resolve))
    const { port } = relay.address() as net.AddressInfo
    const target = targetOf(sshd, {
      port,
      hostKeys: { pinned: [sshd.hostKey], knownHostsFiles: [], policy: 'strict' },
    })
    const mark = path.join(sshd.directory, 'cut')
    const first = new SessionHost({ connection: await connectSsh(target), name: 'test' })
    const session = await first.session(LOGIN)
    const script = `echo begun >>${mark}; sleep 1.5; echo ended >>${mark}; echo out; exit 3`
    const lost = session.request({ script, timeoutS: 20 }).catch((error: unknown) => error)
    while (!existsSync(mark)) await clock.sleep(20)
    for (const socket of sockets) socket.destroy()
    expect(await lost).toMatchObject({
      code: 'SESSION_LOST',
      message: expect.stringContaining(`The connection to ${describeTarget(target)} was lost: `),
    })
    while (existsSync(session.hello.tmp)) await clock.sleep(50)
    expect(readFileSync(mark, 'utf8')).toBe('begun\nended\n')
    relay.close()
  })
})

describe.skipIf(reason !== null || typeof sandbox === 'string')('sudo over ssh', () => {
  const box = typeof sandbox === 'string' ? null : sandbox
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd({ prefix: box?.asRoot })
  })
  afterAll(async () => {
    await sshd?.stop()
    box?.stop()
  })

  test.each([
    ['without a password', 'nopass'],
    ['with a password', 'pass'],
    ['on a host that insists on a terminal', 'onterm'],
    ['on a terminal with a password', 'bothers'],
  ])('%s gives an exact session as root', async (_, user) => {
    const connection = await connectSsh(targetOf(sshd, { user }))
    const host = new SessionHost({ connection, name: user, becomePassword: async () => 'right' })
    const session = await host.session(root)
    const bytes = randomBytes(500_000)
    expect(await run(session, 'id -un')).toBe('root\n')
    expect((await run(session, 'cat', bytes)) === bytes.toString('latin1')).toBe(true)
    await session.request({ script: 'rm -f /tmp/vpai-never', timeoutS: 2 })
    await host.close()
    expect(existsSync(session.hello.tmp)).toBe(false)
  })

  test('a wrong password on a terminal is said to be wrong', async () => {
    const connection = await connectSsh(targetOf(sshd, { user: 'bothers' }))
    const host = new SessionHost({ connection, name: 'bothers', becomePassword: async () => 'wrong' })
    await expect(host.session(root)).rejects.toMatchObject({ code: 'BECOME_PASSWORD_WRONG' })
    await host.close()
  })

  test.skipIf(!existsSync('/usr/bin/doas')).each([
    ['without a password', 'nopass', 'right', 'root\n'],
    ['with a password, on a terminal', 'pass', 'right', 'root\n'],
    ['with a wrong password', 'pass', 'wrong', 'BECOME_PASSWORD_WRONG'],
    ['for a user it does not know', 'nobody2', 'right', 'BECOME_NOT_ALLOWED'],
  ])('doas %s', async (_, user, password, expected) => {
    const connection = await connectSsh(targetOf(sshd, { user }))
    const host = new SessionHost({ connection, name: user, becomePassword: async () => password })
    const result = await host.session({ user: 'root', method: 'doas' }).then(
      session => run(session, 'id -un'),
      (error: VpaiError) => error.code,
    )
    expect(result).toBe(expected)
    await host.close()
  })

  test('a user without a shell is a clear error', async () => {
    const connection = await connectSsh(targetOf(sshd, { user: 'noshell' }))
    const host = new SessionHost({ connection, name: 'noshell' })
    await expect(host.session(LOGIN)).rejects.toMatchObject({ code: 'SESSION_NO_SHELL' })
    await host.close()
  })

  test.each(['zsh', 'fish', 'tcsh', 'mksh'])('works behind the login shell %s', async shell => {
    const program = `/usr/bin/${shell}`
    if (!existsSync(program)) {
      console.log(`skipped: ${shell} is not installed`)
      return
    }
    execFileSync(box!.asRoot[0]!, [...box!.asRoot.slice(1), 'usermod', '-s', program, 'onterm'])
    const host = new SessionHost({
      connection: await connectSsh(targetOf(sshd, { user: 'onterm' })),
      name: shell,
    })
    expect(await run(await host.session(root), 'id -un')).toBe('root\n')
    expect(await run(await host.session(LOGIN), 'id -un')).toBe('onterm\n')
    await host.close()
  })
})
