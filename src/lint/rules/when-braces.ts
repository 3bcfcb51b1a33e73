import { Template } from '../../base/value.ts'
import type { Rule } from '../contract.ts'

export const whenBraces: Rule = {
  id: 'when-braces',
  severity: 'warning',
  summary: 'braces in a condition, which is an expression already',
  why: 'The text between the braces is evaluated, and what comes out is evaluated again.',
  check: ({ tasks }) =>
    tasks.flatMap(({ task }) =>
      [task.when, task.until, task.changedWhen, task.failedWhen]
        .flatMap(list => list ?? [])
        .filter(condition => condition instanceof Template)
        .map(condition => ({
          message: 'a condition needs no {{ }}',
          hint: `Write: ${condition.source.replace(/^\{\{\s*/, '').replace(/\s*\}\}$/, '')}`,
          position: condition.position ?? task.position,
        })),
    ),
}
