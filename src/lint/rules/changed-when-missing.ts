import { isLoose, saysWhenItChanges } from '../command-line.ts'
import type { Rule } from '../contract.ts'

export const changedWhenMissing: Rule = {
  id: 'changed-when-missing',
  severity: 'info',
  summary: 'a command that always counts as changed',
  why: 'A second run should report nothing. Say `changed_when:`, or `creates:`/`removes:` so that it is not run again.',
  check: ({ tasks, handlers }) => {
    const isHandler = new Set(handlers)
    return tasks
      .filter(({ task }) => isLoose(task) && !isHandler.has(task) && !saysWhenItChanges(task))
      .map(({ task }) => ({
        message: `${task.module} counts as changed in every run`,
        hint: 'Add changed_when, creates or removes.',
        position: task.position,
      }))
  },
}
