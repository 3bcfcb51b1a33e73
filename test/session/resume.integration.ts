import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { connectLocal } from '../../src/connections/local.ts'
import type { Channel, Clock, Connection, Request, Session } from '../../src/engine/ports.ts'
import { SessionHost } from '../../src/session/host.ts'
import { discardLostSession, resumeRequest } from '../../src/session/resume-request.ts'
import type { ResumeTicket, SessionLostError } from '../../src/session/session-lost.ts'
import { LOGIN } from './local-host.ts'

const scratch = mkdtempSync(path.join(tmpdir(), 'vpai-test-'))
/** What lost sessions leave on the host for the time to come. */
const left: string[] = []
afterAll(() => {
  for (const directory of [scratch, ...left]) rmSync(directory, { recursive: true, force: true })
})

const clock: Clock = { now: () => performance.now(), sleep: ms => sleep(ms) }

/** A local connection whose channels can be cut, as when a network goes away. */
function cuttable(): Connection & { cut(): void } {
  const local = connectLocal()
  const channels: Channel[] = []
  return {
    ...local,
    async open(line, options) {
      const channel = await local.open(line, options)
      channels.push(channel)
      return channel
    },
    cut: () => channels.splice(0).forEach(channel => void channel.destroy()),
  }
}

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(20)
}
const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Sends requests, cuts when `cutWhen` holds, and returns a new session and the tickets of the lost requests. */
async function lose(requests: readonly Request[], cutWhen: (session: Session) => boolean) {
  const connection = cuttable()
  const host = new SessionHost({ connection, name: 'localhost' })
  const first = await host.session(LOGIN)
  const errors = Promise.all(
    requests.map(request =>
      first.request(request).then(
        () => null,
        (error: SessionLostError) => error,
      ),
    ),
  )
  await until(() => cutWhen(first))
  connection.cut()
  left.push(first.hello.tmp)
  const tickets = (await errors).map(error => error?.ticket as ResumeTicket)
  expect((await errors).map(error => error?.code)).toEqual(requests.map(() => 'SESSION_LOST'))
  const session = await host.session(LOGIN)
  expect(session).not.toBe(first)
  return { host, session, tickets }
}

test('a command cut off in the middle runs exactly once and its reply is found', async () => {
  const mark = path.join(scratch, 'once')
  const script = `echo begun >>${mark}; sleep 1; echo out; echo err >&2; echo ended >>${mark}; exit 7`
  const { host, session, tickets } = await lose([{ script, timeoutS: 30 }], () => read(mark) !== '')
  const resumed = await resumeRequest({ session, ticket: tickets[0]!, clock, patienceS: 10 })
  expect(resumed).toMatchObject({
    kind: 'done',
    reply: { kind: 'done', code: 7, stdout: Buffer.from('out\n'), stderr: Buffer.from('err\n') },
  })
  expect(read(mark)).toBe('begun\nended\n')
  await discardLostSession(session, tickets[0]!.hello)
  expect(await resumeRequest({ session, ticket: tickets[0]!, clock, patienceS: 1 })).toMatchObject({
    kind: 'unknown',
  })
  await host.close()
})

test('a command behind the one that was cut off never starts', async () => {
  const [first, second] = [path.join(scratch, 'first'), path.join(scratch, 'second')]
  const requests = [
    { script: `echo begun >${first}; sleep 1`, timeoutS: 30 },
    { script: `echo begun >${second}`, timeoutS: 30 },
  ]
  const { host, session, tickets } = await lose(requests, () => read(first) !== '')
  expect(await resumeRequest({ session, ticket: tickets[1]!, clock, patienceS: 10 })).toEqual({
    kind: 'never-started',
  })
  expect(await resumeRequest({ session, ticket: tickets[0]!, clock, patienceS: 10 })).toMatchObject({
    kind: 'done',
  })
  await sleep(300)
  expect(read(second)).toBe('')
  await host.close()
})

test('asking forbids a helper that is still served to start what it has not begun', async () => {
  const mark = path.join(scratch, 'fenced')
  const host = new SessionHost({ connection: connectLocal(), name: 'localhost' })
  const [old, session] = [
    await host.session(LOGIN),
    await new SessionHost({ connection: connectLocal(), name: 'localhost' }).session(LOGIN),
  ]
  const running = path.join(scratch, 'fenced-running')
  const first = old.request({ script: `echo x >${running}; sleep 0.7; echo ended`, timeoutS: 30 })
  const second = old.request({ script: `echo begun >${mark}`, timeoutS: 30 })
  await until(() => read(running) !== '')
  const ticket = { id: 2, hello: old.hello as ResumeTicket['hello'] }
  expect(await resumeRequest({ session, ticket, clock, patienceS: 10 })).toEqual({ kind: 'never-started' })
  expect(await first).toMatchObject({ stdout: Buffer.from('ended\n') })
  await expect(second).rejects.toMatchObject({ code: 'SESSION_LOST' })
  expect(read(mark)).toBe('')
  expect(await resumeRequest({ session, ticket, clock, patienceS: 10 })).toEqual({ kind: 'never-started' })
  await discardLostSession(session, old.hello)
  await session.close()
  await host.close()
})

test('a command that was killed with its helper is unknown', async () => {
  const mark = path.join(scratch, 'killed')
  const { host, session, tickets } = await lose(
    [{ script: `echo $$ >${mark}; sleep 30`, timeoutS: 60 }],
    () => read(mark) !== '',
  )
  const { tmp, pid } = tickets[0]!.hello
  await session.request({ script: `kill -9 ${pid}; read -r g <${tmp}/s1.p; kill -9 -$g; sleep 0.2` })
  expect(await resumeRequest({ session, ticket: tickets[0]!, clock, patienceS: 10 })).toMatchObject({
    kind: 'unknown',
  })
  await host.close()
})

test('a host that was restarted in between makes the outcome unknown', async () => {
  const mark = path.join(scratch, 'boot')
  const { host, session, tickets } = await lose(
    [{ script: `echo x >${mark}; sleep 1`, timeoutS: 60 }],
    () => read(mark) !== '',
  )
  const ticket = { ...tickets[0]!, hello: { ...tickets[0]!.hello, bootId: 'another' } }
  expect(await resumeRequest({ session, ticket, clock, patienceS: 10 })).toEqual({
    kind: 'unknown',
    reason: 'the host was restarted',
  })
  await host.close()
})

test('patience ends while the command runs on', async () => {
  const mark = path.join(scratch, 'long')
  const { host, session, tickets } = await lose(
    [{ script: `echo x >${mark}; sleep 2`, timeoutS: 60 }],
    () => read(mark) !== '',
  )
  await expect(resumeRequest({ session, ticket: tickets[0]!, clock, patienceS: 0.3 })).rejects.toMatchObject({
    code: 'SESSION_STILL_RUNNING',
  })
  await host.close()
})

test('a trusted request leaves no ticket', async () => {
  const mark = path.join(scratch, 'trusted')
  const { host, tickets } = await lose([{ script: `echo x >${mark}; sleep 0.5` }], () => read(mark) !== '')
  expect(tickets).toEqual([null])
  await host.close()
})
