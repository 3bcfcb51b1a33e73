import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allCases } from '../differential/cases.ts'
import { readDifferences } from '../differential/differences.ts'
import { withDifferences } from '../differential/differences-section.ts'

const PAGE = new URL('../../docs/compatibility.md', import.meta.url)

test('docs/compatibility.md lists the differences that are kept', async () => {
  await expect(withDifferences(readFileSync(PAGE, 'utf8'))).toMatchFileSnapshot(PAGE.pathname)
})

test('every kept difference names playbooks that there are', () => {
  const names = allCases().map(({ name }) => name)
  const unknown = readDifferences().flatMap(({ playbooks }) =>
    playbooks === 'any' ? [] : playbooks.filter(name => !names.includes(name)),
  )
  expect(unknown).toEqual([])
})
