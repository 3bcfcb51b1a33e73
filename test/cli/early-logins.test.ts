import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { type During, EarlyLogins } from '../../src/cli/wire/early-logins.ts'
import type { SshTarget } from '../../src/connections/ssh-target.ts'
import type { Connection, Identity } from '../../src/engine/ports.ts'
import { SessionHost } from '../../src/session/host.ts'

const LOGIN: Identity = { user: null, method: 'sudo' }
const nobody = async () => null

function targetOf(host: string, more: Partial<SshTarget> = {}): SshTarget {
  const hostKeys = { pinned: [], knownHostsFiles: [], policy: 'strict' } as const
  return { host, port: 22, user: 'app', identityFiles: [], agent: null, hostKeys, ...more }
}

interface Begun {
  readonly target: SshTarget
  readonly signal: AbortSignal
  readonly opened: string[]
  isClosed: boolean
  readonly lose: () => void
}

/** Connections whose commands say nothing. */
function stage(names: readonly string[], more: Partial<SshTarget> = {}) {
  const remembered = new Map(names.map(name => [name, [LOGIN]] as const))
  const written: unknown[] = []
  const begun: Begun[] = []
  const connect = async (target: SshTarget, { signal, dials }: During): Promise<Connection> => {
    dials()
    let lose = (): void => undefined
    const lost = new Promise<never>((_resolve, reject) => {
      lose = () => reject(new Error('gone'))
    })
    const one: Begun = { target, signal, opened: [], isClosed: false, lose }
    begun.push(one)
    return {
      lost,
      open: async command => {
        one.opened.push(command)
        const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
        const closed = Promise.resolve({ code: 1, signal: null })
        return { stdin, stdout, stderr, closed, destroy: () => undefined }
      },
      close: async () => {
        one.isClosed = true
      },
    }
  }
  const early = new EarlyLogins({
    memory: { read: () => remembered, write: logins => void written.push(Object.fromEntries(logins)) },
    targetOf: async host => (host === 'here' ? null : targetOf(host, more)),
    connect,
    isSecret: text => text.includes('hunter2'),
  })
  return { early, begun, written }
}

const settle = () => new Promise(resolve => setImmediate(resolve))

it('begins with the hosts that are remembered, and with their sessions', async () => {
  const { early, begun } = stage(['web1', 'here'])
  await early.begin(['web1', 'web2', 'here'])
  await settle()
  expect(begun.map(({ target }) => target.host)).toEqual(['web1'])
  expect(begun[0]?.opened).toHaveLength(1)
})

it('begins with none of many', async () => {
  const many = Array.from({ length: 9 }, (_, at) => `web${at}`)
  const { early, begun } = stage(many)
  await early.begin(many)
  await settle()
  expect(begun).toEqual([])
})

it('gives the login to who wants just that one, once', async () => {
  const { early, begun } = stage(['web1'])
  await early.begin(['web1'])
  expect(await early.take('web1', targetOf('web1'), nobody)).toBeInstanceOf(SessionHost)
  expect(await early.take('web1', targetOf('web1'), nobody)).toBeNull()
  expect(begun).toHaveLength(1)
  await early.end()
  await settle()
  expect(begun[0]?.isClosed).toBe(false)
})

it.each<[string, Partial<SshTarget>]>([
  ['user', { user: 'root' }],
  ['port', { port: 2222 }],
  ['key', { identityFiles: ['/k'] }],
  ['way', { proxyJump: [targetOf('jump')] }],
  ['known key', { hostKeys: { ...targetOf('web1').hostKeys, pinned: ['SHA256:x'] } }],
  ['password', { password: async () => 'secret' }],
])('closes a login that is not the one: another %s', async (_what, other) => {
  const { early, begun } = stage(['web1'])
  await early.begin(['web1'])
  expect(await early.take('web1', targetOf('web1', other), nobody)).toBeNull()
  await expect.poll(() => begun[0]?.isClosed).toBe(true)
})

it.each([
  ['ada', true],
  ['hunter2', false],
])('remembers that it was %s there: %s', async (user, isRemembered) => {
  const { early, written } = stage(['web1'])
  await early.begin(['web1'])
  const host = await early.take('web1', targetOf('web1'), nobody)
  host?.session({ user, method: 'sudo' }).catch(() => undefined)
  early.remember()
  expect(JSON.stringify(written)).toMatch(isRemembered ? user : /^\[\{\}\]$/)
})

it('asks for a password when the run has come so far, and takes what the run says', async () => {
  const { early, begun } = stage(['web1'], { password: async () => 'foreseen' })
  await early.begin(['web1'])
  await settle()
  let told: string | null = null
  void begun[0]?.target.password?.().then(password => {
    told = password
  })
  await settle()
  expect(told).toBeNull()
  await early.take('web1', targetOf('web1', { password: async () => 'of the run' }), nobody)
  await expect.poll(() => told).toBe('of the run')
})

it('does not give a connection that has been lost', async () => {
  const { early, begun } = stage(['web1'])
  await early.begin(['web1'])
  await settle()
  begun[0]?.lose()
  await settle()
  expect(await early.take('web1', targetOf('web1'), nobody)).toBeNull()
})

it('gives up at the end what nobody wanted', async () => {
  const { early, begun } = stage(['web1'])
  await early.begin(['web1'])
  await settle()
  await early.end()
  expect(begun[0]?.signal.aborted).toBe(true)
  await expect.poll(() => begun[0]?.isClosed).toBe(true)
})

it('remembers who acted on hosts that were where the inventory says, and forgets others', async () => {
  const { early, written } = stage(['web1', 'web3'])
  const reach = async (name: string, target: SshTarget) => {
    const host = new SessionHost({ connection: dead, name })
    await host.session({ user: 'root', method: 'sudo' }).catch(() => undefined)
    await early.reached(name, target, host)
  }
  await reach('web2', targetOf('web2'))
  await reach('web3', targetOf('elsewhere'))
  early.remember()
  expect(written).toEqual([{ web1: [LOGIN], web2: [{ user: 'root', method: 'sudo' }] }])
})

const dead: Connection = {
  lost: new Promise<never>(() => undefined),
  open: async () => {
    throw new Error('no channel')
  },
  close: async () => undefined,
}
