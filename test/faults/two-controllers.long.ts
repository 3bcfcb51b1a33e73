/** Two controllers want the same host: one waits or is refused, and one that slept too long changes nothing more. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COUNTED, DEPLOY, Deploys, hostTree, type Started, type Twin } from './deploys.ts'
import { EmbeddedHost, whyNoEmbeddedHost } from './embedded-host.ts'
import type { FaultProject } from './project.ts'
import { keepResults } from './results.ts'
import { treeOf } from './tree.ts'

const reason = await whyNoEmbeddedHost()
if (reason !== null) console.warn(`no two controllers meet: ${reason}`)

/** A machine may do other things as well. */
const PATIENCE_MS = 1_800_000

/** Where the first one is stopped, as shares of all writes to its journal. */
const SHARES = [0.2, 0.35, 0.5, 0.65, 0.8, 0.95]

const HELD = /“vpai run[^”]*” of .* is at work on one/
const WAITS = /waiting for “vpai run/
const LOST = /another run has taken over one while this one was silent/

describe.skipIf(reason !== null)('of two controllers', { timeout: PATIENCE_MS }, () => {
  let host: EmbeddedHost
  let deploys: Deploys
  let plain: Twin
  let counted: Twin
  beforeAll(async () => {
    host = await EmbeddedHost.start()
    deploys = new Deploys(name => host.place(name))
    plain = await deploys.undisturbed('twin', DEPLOY)
    counted = await deploys.undisturbed('counted-twin', COUNTED)
  })
  afterAll(async () => {
    deploys?.remove()
    await host?.stop()
  })

  /** The same project twice, as two people have it, and the run of the first, which has stopped there. */
  async function stopped(name: string, argv: readonly string[], at: number) {
    const place = host.place(name)
    const [first, second] = [
      deploys.project(`${name}-first`, place),
      deploys.project(`${name}-second`, place),
    ]
    const run = deploys.start(first, argv, { killAt: `after ${at} SIGSTOP` })
    await expect.poll(() => stateOf(run), { timeout: 120_000 }).toBe('T')
    return { first, second, run }
  }

  it('one is refused and one waits while the other is at work', async () => {
    const { second, run } = await stopped('wait', COUNTED, Math.floor(counted.writes / 2))
    const refused = await deploys.vpai(second, COUNTED)
    expect(refused).toMatchObject({ status: 2, told: expect.stringMatching(HELD) })
    const waiting = deploys.start(second, [...DEPLOY, '--lock-timeout', '300'])
    await expect.poll(waiting.told, { timeout: 120_000 }).toMatch(WAITS)
    run.child.kill('SIGCONT')
    expect(await run.ended).toMatchObject({ status: 0 })
    expect(await waiting.ended).toMatchObject({ status: 0 })
    expect(hostTree(second)).toEqual(counted.tree)
  })

  it('one that was stopped changes nothing after it wakes, when the other has taken over', async () => {
    const woken = await Promise.all(
      SHARES.map(async share => {
        const at = Math.floor(plain.writes * share)
        const { second, run } = await stopped(`sleep-${at}`, DEPLOY, at)
        await deploys.makesWhole(second, [...DEPLOY, '--lock-timeout', '600'], plain)
        const record = recordOf(second)
        run.child.kill('SIGCONT')
        const { status, told } = await run.ended
        expect(hostTree(second)).toEqual(plain.tree)
        expect(recordOf(second)).toEqual(record)
        return { at, code: status, lost: LOST.test(told) }
      }),
    )
    expect(woken.filter(({ lost, code }) => lost && code === 2).length).toBeGreaterThan(SHARES.length / 2)
    keepResults('two-controllers', { writes: plain.writes, woken })
  })

  it('that start at the same time one at least goes through, and the other does or is refused', async () => {
    for (let time = 0; time < 8; time++) {
      const place = host.place(`race-${time}`)
      const both = [0, 1].map(who => deploys.project(`race-${time}-${who}`, place))
      const ended = await Promise.all(both.map(project => deploys.vpai(project, DEPLOY)))
      const told = ended.map(({ status, told }) =>
        status === 0 ? 'through' : HELD.test(told) ? 'held' : told,
      )
      expect(['through through', 'held through']).toContain(told.sort().join(' '))
      await deploys.makesWhole(both[0]!, DEPLOY, plain)
    }
  })
})

/** As the kernel tells it: T is stopped. */
function stateOf({ child }: Started): string {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? ''
}

/** What the host remembers of runs. */
function recordOf({ place }: FaultProject): readonly string[] {
  return treeOf(place.seen.record)
}
