import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomTasks } from './random-play.ts'
import { runBothWays } from './speculation.ts'

it('looking ahead decides as looking right before each task does', async () => {
  await fc.assert(
    fc.asyncProperty(randomTasks, async tasks => {
      const { ahead, fresh } = await runBothWays(tasks)
      expect(ahead).toEqual(fresh)
    }),
    { numRuns: 6 },
  )
})
