/** The connection to a host breaks at points all over a deploy; one more deploy has to make the host whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atATime } from './at-a-time.ts'
import { breakAt, breakPoints } from './break-points.ts'
import { DEPLOY, Deploys, type Twin } from './deploys.ts'
import { EmbeddedHost, whyNoEmbeddedHost } from './embedded-host.ts'
import { type Break, FaultyWay } from './faulty-way.ts'
import { keepResults } from './results.ts'

const reason = await whyNoEmbeddedHost()
if (reason !== null) console.warn(`no connection is cut: ${reason}`)

const SEED = Number(process.env.VPAI_SEED ?? 20_26)
/** Of each way to break, in each direction. */
const EACH = 14
const POINTS = breakPoints(SEED, EACH)
/** Most of them wait for an answer that does not come. */
const AT_A_TIME = 4
/** A machine may do other things as well. */
const PATIENCE_MS = 1_800_000

/** What became of the connection is told. */
const CLEAR =
  /connection to root@127\.0\.0\.1:\d+ was lost|broke off|stopped answering|handshake takes too long/

interface Result extends Break {
  readonly at: number
  /** How the run ended whose connection broke: 0 when it could go on all the same. */
  readonly code: number | null
}

describe.skipIf(reason !== null)('after the connection broke', () => {
  let host: EmbeddedHost
  let deploys: Deploys
  let twin: Twin
  const total = { up: 0, down: 0 }
  beforeAll(async () => {
    host = await EmbeddedHost.start()
    const way = await FaultyWay.open(host.info.port, null)
    deploys = new Deploys(name => host.place(name, { ansible_port: way.port }))
    twin = await deploys.undisturbed('twin', DEPLOY)
    Object.assign(total, way.carried)
    way.close()
  })
  afterAll(async () => {
    deploys?.remove()
    await host?.stop()
  })

  async function breakOne(at: number): Promise<Result> {
    const point = breakAt(POINTS[at]!, total)
    const way = await FaultyWay.open(host.info.port, point)
    const project = deploys.project(`cut-${at}`, host.place(`cut-${at}`, { ansible_port: way.port }))
    const { status, told } = await deploys.vpai(project, DEPLOY)
    expect([0, 4]).toContain(status)
    if (status !== 0) expect(told).toMatch(CLEAR)
    await deploys.makesWhole(project, DEPLOY, twin)
    project.remove()
    way.close()
    return { at, ...point, code: status }
  }

  it(
    'anywhere and in any way, one more deploy makes the host whole',
    async () => {
      const results: Result[] = []
      await atATime(AT_A_TIME, [...POINTS.keys()], async at => {
        try {
          results.push(await breakOne(at))
        } catch (error) {
          throw new Error(`${JSON.stringify(breakAt(POINTS[at]!, total))}: ${String(error)}`, {
            cause: error,
          })
        }
      })
      expect(results.length).toBeGreaterThanOrEqual(100)
      await expect.poll(() => host.ownFiles(), { timeout: 60_000 }).toEqual([])
      keepResults('cut-off', { seed: SEED, total, results: results.sort((a, b) => a.at - b.at) })
      console.log(`broken off, then run: ${results.length} of ${POINTS.length} hosts whole again`)
    },
    PATIENCE_MS,
  )
})
