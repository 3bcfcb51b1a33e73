/**
 * at: a command or a script that the host runs once, some time from now.
 *
 * Args     command or script_file, count and units (from now), state, unique.
 * Changes  the job. A new one each time, unless unique; absent removes every job with these lines.
 * Errors   no at on the host; at's own words.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, path, text } from './shared/arguments.ts'
import { contentText } from './shared/content-text.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    command: text().optional(),
    script_file: path().optional(),
    count: int().optional(),
    units: choice(['minutes', 'hours', 'days', 'weeks']).optional(),
    state: choice(['present', 'absent']).default('present'),
    unique: bool().default(false),
  })
    .refine(
      args => (args.command !== undefined) !== (args.script_file !== undefined),
      'give one of command and script_file',
    )
    .refine(
      args => args.state === 'absent' || (args.count !== undefined && args.units !== undefined),
      'needs count and units when the state is present',
    )
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'at' } as const satisfies Key

/** Number and text of every job of the user; a job cannot hold this line, as at puts its own lines around it. */
const JOBS = {
  kind: 'read',
  name: 'at jobs',
  script: `atq 2>/dev/null | while read -r n _; do echo "==job $n"; at -c "$n"; done`,
} as const satisfies Key

export const at = defineModule<Args>({
  name: 'at',
  summary: 'A command that is run once, some time from now',
  args: schema,
  keys: args => [TOOL, JOBS, ...(args.script_file === undefined ? [] : [scriptKey(args.script_file)])],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null) return fail('this host has no at: install the package at')
    const script =
      args.script_file === undefined
        ? (args.command ?? '')
        : contentText(seen.get(scriptKey(args.script_file)), args.script_file)
    if (script === null) return fail(`${args.script_file} does not exist on the host`)
    const result = {
      state: args.state,
      script_file: args.script_file ?? null,
      count: args.count ?? null,
      units: args.units ?? null,
    }
    const same = jobsWith(seen.get(JOBS).stdout, script)
    const subject = script.trim().split('\n')[0] ?? ''
    if (args.state === 'absent') {
      if (same.length === 0) return { kind: 'ok', result }
      const changes = [{ what: 'job', subject, from: same.join(', '), to: null }]
      const apply = [{ do: 'run', argv: ['atrm', ...same], failure: 'the job could not be removed' } as const]
      return { kind: 'change', changes, apply, result }
    }
    if (args.unique && same.length > 0) return { kind: 'ok', result }
    const when = `now + ${args.count} ${args.units}`
    return {
      kind: 'change',
      changes: [{ what: 'job', subject, from: null, to: when }],
      apply: [
        {
          do: 'run',
          script: `at ${quote(when)}`,
          stdin: script.endsWith('\n') ? script : `${script}\n`,
          failure: 'at refused the job',
        },
      ],
      result,
    }
  },
  settles: 'every run makes a new job, unless unique is set',
})

const scriptKey = (file: string) => ({ kind: 'content', path: file }) as const satisfies Key

/** Numbers of the jobs whose last lines are the script. */
function jobsWith(stdout: string, script: string): string[] {
  return stdout
    .split(/^==job /m)
    .slice(1)
    .flatMap(block => {
      const [number = '', ...lines] = block.split('\n')
      return lines.join('\n').trimEnd().endsWith(`\n${script.trimEnd()}`) ? [number] : []
    })
}
