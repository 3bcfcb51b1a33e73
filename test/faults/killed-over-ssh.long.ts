/** The controller is killed at every write of its journal, while it works on a host of its own over real ssh. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COUNTED, DEPLOY, Deploys, type Twin } from './deploys.ts'
import { EmbeddedHost, whyNoEmbeddedHost } from './embedded-host.ts'
import { type Killed, killAll, upTo } from './killing.ts'
import { keepResults } from './results.ts'

const reason = await whyNoEmbeddedHost()
if (reason !== null) console.warn(`no controller is killed over ssh: ${reason}`)

const results: Killed[] = []

/** A machine may do other things as well. */
const PATIENCE_MS = 1_800_000

describe.skipIf(reason !== null)('after the controller was killed', () => {
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
    keepResults('killed-over-ssh', { results })
    await host?.stop()
  })

  it.each(['before', 'after'])(
    '%s any write of its journal, one more deploy over ssh makes the host whole',
    async when => {
      results.push(
        await killAll(deploys, { when, first: DEPLOY, then: DEPLOY, twin: plain }, upTo(plain.writes)),
      )
      expect(plain.writes).toBeGreaterThan(100)
      await expect.poll(() => host.ownFiles(), { timeout: 60_000 }).toEqual([])
    },
    PATIENCE_MS,
  )

  it(
    'resume over ssh makes it whole and does no command twice',
    async () => {
      const points = upTo(counted.writes).filter(at => at > 1 && at % 4 === 0)
      results.push(
        await killAll(deploys, { when: 'after', first: COUNTED, then: ['resume'], twin: counted }, points),
      )
      expect(points.length).toBeGreaterThan(20)
    },
    PATIENCE_MS,
  )
})
