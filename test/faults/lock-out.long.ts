/** Lock-outs really made on real hosts: each comes back without help. What is harmless never fires. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtProgram } from '../cli/program.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'
import { GuardedHost } from './guarded-host.ts'
import { HARMLESS } from './harmless.ts'
import { LOCK_OUTS } from './lock-outs.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`nobody is locked out: ${reason}`)

/** Hosts take turns, so that one waits while another works. */
const HOSTS = 2

describe.skipIf(reason !== null)('the lock-out guard', () => {
  let testbed: Testbed
  let program: string
  let hosts: GuardedHost[]
  let back = 0

  beforeAll(async () => {
    program = builtProgram()
    testbed = await startTestbed({ hosts: HOSTS })
    hosts = testbed.hosts.map(info => new GuardedHost(program, info))
    for (const host of hosts) await host.sh('systemctl disable --now fail2ban; rm -f /run/nologin; true')
  })
  afterAll(async () => {
    console.log(`${back} of ${LOCK_OUTS.length} back`)
    for (const host of hosts ?? []) host.remove()
    await testbed?.stop()
    if (program) rmSync(path.dirname(program), { recursive: true, force: true })
  })

  it.each(LOCK_OUTS.map((one, index) => [one.name, { ...one, index }] as const))(
    'brings the host back when %s',
    async (_name, lockOut) => {
      const host = hosts[lockOut.index % HOSTS]!
      const before = await host.state()
      host.write(lockOut, '{within: 4s, always: false}')
      if (lockOut.cut) {
        await host.cut(lockOut.cut)
        expect(await host.untilLogin()).toBe('in')
        await host.until('[ -z "$(ls -A /var/lib/vpai/guard)" ] || ls /var/lib/vpai/guard/*/done')
        await host.untilLogin()
      } else {
        const { code, events, stdout, stderr } = await host.run()
        expect(`${stdout}${stderr}`).toContain('guard.fired')
        expect({ code, failed: events.some(one => one.status === 'failed') }).toEqual({
          code: 2,
          failed: true,
        })
        expect(await host.untilLogin()).toBe('in')
      }
      expect(await host.state()).toBe(before)
      back++
    },
  )

  it.each(HARMLESS.map(one => [one.name, one] as const))('does not fire when %s', async (_name, harmless) => {
    const host = hosts[0]!
    host.write(harmless, harmless.guard ?? '{within: 60s, always: false}')
    const { code, events, stdout, stderr } = await host.run()
    expect({ code, text: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, text: '' })
    const types = events.map(one => one.type)
    expect(types).toContain('guard.armed')
    expect(types).not.toContain('guard.fired')
    expect(await host.sh('ls -A /var/lib/vpai/guard')).toBe('')
  })
})
