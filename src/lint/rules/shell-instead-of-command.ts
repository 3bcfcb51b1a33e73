import { commandLine, withoutTemplates } from '../command-line.ts'
import type { Rule } from '../contract.ts'

export const shellInsteadOfCommand: Rule = {
  id: 'shell-instead-of-command',
  severity: 'info',
  summary: 'shell where command would do',
  why: 'Without a shell no character of a variable has a second meaning.',
  check: ({ tasks }) =>
    tasks
      .filter(({ task }) => task.module === 'shell' && task.args.executable === undefined)
      .filter(({ task }) => !NEEDS_SHELL.test(withoutTemplates(commandLine(task))))
      .map(({ task }) => ({
        message: 'nothing in this line needs a shell: use command',
        position: task.position,
      })),
}

/** Redirections, pipes, lists, substitutions, globs, variables, quotes that join, line ends, and builtins. */
const NEEDS_SHELL =
  /[|&;<>()$`\\*?[\]{}~\n]|^\s*(?:\w+=\S*\s|(?:cd|export|set|source|\.|command|type|ulimit|umask|exec|eval|if|for|while|case|test|\[)\b)/
