import { commandLine, withoutTemplates } from '../command-line.ts'
import type { Rule } from '../contract.ts'

export const pipeWithoutPipefail: Rule = {
  id: 'pipe-without-pipefail',
  severity: 'warning',
  summary: 'a pipe whose first command may fail unseen',
  why: 'A pipe ends with the code of its last command. Write `set -o pipefail` first, with `executable: /bin/bash`, or `failed_when:`.',
  check: ({ tasks }) =>
    tasks
      .filter(({ task }) => task.module === 'shell' && task.failedWhen === undefined)
      .filter(({ task }) => isRisky(withoutTemplates(commandLine(task))))
      .map(({ task }) => ({
        message: 'when the command before the pipe fails, the task does not',
        hint: 'Begin with: set -o pipefail, and add executable: /bin/bash.',
        position: task.position,
      })),
}

/** A single bar outside of quotes; `||` is no pipe, `| true` means it. */
function isRisky(text: string): boolean {
  const bare = text.replaceAll(/'[^']*'|"(?:[^"\\]|\\.)*"/g, '…').replaceAll('||', '')
  return /\|(?!\s*(?:true|cat)\b)/.test(bare) && !/\bpipefail\b/.test(text)
}
