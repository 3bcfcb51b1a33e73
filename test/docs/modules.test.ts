import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ALL_MODULES } from '../../src/modules/index.ts'
import { modulePage } from './module-page.ts'

const PAGE = new URL('../../docs/modules.md', import.meta.url)

test('docs/modules.md says what the modules say', async () => {
  const all = ALL_MODULES.map(module => ({
    module,
    source: readFileSync(new URL(`../../src/modules/${module.name}.ts`, import.meta.url), 'utf8'),
  }))
  await expect(modulePage(all)).toMatchFileSnapshot(PAGE.pathname)
})

test('every module has its section', () => {
  const page = readFileSync(PAGE, 'utf8')
  const missing = ALL_MODULES.filter(({ name }) => !page.includes(`\n## ${name}\n`))
  expect(missing.map(({ name }) => name)).toEqual([])
})
