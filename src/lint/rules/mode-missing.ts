import type { Rule } from '../contract.ts'

export const modeMissing: Rule = {
  id: 'mode-missing',
  severity: 'info',
  summary: 'a new file whose mode is left to the umask of the host',
  why: 'Who may read a new file should not hang on a setting of the host.',
  check: ({ tasks }) =>
    tasks
      .filter(({ task }) => WRITES.has(task.module) && task.args.mode === undefined)
      .filter(({ task }) => task.args.remote_src === undefined)
      .map(({ task }) => ({
        message: `${task.module} leaves the mode of a new file to the host`,
        hint: 'Add mode: "0644", or "0600" where it holds secrets.',
        position: task.position,
      })),
}

const WRITES = new Set(['copy', 'template', 'get_url', 'assemble'])
