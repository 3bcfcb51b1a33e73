import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomTasks } from './random-play.ts'
import { runBothWays } from './speculation.ts'

it.each([1, 2, 3, 4])(
  'looking ahead decides as looking right before each task does (seed %i)',
  async seed => {
    await fc.assert(
      fc.asyncProperty(randomTasks, async tasks => {
        const { ahead, fresh } = await runBothWays(tasks)
        expect(ahead).toEqual(fresh)
      }),
      { numRuns: 100, seed, endOnFailure: true },
    )
  },
)
