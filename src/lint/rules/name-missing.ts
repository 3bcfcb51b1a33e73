import type { Rule } from '../contract.ts'

export const nameMissing: Rule = {
  id: 'name-missing',
  severity: 'info',
  summary: 'a task or play without a name',
  why: 'Names are what a plan, a run and a journal show.',
  check: ({ tasks, playbooks }) => [
    ...playbooks
      .flatMap(({ plays }) => plays)
      .filter(play => play.name === undefined)
      .map(({ position }) => ({ message: 'this play has no name', position })),
    ...tasks
      .filter(({ task }) => task.name === undefined && !NAMELESS.has(task.module))
      .map(({ task }) => ({ message: `this ${task.module} task has no name`, position: task.position })),
  ],
}

/** What they do is said by their argument. */
const NAMELESS = new Set([
  'meta',
  'debug',
  'include_tasks',
  'import_tasks',
  'include_role',
  'import_role',
  'pause',
])
