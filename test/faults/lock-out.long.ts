/** Lock-outs really made on real hosts: each comes back without help. What is harmless never fires. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtProgram } from '../cli/program.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'
import { GuardedHost } from './guarded-host.ts'
import { HARMLESS } from './harmless.ts'
import { LOCK_OUTS, type LockOut, UNHANDLED } from './lock-outs.ts'
import { keepResults } from './results.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`nobody is locked out: ${reason}`)

/** All of them come from one address, which would be shut out for what the others did. */
const PREPARE = `systemctl disable --now fail2ban
echo 'PerSourcePenalties no' >/etc/ssh/sshd_config.d/20-test.conf && systemctl restart ssh && rm -f /run/nologin`

/** They are begun at a time and wait for a host: three minutes on a quiet machine, on one that is used by many ten times that. */
const MOST_MS = 1_800_000

/** Most of the time one waits for them. */
const HOSTS = 4

describe.skipIf(reason !== null)('the lock-out guard', { timeout: MOST_MS }, () => {
  let testbed: Testbed
  let program: string
  let hosts: readonly GuardedHost[]
  let free: GuardedHost[]
  const waiting: ((host: GuardedHost) => void)[] = []
  const back: string[] = []
  const calm: string[] = []

  beforeAll(async () => {
    program = builtProgram()
    testbed = await startTestbed({ hosts: HOSTS })
    hosts = testbed.hosts.map(info => new GuardedHost(program, info))
    for (const host of hosts) await host.sh(PREPARE)
    free = [...hosts]
  })
  afterAll(async () => {
    const counts = {
      made: LOCK_OUTS.length,
      back: back.length,
      harmless: HARMLESS.length,
      stayed: calm.length,
    }
    keepResults('lock-out', { counts, 'back without help': back.sort(), 'did not fire': calm.sort() })
    for (const host of hosts ?? []) host.remove()
    await testbed?.stop()
    if (program) rmSync(path.dirname(program), { recursive: true, force: true })
  })

  /** Tests run at a time, each on a host of its own. */
  async function onHost(work: (host: GuardedHost) => Promise<void>): Promise<void> {
    const host = free.pop() ?? (await new Promise<GuardedHost>(resolve => waiting.push(resolve)))
    try {
      await work(host)
    } finally {
      const next = waiting.shift()
      if (next) next(host)
      else free.push(host)
    }
  }

  it.concurrent.each(LOCK_OUTS.map(one => [one.name, one] as const))(
    'brings the host back when %s',
    (_name, lockOut) =>
      onHost(async host => {
        const what = lockOut.cut?.then === 'reboot' ? 'files' : 'all'
        const before = await host.state(what)
        host.write(lockOut, lockOut.guard ?? '{within: 4s, always: false}')
        await (lockOut.cut ? cut(host, lockOut.cut) : lockedOut(host))
        expect(await host.changedSince(before, what)).toEqual([])
        back.push(lockOut.name)
      }),
  )

  it.concurrent('takes back what its handlers never made true', () =>
    onHost(async host => {
      const before = await host.state('all')
      host.write(UNHANDLED, '{within: 30s, always: false}')
      const { code, events } = await host.run()
      expect(code).toBe(2)
      expect(events.filter(one => one.type === 'guard.fired')).toMatchObject([
        { reason: expect.stringContaining('before the handlers') },
      ])
      expect(await host.changedSince(before)).toEqual([])
    }))

  it.concurrent('is told by check mode, and not armed', () =>
    onHost(async host => {
      host.write(UNHANDLED, '{within: 30s, always: false}')
      const { events, stdout } = await host.run(['--check'])
      expect(stdout).toContain('undone by the host unless one can log in within 30 s')
      expect(events.map(one => one.type)).not.toContain('guard.armed')
    }))

  it.concurrent.each(HARMLESS.map(one => [one.name, one] as const))(
    'does not fire when %s',
    (_name, harmless) =>
      onHost(async host => {
        host.write(harmless, harmless.guard ?? '{within: 60s, always: false}')
        const { code, events, stdout, stderr } = await host.run()
        expect({ code, text: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, text: '' })
        const types = events.map(one => one.type)
        expect(types).toContain('guard.armed')
        expect(types).not.toContain('guard.fired')
        expect(await host.sh('ls -A /var/lib/vpai/guard')).toBe('')
        calm.push(harmless.name)
      }),
  )
})

async function lockedOut(host: GuardedHost): Promise<void> {
  const { code, events, stdout, stderr } = await host.run()
  const told = `${stdout}${stderr}`
  expect(told.includes('guard.fired') ? 'guard.fired' : `${told}${await host.trouble()}`).toBe('guard.fired')
  expect({ code, failed: events.some(one => one.status === 'failed') }).toEqual({ code: 2, failed: true })
  expect(await host.untilLogin()).toBe('in')
}

/** Nobody is there to hear of it; the next run tells. */
async function cut(host: GuardedHost, how: NonNullable<LockOut['cut']>): Promise<void> {
  await host.cut(how)
  await host.until('ls /var/lib/vpai/guard/*/done')
  expect(await host.untilLogin()).toBe('in')
  expect(await host.told()).toMatchObject([{ reason: expect.stringContaining('an earlier run') }])
}
