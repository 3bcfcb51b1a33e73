/** The controller is killed at every write of its journal, before it and after it; the host is this machine. */
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COUNTED, DEPLOY, Deploys, type Twin } from './deploys.ts'
import { type Killed, killAll, upTo } from './killing.ts'
import { localPlace } from './place.ts'
import { keepResults } from './results.ts'

const deploys = new Deploys((name, folder) => localPlace(path.join(folder, name, 'host')))
afterAll(() => {
  deploys.remove()
  keepResults('killed', { results })
})

let plain: Twin
let counted: Twin
beforeAll(async () => {
  plain = await deploys.undisturbed('twin', DEPLOY)
  counted = await deploys.undisturbed('counted-twin', COUNTED)
})

const results: Killed[] = []

/** A machine may do other things as well. */
const PATIENCE_MS = 1_800_000

describe('after the controller was killed', () => {
  it.each(['before', 'after'])(
    '%s any write of its journal, one more deploy makes the host whole',
    async when => {
      results.push(
        await killAll(deploys, { when, first: DEPLOY, then: DEPLOY, twin: plain }, upTo(plain.writes)),
      )
      expect(plain.writes).toBeGreaterThan(100)
    },
    PATIENCE_MS,
  )

  it(
    'resume makes it whole and does no command twice',
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
