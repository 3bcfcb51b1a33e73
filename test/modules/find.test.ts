import { expect, test } from 'vitest'
import { find } from '../../src/modules/find.ts'
import { decideWith } from './tables.ts'

test('find takes more files than a call takes arguments', () => {
  const count = 200_000
  const names = Array.from({ length: count }, (_value, index) => `/d/${index}\0`).join('')
  const stat = '81a4 0 0 5 1.0 1.0 1.0 1 7 2049 root root\n'
  // The names of one run of stat, then a line for each.
  const stdout = `100\n${names}//\0${stat.repeat(count)}\0`
  const verdict = decideWith(find, { paths: '/d' }, () => ({ code: 0, stdout, stderr: '' }))
  expect(verdict).toMatchObject({ kind: 'ok', result: { matched: count } })
})
