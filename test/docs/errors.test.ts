import { readdirSync, readFileSync } from 'node:fs'
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

test('every code that is thrown or reported begins with a word the list knows', () => {
  const thrown = readThrown()
  const listed = new Set(entries.map(({ code }) => code))
  expect(thrown.length).toBeGreaterThan(100)
  expect(thrown.filter(code => !listed.has(code))).toEqual([])
})

test('no code of the config room is without a place that reports it', () => {
  const listed = new Set(entries.map(({ code }) => code))
  expect(CONFIG_CODES.filter(code => !listed.has(code))).toEqual([])
})

function readThrown(): string[] {
  const calls = /(?:new \w*Error|\breport)\(\s*'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .flatMap(file => [...readFileSync(path.join(SRC, file), 'utf8').matchAll(calls)])
    .map(match => match[1] ?? '')
}
