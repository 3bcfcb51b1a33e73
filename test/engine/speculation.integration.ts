import { expect, it } from 'vitest'
import { checkSpeculation } from './speculation.ts'

it('looking ahead decides as looking right before each task does', async () => {
  await expect(checkSpeculation({ runs: 6 })).resolves.toBeUndefined()
})
