import { expect, test } from 'vitest'
import type { Problem } from '../../src/base/error.ts'
import type { InventoryPort } from '../../src/engine/world.ts'
import { runInventory } from '../../src/inventory/run-inventory.ts'
import { build } from './build.ts'

const { inventory } = build('web: {hosts: {a: {x: 1}, b: }}\ndb: {hosts: {c: }}\n')
const NOWHERE = { file: null, directory: null }

function narrowed(limit?: string): { run: InventoryPort; warnings: Problem[] } {
  const warnings: Problem[] = []
  return {
    run: runInventory(inventory, { ...NOWHERE, limit, warn: problem => warnings.push(problem) }),
    warnings,
  }
}

test('patterns are matched within the limit', () => {
  const { run } = narrowed('a,c')
  expect([run.match('web'), run.match('all'), run.hosts]).toEqual([['a'], ['a', 'c'], ['a', 'b', 'c']])
})

test('a host knows its groups and variables', () => {
  const { run } = narrowed()
  expect([run.groupsOf('a'), run.groupsOf('nobody'), run.groupsOf('localhost')]).toEqual([
    ['all', 'web'],
    [],
    [],
  ])
  expect(run.variables('a').get('x')).toBe(1)
  expect(run.groups).toEqual({ all: ['a', 'b', 'c'], ungrouped: [], web: ['a', 'b'], db: ['c'] })
})

test('a pattern that names nobody is warned of once', () => {
  const { run, warnings } = narrowed()
  expect([run.match('wbe'), run.match('wbe')]).toEqual([[], []])
  expect(warnings.map(({ code }) => code)).toEqual(['INVENTORY_NO_MATCH'])
})

test('a limit that names nobody stops the run', () => {
  expect(() => narrowed('nobody')).toThrow(/nobody/)
})

test('a pattern that cannot be read stops the run', () => {
  expect(() => narrowed().run.match('~(')).toThrow(/regular expression/)
})
