/** The controller is killed at writes of its journal; after one more run the host has to be what one is that was never disturbed. */
import { expect } from 'vitest'
import { atATime } from './at-a-time.ts'
import type { Deploys, Twin } from './deploys.ts'

export interface Killing {
  readonly when: string
  readonly first: readonly string[]
  readonly then: readonly string[]
  readonly twin: Twin
}

/** For the results. */
export interface Killed {
  readonly killed: string
  readonly then: string
  /** Which of them, counted from 1. */
  readonly writes: string
  readonly whole: number
}

/** One point after the other on each core. */
const AT_A_TIME = 2

export async function killAll(deploys: Deploys, how: Killing, points: readonly number[]): Promise<Killed> {
  const { when, then } = how
  await atATime(AT_A_TIME, points, async at => {
    try {
      await killOne(deploys, how, at)
    } catch (error) {
      throw new Error(`killed ${when} write ${at}, then ${then[0]}: ${String(error)}`, { cause: error })
    }
  })
  const count = `${points.length} of ${points.length}`
  console.log(`killed ${when} a write of the journal, then ${then[0]}: ${count} hosts whole again`)
  return { killed: `${when} a write`, then: `${then[0]}`, writes: spanOf(points), whole: points.length }
}

async function killOne(deploys: Deploys, { when, first, then, twin }: Killing, at: number): Promise<void> {
  const project = deploys.project(`${when}-${at}-${then[0]}`)
  const killed = await deploys.vpai(project, first, { killAt: `${when} ${at}` })
  expect(killed.signal).toBe('SIGKILL')
  await deploys.makesWhole(project, then, twin)
  project.remove()
}

/** They are equally far apart. */
function spanOf(points: readonly number[]): string {
  const [first = 0, second = first + 1] = points
  return `${first} to ${points.at(-1)} in steps of ${second - first}`
}

export const upTo = (writes: number) => Array.from({ length: writes }, (_, index) => index + 1)
