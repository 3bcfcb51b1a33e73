import type { Rule } from '../contract.ts'

export const ignoreErrors: Rule = {
  id: 'ignore-errors',
  severity: 'warning',
  summary: 'ignore_errors that hides every failure',
  why: '`failed_when:` names the failure that is fine; `rescue:` does something about it.',
  check: ({ tasks }) =>
    tasks
      .filter(({ task }) => task.ignoreErrors === true && task.register === undefined)
      .map(({ task }) => ({
        message: 'a failure of this task, whatever it is, goes unseen',
        hint: 'Say with failed_when which failure is fine, or register the result and look at it.',
        position: task.position,
      })),
}
