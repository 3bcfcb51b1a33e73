import { expect, it } from 'vitest'
import { newRunId } from '../../src/state/run-id.ts'

const SECOND = Date.UTC(2026, 10, 21, 22, 57, 35)

it('names of runs tell the moment, and sort as the runs began', () => {
  const ids = [0, 1, 40, 999, 1000].map(later => newRunId(new Date(SECOND + later)))
  expect(ids[2]).toMatch(/^20261121T225735040-[0-9a-f]{6}$/)
  expect([...ids].sort()).toEqual(ids)
})
