import { expect, it } from 'vitest'
import { checkSpeculation } from './speculation.ts'

it('looking ahead decides as looking right before each task does, over many plays', async () => {
  await expect(checkSpeculation({ runs: 60, seed: 3 })).resolves.toBeUndefined()
})
