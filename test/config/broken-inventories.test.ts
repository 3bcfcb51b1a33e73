import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { sortProblems } from '../../src/config/sort-problems.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import type { VarsFile } from '../../src/inventory/model.ts'

const BROKEN = path.resolve(import.meta.dirname, '../fixtures/broken')
const names = readdirSync(BROKEN).filter(name => name.startsWith('inventory-'))

const textOf = (name: string, file: string) => readFileSync(path.join(BROKEN, name, file), 'utf8')

function varsFiles(name: string): VarsFile[] {
  return (['group', 'host'] as const).flatMap(of => {
    const folder = `${of}_vars`
    if (!readdirSync(path.join(BROKEN, name)).includes(folder)) return []
    return readdirSync(path.join(BROKEN, name, folder)).map(file => ({
      of,
      near: 'inventory' as const,
      name: path.parse(file).name,
      file: `${folder}/${file}`,
      text: textOf(name, `${folder}/${file}`),
    }))
  })
}

function problemsOf(name: string) {
  const files = readdirSync(path.join(BROKEN, name)).filter(file => /\.(?:ini|yml)$/.test(file))
  const sources = files.map(file => ({ kind: 'text' as const, file, text: textOf(name, file) }))
  return sortProblems(buildInventory({ sources, varsFiles: varsFiles(name) }).problems)
}

describe('a broken inventory', () => {
  it.each(names)('%s tells each of its problems at its place', name => {
    const found = problemsOf(name).map(({ code, position }) => ({ code, ...position }))
    expect(found).toEqual(JSON.parse(textOf(name, 'expected.json')))
  })
})
