/**
 * expect: a program that asks on its terminal, and the answers.
 *
 * Args     command (no shell between), responses (pattern: answer, or a list of answers, one after the other),
 *          timeout (seconds between two answers; null: for ever), echo, chdir, creates, removes.
 * Changes  known only by running it: it counts as changed, unless creates or removes settle it.
 * Errors   no `script` on the host; no answer left; time is up; a code other than 0. A pattern is looked for in the
 *          lines of what is said since the last answer; one that grep cannot read is refused.
 */
import { z } from 'zod'
import { defineModule, type Steps, type Verdict } from './contract.ts'
import { argumentsOf, bool, int, path, text, word } from './shared/arguments.ts'
import { ENDED, expectAction, NO_ANSWER, type Response, TIMED_OUT } from './shared/expect-script.ts'
import { type GrepPattern, grepPattern } from './shared/grep-pattern.ts'
import { withHome } from './shared/home.ts'
import { duration, fail, failedResult, linesOf, stamp } from './shared/results.ts'
import { splitWords } from './shared/split-words.ts'

const schema = () =>
  z.preprocess(
    forEver,
    argumentsOf({
      command: word(),
      responses: z
        .record(
          z.string(),
          z.union([text(), z.array(text())], 'must be an answer or a list of answers'),
          'must be a mapping from patterns to answers',
        )
        .superRefine((responses, ctx) => {
          for (const pattern of Object.keys(responses).filter(one => grepPattern(one) === null))
            ctx.addIssue({
              code: 'custom',
              message: `the pattern ${JSON.stringify(pattern)} cannot be honoured: grep has no look-around, no \\b, no references and no line ends`,
            })
        }),
      timeout: z.union([int(), z.literal('for ever')]).default(30),
      echo: bool().default(false),
      chdir: path().optional(),
      creates: path().optional(),
      removes: path().optional(),
    }),
  )
type Args = z.output<ReturnType<typeof schema>>

const PATHS = ['chdir', 'creates', 'removes'] as const
const TOOL = { kind: 'which', command: 'script' } as const

export const expect = withHome<Args>(
  args => PATHS.filter(field => args[field]?.startsWith('~')),
  defineModule({
    name: 'expect',
    summary: 'A program that asks, and the answers',
    args: schema,
    settles: 'what a program does is known only by running it; creates and removes say when it need not run',
    keys: ({ creates, removes }) => [
      TOOL,
      ...[creates, removes].filter(given => given !== undefined).map(pathKey),
    ],
    decide(args, seen, ctx): Verdict {
      const { command, creates, removes } = args
      const exists = (given: string) => seen.get(pathKey(given)).type !== 'absent'
      const idle = (why: string): Verdict => ({
        kind: 'ok',
        result: { cmd: command, rc: 0, stdout: `skipped, since ${why}` },
      })
      if (creates !== undefined && exists(creates)) return idle(`${creates} exists`)
      if (removes !== undefined && !exists(removes)) return idle(`${removes} does not exist`)
      if (seen.get(TOOL).path === null)
        return fail(
          'this host has no script, which gives a program its terminal: install bsdutils (Debian) or util-linux-script (Fedora, Alpine: util-linux-misc)',
        )
      return { kind: 'opaque', summary: command, changes: true, apply: steps(args, ctx) }
    },
  }),
)

const pathKey = (given: string) => ({ kind: 'path', path: given, follow: true }) as const

function steps(
  args: Args,
  ctx: { readonly now: () => Date; readonly environment: Readonly<Record<string, string>> },
): Steps {
  return function* () {
    const { command, chdir, echo } = args
    const responses = responsesOf(args)
    const timeoutS = args.timeout === 'for ever' ? null : args.timeout
    const argv = splitWords(command)
    const start = ctx.now()
    const output = yield expectAction({
      argv,
      chdir,
      echo,
      timeoutS,
      responses,
      env: ctx.environment,
    })
    const { said, last } = apart(output.stdout)
    const stdout = (output.code === TIMED_OUT ? output.stdout : said).replace(/[\r\n]+$/, '')
    const common = {
      cmd: command,
      stdout,
      stdout_lines: linesOf(stdout),
      start: stamp(start),
      end: stamp(new Date(start.getTime() + output.elapsed * 1000)),
      delta: duration(output.elapsed),
      changed: true,
    }
    if (output.code === TIMED_OUT) return failedResult('command exceeded timeout', { ...common, rc: null })
    if (output.code === NO_ANSWER) {
      const pattern = Object.keys(args.responses)[Number(last)] ?? ''
      return failedResult(`No remaining responses for '${pattern}', output was '${stdout}'`, {
        ...common,
        rc: null,
      })
    }
    if (output.code !== ENDED || !/^\d+$/.test(last))
      return failedResult(`the program did not run: ${output.stderr.trim()}`, { ...common, rc: null })
    const rc = Number(last)
    return rc === 0 ? { ...common, rc } : failedResult('non-zero return code', { ...common, rc })
  }
}

/** The watcher's own last line is no word of the program. */
function apart(stdout: string): { readonly said: string; readonly last: string } {
  const at = stdout.trimEnd().lastIndexOf('\n')
  return { said: stdout.slice(0, Math.max(at, 0)), last: stdout.slice(at + 1).trim() }
}

function responsesOf({ responses }: Args): Response[] {
  const given = Object.entries(responses).map(([written, answers]) => ({
    pattern: grepPattern(written),
    answers: [answers].flat(),
    again: !Array.isArray(answers),
  }))
  return given.filter((one): one is typeof one & { pattern: GrepPattern } => one.pattern !== null)
}

/** null has a meaning here, where it otherwise means that nothing is given. */
function forEver(value: unknown): unknown {
  return value !== null && typeof value === 'object' && 'timeout' in value && value.timeout === null
    ? { ...value, timeout: 'for ever' }
    : value
}
