import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CONFIG_CODES } from '../../src/config/codes.ts'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import { projectFiles } from '../../src/files/project-files.ts'
import { argumentIssues } from '../../src/modules/shared/argument-issues.ts'
import { aLoadOptions } from './load-options.ts'

const BROKEN = path.resolve(import.meta.dirname, '../fixtures/broken')
const names = readdirSync(BROKEN)
  .filter(name => !name.startsWith('inventory-'))
  .sort()

interface Expected {
  readonly code: string
  readonly file: string
  readonly line: number
  readonly column: number
}

const expectedOf = (name: string) =>
  JSON.parse(readFileSync(path.join(BROKEN, name, 'expected.json'), 'utf8')) as Expected[]

const problemsOf = (name: string) =>
  loadPlaybooks(projectFiles(path.join(BROKEN, name)), ['site.yml'], aLoadOptions({ argumentIssues }))
    .problems

describe('a broken project', () => {
  it.each(names)('%s tells each of its problems at its place', name => {
    const found = problemsOf(name).map(({ code, position }) => ({ code, ...position }))
    expect(found).toEqual(expectedOf(name))
  })

  it('has a message for people, a known code and a place for every problem', () => {
    for (const { code, message, position } of names.flatMap(problemsOf)) {
      expect(message).not.toBe('')
      expect(position).toBeDefined()
      if (code.startsWith('CONFIG_')) expect(CONFIG_CODES).toContain(code)
    }
  })
})

describe('the broken projects', () => {
  it('show every code of the loader', () => {
    const shown = new Set(names.flatMap(expectedOf).map(problem => problem.code))
    // The project file and the limit on tasks have tests of their own.
    const elsewhere = ['CONFIG_PROJECT_FILE_INVALID', 'CONFIG_TOO_MANY_TASKS']
    expect(CONFIG_CODES.filter(code => !shown.has(code) && !elsewhere.includes(code))).toEqual([])
  })
})
