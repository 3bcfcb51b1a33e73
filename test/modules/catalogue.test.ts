import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Module } from '../../src/modules/contract.ts'
import { ALL_MODULES, findModule, moduleArguments, moduleNames } from '../../src/modules/index.ts'

const CATALOGUE = new URL('../../src/modules/catalogue.ts', import.meta.url)

/** Schemas may be wrapped in further preprocessing and checks; the names are on the innermost that has them. */
function namesOf(module: Module): string {
  let schema: z.core.$ZodType | undefined = module.args()
  while (schema !== undefined) {
    const names = z.globalRegistry.get(schema)?.names
    if (Array.isArray(names)) return names.join(' ')
    schema = 'out' in schema._zod.def ? (schema._zod.def.out as z.core.$ZodType) : undefined
  }
  return '*'
}

function line(module: Module): string {
  const free = module.freeForm === undefined ? '' : '!'
  return `${[module.name, ...(module.aliases ?? [])].join(',')}${free}: ${namesOf(module)}`
}

test('the catalogue says what the schemas say', async () => {
  const source = readFileSync(CATALOGUE, 'utf8')
  const start = source.indexOf('const TABLE = `\n')
  const lines = ALL_MODULES.map(line).sort()
  expect(start).toBeGreaterThan(0)
  await expect(`${source.slice(0, start)}const TABLE = \`\n${lines.join('\n')}\n\`\n`).toMatchFileSnapshot(
    CATALOGUE.pathname,
  )
})

test('every file of the room is a module of the list', () => {
  const folder = new URL('../../src/modules/', import.meta.url)
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.ts') && !['contract.ts', 'index.ts', 'catalogue.ts'].includes(name))
    .map(name => name.slice(0, -3))
  const known = new Set(moduleNames())
  expect(files.filter(name => !known.has(name))).toEqual([])
})

describe.each(ALL_MODULES.map(module => [module.name, module] as const))('%s', (name, module) => {
  test('is found by its short, full and other names', () => {
    expect(findModule(name)).toBe(module)
    expect(findModule(`ansible.builtin.${name}`)).toBe(module)
    for (const alias of module.aliases ?? []) expect(findModule(alias)).toBe(module)
  })

  test('refuses an unknown argument, unless every name is one', () => {
    const unknown = module.args().safeParse({ no_such_argument: 1 })
    const says = JSON.stringify(unknown.error?.issues ?? [])
    if (moduleArguments(name)?.args !== null) expect(says).toContain('no_such_argument')
  })

  test('has a summary without a full stop, and says whether it settles', () => {
    expect(module.summary).toMatch(/[^.]$/)
    expect(module.settles).toBeTruthy()
  })
})

test('what does not exist is null', () => {
  expect(findModule('no_such_module')).toBe(null)
  expect(moduleArguments('a.b.no_such_module')).toBe(null)
})
