import { expect, it } from 'vitest'
import { faultSuitePage, strayResults, suites } from './fault-suite-page.ts'

const PAGE = new URL('../../docs/fault-suite.md', import.meta.url)

it('docs/fault-suite.md has the results that are kept', async () => {
  await expect(faultSuitePage()).toMatchFileSnapshot(PAGE.pathname)
})

it('each file of the fault suite has a result, with its date and versions, and says what it is about', () => {
  const missing = suites().filter(({ about, found }) => about === '' || found?.run === undefined)
  expect(missing.map(({ name }) => name)).toEqual([])
  expect(strayResults()).toEqual([])
})

it('results are those of green runs: as many hosts came back, or stayed, as were tried', () => {
  const { faults, whole } = foundBy('host-faults')
  const { made, back, harmless, stayed } = foundBy('lock-out').counts as Record<string, number>
  expect([whole, back, stayed]).toEqual([faults, made, harmless])
  expect([made! >= 20, harmless! >= 20]).toEqual([true, true])
})

function foundBy(name: string): Readonly<Record<string, unknown>> {
  return suites().find(one => one.name === name)?.found ?? {}
}
