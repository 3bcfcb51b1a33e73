import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Identity, Session } from '../../src/engine/ports.ts'
import type { HostOptions, SessionHost } from '../../src/session/host.ts'
import { startBecomeSandbox } from './become-sandbox.ts'
import { localHost } from './local-host.ts'

const sandbox = startBecomeSandbox()
if (typeof sandbox === 'string') console.log(`skipped the become tests: ${sandbox}`)

const ROOT: Identity = { user: 'root', method: 'sudo' }
const APP: Identity = { user: 'app', method: 'sudo' }

describe.skipIf(typeof sandbox === 'string')('becoming somebody', () => {
  const box = typeof sandbox === 'string' ? null : sandbox
  let host: SessionHost | null = null
  afterEach(async () => {
    await host?.close()
    host = null
  })
  afterAll(() => box?.stop())

  const open = (login: string, becomePassword?: HostOptions['becomePassword']): SessionHost => {
    host = localHost({ local: { shell: box?.as(login) }, host: { becomePassword } })
    return host
  }
  const whoami = async (session: Session): Promise<string> => {
    const reply = await session.request({ script: 'id -un; pwd', timeoutS: 5 })
    return reply.kind === 'done' ? reply.stdout.toString().replace(/\/tmp\/[^/]*/, '') : reply.kind
  }

  test.each([
    ['root', ROOT, 'root\n/root\n'],
    ['another user', APP, 'app\n/home/app\n'],
  ])(
    'sudo without a password gives a session as %s, in the home directory',
    async (_, identity, expected) => {
      expect(await whoami(await open('nopass').session(identity))).toBe(expected)
    },
  )

  test('one session serves an identity, asked for at the same time or later', async () => {
    const target = open('nopass')
    const [first, second] = await Promise.all([target.session(ROOT), target.session(ROOT)])
    expect(first).toBe(second)
    expect(await target.session(ROOT)).toBe(first)
  })

  test('the password is asked for only when sudo asks for it, once', async () => {
    const asked: string[] = []
    const answer = async (identity: Identity) => {
      asked.push(identity.user ?? '')
      return 'right'
    }
    expect(await whoami(await open('nopass', answer).session(ROOT))).toBe('root\n/root\n')
    expect(asked).toEqual([])
    await host?.close()
    const target = open('pass', answer)
    await target.session(ROOT)
    expect(await whoami(await target.session(ROOT))).toBe('root\n/root\n')
    expect(asked).toEqual(['root'])
  })

  test('a wrong password is given once only', async () => {
    let asked = 0
    const wrong = async () => {
      asked += 1
      return 'wrong'
    }
    await expect(open('pass', wrong).session(ROOT)).rejects.toMatchObject({ code: 'BECOME_PASSWORD_WRONG' })
    expect(asked).toBe(1)
  })

  test('binary data passes a sudo that asked for a password exactly', async () => {
    const session = await open('pass', async () => 'right').session(APP)
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256))
    const reply = await session.request({ script: 'cat', stdin: bytes })
    expect(reply.kind === 'done' && reply.stdout.equals(bytes)).toBe(true)
  })

  test.each<[string, string, Identity, string | null | undefined, string]>([
    ['no password is there', 'pass', ROOT, undefined, 'BECOME_PASSWORD_REQUIRED'],
    ['the person gives none', 'pass', ROOT, null, 'BECOME_PASSWORD_REQUIRED'],
    ['the password is wrong', 'pass', ROOT, 'wrong', 'BECOME_PASSWORD_WRONG'],
    ['the user is no sudoer', 'nobody2', ROOT, 'right', 'BECOME_NOT_ALLOWED'],
    ['the target is unknown', 'nopass', { user: 'nosuch', method: 'sudo' }, undefined, 'BECOME_NO_USER'],
    ['the name is no name', 'nopass', { user: 'a;b', method: 'sudo' }, undefined, 'BECOME_BAD_USER'],
    ['the su password is wrong', 'pass', { user: 'app', method: 'su' }, 'wrong', 'BECOME_PASSWORD_WRONG'],
    ['su has no password', 'pass', { user: 'app', method: 'su' }, undefined, 'BECOME_PASSWORD_REQUIRED'],
  ])('fails clearly when %s', async (_, login, identity, password, code) => {
    const answer = password === undefined ? undefined : async () => password
    await expect(open(login, answer).session(identity)).rejects.toMatchObject({ code })
  })

  test('su takes the password of the target at its prompt', async () => {
    const session = await open('pass', async () => 'right').session({ user: 'app', method: 'su' })
    expect(await whoami(session)).toBe('app\n/home/app\n')
  })
})
