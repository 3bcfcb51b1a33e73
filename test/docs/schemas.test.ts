import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { allSchemas, schemaText } from '../../src/schemas/all-schemas.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../schemas')

describe('schemas/', () => {
  it.each(Object.entries(allSchemas()))('%s is what the source gives', async (name, schema) => {
    const file = path.join(FOLDER, name)
    const isStale = readFileSync(file, 'utf8') !== schemaText(schema)
    // The difference itself would be thousands of letters long.
    if (process.env.CI) expect(isStale, 'npx vitest run test/docs -u writes it anew').toBe(false)
    await expect(schemaText(schema)).toMatchFileSnapshot(file)
  })

  it('has no other file', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(allSchemas()).sort())
  })
})
