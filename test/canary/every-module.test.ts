/** The canaries promise to go through every module: a new one must join them. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { ALL_MODULES, findModule } from '../../src/modules/index.ts'

/** Modules that no secret can be given to. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  meta: 'it takes one of ten fixed words, which are checked when the project is read',
}

const PROJECT = path.join(import.meta.dirname, 'project')

it('every module is given a canary', () => {
  const given = new Set([...Object.keys(EXCEPTIONS), ...readdirSync(PROJECT).flatMap(modulesIn)])
  expect(ALL_MODULES.map(module => module.name).filter(name => !given.has(name))).toEqual([])
})

it('no exception is left over', () => {
  const given = new Set(readdirSync(PROJECT).flatMap(modulesIn))
  expect(Object.keys(EXCEPTIONS).filter(name => given.has(name) || !findModule(name))).toEqual([])
})

type Task = Readonly<Record<string, unknown>>

/** An expression with one of the variables that hold a canary in the tasks of the project. */
const CANARY = /\{\{[^}]*\b(one\.value|canary\.|secret\b|given\b|derived\b)/

function modulesIn(file: string): string[] {
  if (!file.endsWith('.yml')) return []
  const content = parse(readFileSync(path.join(PROJECT, file), 'utf8')) as Task[]
  const tasks = content.flatMap(one => [one, ...listed(one.tasks), ...listed(one.handlers)])
  return tasks.flatMap(({ name: _name, ...rest }) =>
    CANARY.test(JSON.stringify(rest)) ? Object.keys(rest).flatMap(key => findModule(key)?.name ?? []) : [],
  )
}

function listed(tasks: unknown): Task[] {
  return Array.isArray(tasks) ? (tasks as Task[]) : []
}
