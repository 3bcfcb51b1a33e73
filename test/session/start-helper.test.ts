import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { Channel } from '../../src/engine/ports.ts'
import type { BecomeCommand } from '../../src/session/become.ts'
import { startHelper } from '../../src/session/start-helper.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const HELLO = `\n${NONCE} H 1 4 0 1 setsid - /t\n`
const tick = () => new Promise(resolve => setImmediate(resolve))

function start(
  command: Partial<BecomeCommand>,
  askPassword: () => Promise<string | null> = async () => null,
) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let end = (): void => undefined
  const closed = new Promise<{ code: number; signal: null }>(resolve => {
    end = () => resolve({ code: 1, signal: null })
  })
  const channel: Channel = { stdin, stdout, stderr, closed, destroy: () => end() }
  const started = startHelper({
    channel,
    command: { commandLine: '', readyMark: null, upMark: null, prompt: null, ...command },
    nonce: NONCE,
    timeoutMs: 200,
    askPassword,
  })
  const written = async () => {
    await tick()
    return ((stdin.read() as Buffer | null)?.toString() ?? '').slice(0, 8)
  }
  return { started, written, stdout, stderr, end: () => end() }
}

test('the helper is written at once where nothing else reads', async () => {
  const { started, written, stdout } = start({})
  expect(await written()).toBe('vpai1:N=')
  stdout.write(`noise${HELLO}`)
  expect(await started).toMatchObject({ kind: 'started', hello: { pid: 4, tmp: '/t', bootId: null } })
})

test('frames that come with the hello are kept for the session', async () => {
  const { started, stdout } = start({})
  stdout.write(`${HELLO}\n${NONCE} K 1\n`)
  expect(await started).toMatchObject({ early: [{ type: 'skipped', id: 1 }] })
})

test('nothing is written before the terminal is ready and the loader is up', async () => {
  const { written, stdout, end } = start({ readyMark: 'READY', upMark: 'UP' })
  expect(await written()).toBe('')
  stdout.write('UP')
  expect(await written()).toBe('')
  stdout.write('REA')
  stdout.write('DY')
  expect(await written()).toBe('vpai1:N=')
  end()
})

test('a password is written at its prompt and the helper only after it was taken', async () => {
  const { started, written, stdout, stderr } = start(
    { upMark: 'UP', prompt: 'vpai-password-x:' },
    async () => 'pw',
  )
  expect(await written()).toBe('')
  stderr.write('lecture\nvpai-password-x:')
  expect(await written()).toBe('pw\n')
  stdout.write('UP\n')
  expect(await written()).toBe('vpai1:N=')
  stdout.write(HELLO)
  expect((await started).kind).toBe('started')
})

test('a second prompt means a wrong password, and nothing more is written', async () => {
  const { started, written, stderr } = start({ upMark: 'UP', prompt: 'vpai-password-x:' }, async () => 'pw')
  stderr.write('vpai-password-x:')
  expect(await written()).toBe('pw\n')
  stderr.write('Sorry, try again.\nvpai-password-x:')
  expect(await started).toEqual({ kind: 'wrong-password' })
  expect(await written()).toBe('')
})

test("a word of a start-up file is not taken for su's prompt", async () => {
  const { written, stdout, stderr, end } = start({ upMark: 'UP', prompt: 'assword:' }, async () => 'pw')
  stderr.write('Your password: expires soon\n')
  expect(await written()).toBe('')
  stderr.write('Password: ')
  expect(await written()).toBe('pw\n')
  stderr.write('\r\n')
  expect(await written()).toBe('')
  stdout.write('UP')
  expect(await written()).toBe('vpai1:N=')
  end()
})

test.each([
  ['no password is there', async () => null, 'no-password'],
  ['the password holds a line break', async () => 'a\nb', 'no-password'],
  ['asking fails', () => Promise.reject(new Error('no terminal')), 'failed'],
])('when %s, nothing is written', async (_, ask, kind) => {
  const { started, written, stderr } = start({ upMark: 'UP', prompt: 'vpai-password-x:' }, ask)
  stderr.write('vpai-password-x:')
  expect((await started).kind).toBe(kind)
  expect(await written()).toBe('')
})

test('the time a person takes is not counted, the time a host takes is', async () => {
  const slow = () => new Promise<string>(resolve => setTimeout(() => resolve('pw'), 350))
  const { started, stderr, stdout } = start({ upMark: 'UP', prompt: 'vpai-password-x:' }, slow)
  stderr.write('vpai-password-x:')
  await new Promise(resolve => setTimeout(resolve, 400))
  stdout.write(`UP${HELLO}`)
  expect((await started).kind).toBe('started')
  const silent = start({})
  silent.stderr.write('please wait')
  expect(await silent.started).toMatchObject({
    kind: 'timeout',
    said: expect.stringContaining('please wait'),
  })
})

test('no temporary directory and an early end are told apart', async () => {
  const noTmp = start({})
  noTmp.stdout.write(`\n${NONCE} X - notmp\n`)
  expect(await noTmp.started).toEqual({ kind: 'no-tmp' })
  const ended = start({})
  ended.stderr.write('not available')
  await tick()
  ended.end()
  expect(await ended.started).toMatchObject({
    kind: 'closed',
    code: 1,
    said: expect.stringContaining('not available'),
  })
})
