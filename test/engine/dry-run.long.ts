import { expect, it } from 'vitest'
import { checkDryRun } from './dry-run.ts'

it.each([1, 2, 3])('a dry run says what the run that follows does, over many plays, seed %i', async seed => {
  const { known, late } = await checkDryRun({ runs: 25, seed })
  console.log(`seed ${seed}: ${known} verdicts held, ${late} known after apply`)
  expect(known).toBeGreaterThan(0)
})
