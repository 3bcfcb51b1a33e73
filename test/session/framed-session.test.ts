import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { Channel, Session } from '../../src/engine/ports.ts'
import { FrameParser, type HelloFrame } from '../../src/session/frame-parser.ts'
import { FramedSession } from '../../src/session/framed-session.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const HELLO: HelloFrame = { pid: 4, uid: 0, hasTimeout: true, hasSetsid: true, bootId: 'b', tmp: '/t' }

/** A session whose other end is played by the test. */
function session(
  changes: {
    readonly hello?: Partial<HelloFrame>
    readonly sibling?: () => Promise<Session>
    readonly highWaterMark?: number
  } = {},
) {
  const [stdin, stdout] = [new PassThrough({ highWaterMark: changes.highWaterMark }), new PassThrough()]
  let end = (): void => undefined
  const closed = new Promise<{ code: null; signal: null }>(resolve => {
    end = () => resolve({ code: null, signal: null })
  })
  const channel: Channel = { stdin, stdout, stderr: new PassThrough(), closed, destroy: () => end() }
  let time = 0
  const framed = new FramedSession({
    channel,
    parser: new FrameParser(NONCE),
    hello: { ...HELLO, ...changes.hello },
    early: [],
    openSibling: changes.sibling ?? (() => Promise.reject(new Error('no sibling'))),
    now: () => time,
    name: 'app on web1',
  })
  return {
    framed,
    sent: () => (stdin.read() as Buffer | null)?.toString() ?? '',
    say: (frame: string) => void stdout.write(`\n${NONCE} ${frame}`),
    cut: () => end(),
    wait: (ms: number) => {
      time += ms
    },
  }
}

test('a request is sent as specified', async () => {
  const { framed, sent, say } = session()
  const first = framed.request({ script: 'true' })
  expect(sent()).toBe('R 1 4 0 0 -\ntrue\n')
  say('A 1 0 2 1\noke')
  expect(await first).toMatchObject({
    code: 0,
    stdout: Buffer.from('ok'),
    stderr: Buffer.from('e'),
    timedOut: false,
  })
  void framed.request({ script: 'cat', stdin: 'ä', timeoutS: 1.2, chain: 'c1' }).catch(() => undefined)
  expect(sent()).toBe('R 2 3 2 2 c1\ncat\nä\n')
})

test.each([
  ['an answer to another request', 'A 2 0 0 0\n', 'SESSION_PROTOCOL'],
  ['a frame that cannot be read', 'A 1 x 0 0\n', 'SESSION_PROTOCOL'],
  ['a helper that gives up', 'X 1 desync\n', 'SESSION_FAILED'],
  ['a helper that cannot write', 'X 1 io\n', 'SESSION_NO_SPACE'],
])('%s ends the session', async (_, frame, code) => {
  const { framed, say } = session()
  const first = framed.request({ script: 'true', timeoutS: 5 })
  const second = framed.request({ script: 'true', timeoutS: 5 })
  say(frame)
  await expect(first).rejects.toMatchObject({ code })
  await expect(second).rejects.toMatchObject({ code: 'SESSION_LOST' })
  await expect(framed.request({ script: 'true' })).rejects.toMatchObject({ code })
  expect(framed.isDead).toBe(true)
})

test('an answer that nobody asked for ends the session', async () => {
  const { framed, say } = session()
  say('K 1\n')
  await new Promise(resolve => setImmediate(resolve))
  await expect(framed.request({ script: 'true' })).rejects.toMatchObject({ code: 'SESSION_PROTOCOL' })
})

test('a channel that ends leaves every outstanding request unknown', async () => {
  const { framed, cut } = session()
  const requests = [framed.request({ script: 'a', timeoutS: 5 }), framed.request({ script: 'b' })]
  cut()
  await expect(requests[0]).rejects.toMatchObject({ code: 'SESSION_LOST' })
  await expect(requests[1]).rejects.toMatchObject({ code: 'SESSION_LOST' })
  await expect(framed.request({ script: 'c' })).rejects.toMatchObject({ code: 'SESSION_LOST' })
})

test.each([
  ['ended by the timer', 124, 5000, true],
  ['ended by busybox timeout', 143, 5100, true],
  ['killed after the grace', 137, 10_000, true],
  ['an own exit code 124, earlier', 124, 1000, false],
  ['a failure that took as long', 1, 6000, false],
])('%s: timed out is right', async (_, code, elapsedMs, timedOut) => {
  const { framed, say, wait } = session()
  const before = framed.request({ script: 'sleep', timeoutS: 20 })
  const reply = framed.request({ script: 'sleep', timeoutS: 5 })
  wait(10_000)
  say('A 1 0 0 0\n')
  await before
  wait(elapsedMs)
  say(`A 2 ${code} 0 0\n`)
  expect(await reply).toMatchObject({ timedOut, elapsedMs })
})

test('large bodies wait for the channel, and requests behind them keep their order', async () => {
  const { framed, sent } = session({ highWaterMark: 1024 })
  const body = Buffer.alloc(200_000, 'x')
  for (const request of [
    { script: 'one', stdin: body },
    { script: 'two' },
    { script: 'three', stdin: body },
  ]) {
    void framed.request(request).catch(() => undefined)
  }
  let all = ''
  for (let round = 0; round < 50; round++) {
    all += sent()
    await new Promise(resolve => setImmediate(resolve))
  }
  const text = body.toString()
  expect(all === `R 1 3 200000 0 -\none\n${text}\nR 2 3 0 0 -\ntwo\nR 3 5 200000 0 -\nthree\n${text}\n`).toBe(
    true,
  )
})

test.each([
  ['an empty script', { script: '' }],
  ['a chain that would break the header', { script: 'true', chain: 'a b' }],
])('%s is not sent', async (_, request) => {
  const { framed, sent } = session()
  await expect(framed.request(request)).rejects.toMatchObject({ code: 'SESSION_BAD_REQUEST' })
  expect(sent()).toBe('')
})

test('the deadline is kept from here where the host has no timeout program', async () => {
  let killed = ''
  let isKilled = (): void => undefined
  const kill = new Promise<void>(resolve => {
    isKilled = resolve
  })
  const sibling: Session = {
    hello: HELLO,
    request: async ({ script }) => {
      killed = script
      isKilled()
      return {
        kind: 'done',
        code: 0,
        stdout: Buffer.alloc(0),
        stderr: Buffer.alloc(0),
        timedOut: false,
        elapsedMs: 0,
      }
    },
    cancel: async () => undefined,
    close: async () => undefined,
  }
  const { framed, say, wait } = session({ hello: { hasTimeout: false }, sibling: async () => sibling })
  const reply = framed.request({ script: 'sleep', timeoutS: 0.05 })
  await kill
  expect(killed).toContain('i=1 ')
  wait(1000)
  say('A 1 143 0 0\n')
  expect(await reply).toMatchObject({ timedOut: true })
})

test('a cancelled command is not called timed out', async () => {
  const sibling = {
    hello: HELLO,
    request: async () =>
      ({
        kind: 'done',
        code: 0,
        stdout: Buffer.alloc(0),
        stderr: Buffer.alloc(0),
        timedOut: false,
        elapsedMs: 0,
      }) as const,
    cancel: async () => undefined,
    close: async () => undefined,
  }
  const { framed, say, wait } = session({ sibling: async () => sibling })
  const reply = framed.request({ script: 'sleep', timeoutS: 5 })
  await framed.cancel(reply)
  wait(5000)
  say('A 1 143 0 0\n')
  expect(await reply).toMatchObject({ timedOut: false })
})

test('good-bye is said once, and nothing is accepted after it', async () => {
  const { framed, sent, cut } = session()
  const closing = framed.close()
  expect(sent()).toBe('B\n')
  await expect(framed.request({ script: 'true' })).rejects.toMatchObject({ code: 'SESSION_LOST' })
  cut()
  await closing
  await framed.close()
  expect(sent()).toBe('')
})
