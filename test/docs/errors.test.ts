import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CONFIG_CODES } from '../../src/config/codes.ts'
import { errorCodes, errorTable } from './error-list.ts'

const PAGE = path.resolve(import.meta.dirname, '../../docs/errors.md')
const START = '<!-- codes: made by `npx vitest run test/docs -u` -->\n'
const SRC = path.resolve(import.meta.dirname, '../../src')
const entries = errorCodes(SRC)

test('docs/errors.md lists every code of the source', async () => {
  const page = readFileSync(PAGE, 'utf8')
  const start = page.indexOf(START)
  expect(start).toBeGreaterThan(0)
  await expect(`${page.slice(0, start)}${START}\n${errorTable(entries)}`).toMatchFileSnapshot(PAGE)
})

test('no code of the config room is without a place that reports it', () => {
  const listed = new Set(entries.map(({ code }) => code))
  expect(CONFIG_CODES.filter(code => !listed.has(code))).toEqual([])
})
