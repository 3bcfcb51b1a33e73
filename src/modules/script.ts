/**
 * script: send a script of the project to the host and run it there.
 *
 * Args     cmd (file of the role's or playbook's files/, then its arguments); executable (program that
 *          reads the script), chdir, creates, removes, stdin as for command.
 * Changes  unknown ahead, so it runs every time unless creates or removes settle it.
 * Result   as command's; skipped where creates or removes say so.
 * Errors   non-zero return code; the file not found in the project.
 *
 * The interpreter of the script's first line is called by name, so a temporary directory mounted
 * noexec is no obstacle.
 */
import type { z } from 'zod'
import { quoteAll } from '../base/quote.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, word } from './shared/arguments.ts'
import { commandKeys, commandShape, commandVerdict } from './shared/run-command.ts'
import { splitWords } from './shared/split-words.ts'

const schema = () => argumentsOf({ ...commandShape, cmd: word(), executable: word().optional() })
type Args = z.output<ReturnType<typeof schema>>

export const script = defineModule<Args>({
  name: 'script',
  summary: 'Run a script of the project on the host',
  args: schema,
  freeForm: 'cmd',
  local: args => [{ name: 'script', kind: 'file', path: splitWords(args.cmd)[0] ?? '' }],
  keys: commandKeys,
  decide(args, seen, ctx) {
    const [file = '', ...rest] = splitWords(args.cmd)
    const found = ctx.local('script')
    if (found.kind === 'missing') {
      return {
        kind: 'fail',
        message: `Could not find or access '${file}'; looked at: ${found.searched.join(', ')}`,
      }
    }
    if (found.kind !== 'file') return { kind: 'fail', message: `${file} is not a file` }
    const base = file.replace(/^.*\//, '')
    const reader = args.executable === undefined ? interpreter(found.content) : splitWords(args.executable)
    const call = `${quoteAll(reader)} "$VPAI_FILES"/${quoteAll([base, ...rest])}`.trim()
    const run = {
      do: 'run',
      script: `chmod 0700 "$VPAI_FILES"/${quoteAll([base])}; ${call}`,
      files: { [base]: found.content },
    } as const
    const verdict = commandVerdict({ args, cmd: args.cmd, summary: args.cmd, run }, seen, ctx)
    return verdict.kind === 'ok' ? { kind: 'skip', reason: String(verdict.result?.msg ?? '') } : verdict
  },
  settles: 'a script may do something every time it runs',
})

/** Program and its one argument from a #! line; nothing for programs that run by themselves. */
function interpreter(content: Uint8Array): string[] {
  const end = content.indexOf(10)
  const first = new TextDecoder().decode(content.slice(0, end < 0 ? 256 : Math.min(end, 256)))
  const [, program, argument] = /^#!\s*(\S+)(?:[ \t]+(.*\S))?/.exec(first) ?? []
  return program === undefined ? [] : argument === undefined ? [program] : [program, argument]
}
