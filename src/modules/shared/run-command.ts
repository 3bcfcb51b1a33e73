/**
 * What command, shell, script and raw have in common: creates and removes as keys, the run itself
 * as an opaque step, and Ansible's result. Not settling: a command may do something every time.
 */
import { quote } from '../../base/quote.ts'
import type { Value } from '../../base/value.ts'
import type { Key, Seen } from '../../probes/contract.ts'
import type { Context, Result, RunAction, Steps, Verdict } from '../contract.ts'
import { bool, path, text } from './arguments.ts'
import { expandHome, homeKeys } from './home-path.ts'
import { duration, failedResult, outputResult, stamp } from './results.ts'

export const commandShape = {
  chdir: path().optional(),
  creates: path().optional(),
  removes: path().optional(),
  stdin: text().optional(),
  stdin_add_newline: bool().default(true),
  strip_empty_ends: bool().default(true),
}

export interface CommandArgs {
  readonly chdir?: string
  readonly creates?: string
  readonly removes?: string
  readonly stdin?: string
  readonly stdin_add_newline?: boolean
  readonly strip_empty_ends?: boolean
}

export function commandKeys(args: CommandArgs, ctx: Context): Key[] {
  const { chdir, creates, removes } = args
  const paths = [creates, removes].filter(given => given !== undefined)
  return [...homeKeys(chdir, ctx), ...paths.map(given => existsKey(given, chdir))]
}

export interface CommandRun {
  readonly args: CommandArgs
  /** What the result calls cmd. */
  readonly cmd: Value
  /** One line for people. */
  readonly summary: string
  readonly run: RunAction
}

export function commandVerdict({ args, cmd, summary, run }: CommandRun, seen: Seen, ctx: Context): Verdict {
  const { creates, removes, chdir } = args
  const idle = (path: string, why: string): Verdict => ({
    kind: 'ok',
    result: {
      cmd,
      rc: 0,
      stdout: `skipped, since ${path} ${why}`,
      stderr: '',
      msg: `Did not run command since '${path}' ${why}`,
    },
  })
  if (creates !== undefined && exists(creates, seen, chdir)) return idle(creates, 'exists')
  if (removes !== undefined && !exists(removes, seen, chdir)) return idle(removes, 'does not exist')
  const action: RunAction = {
    ...run,
    ok: 'any',
    about: { cmd, strip: args.strip_empty_ends ?? true },
    ...(chdir === undefined ? {} : { cwd: expandHome(chdir, seen, ctx) }),
    ...(args.stdin === undefined ? {} : { stdin: stdinText(args.stdin, args.stdin_add_newline) }),
    ...(Object.keys(ctx.environment).length === 0 ? {} : { env: ctx.environment }),
  }
  const apply = runSteps({ action, cmd, strip: args.strip_empty_ends ?? true }, ctx)
  // Where it is run, the engine tells of it.
  const warnings = ctx.check ? taintWarnings(action, ctx) : []
  const subject = creates ?? removes
  if (subject === undefined || !ctx.check) return { kind: 'opaque', summary, changes: true, apply, warnings }
  const [from, to] = creates === undefined ? ['present', 'absent'] : ['absent', 'present']
  const result = { cmd, rc: 0, msg: 'Command would have run if not in check mode' }
  return { kind: 'change', changes: [{ what: 'state', subject, from, to }], apply, result, warnings }
}

interface Running {
  readonly action: RunAction
  readonly cmd: Value
  readonly strip: boolean
}

function runSteps({ action, cmd, strip }: Running, ctx: Context): Steps {
  return function* () {
    const start = ctx.now()
    const output = yield action
    const end = new Date(start.getTime() + output.elapsed * 1000)
    const result: Result = {
      cmd,
      ...outputResult(output, strip),
      start: stamp(start),
      end: stamp(end),
      delta: duration(output.elapsed),
      msg: '',
    }
    if (output.code === 0) return { ...result, changed: true }
    if (output.code === 90 && output.stderr.includes('vpai: no such directory')) {
      return failedResult(`Unable to change directory before execution: ${action.cwd}`, result)
    }
    // Where the program is not there, nothing has run.
    const missing = output.code === 127 && /\bexec: .*not found\s*$/.test(output.stderr)
    return failedResult('non-zero return code', missing ? { ...result, changed: false } : result)
  }
}

function stdinText(given: string, newline = true): string {
  return newline && !given.endsWith('\n') ? `${given}\n` : given
}

function taintWarnings(action: RunAction, ctx: Context): string[] {
  const shown = [...(action.argv ?? []), action.script ?? '']
  return shown.some(part => ctx.taints(part))
    ? [
        'A secret stands in the command line, where every user of the host can read it: use `stdin:` or `environment:`',
      ]
    : []
}

/** creates and removes may be patterns; relative ones count from chdir. */
function existsKey(pattern: string, chdir: string | undefined): Key {
  const plain = !/[*?[]/.test(pattern) && pattern.startsWith('/')
  if (plain) return { kind: 'path', path: pattern, follow: true }
  const cd = chdir === undefined ? '' : `cd ${homeWord(chdir)} || exit 1; `
  const script = `${cd}for f in ${globWord(pattern)}; do [ -e "$f" ] && exit 0; done; exit 1`
  return { kind: 'read', name: `exists ${chdir ?? ''} ${pattern}`, script }
}

function exists(pattern: string, seen: Seen, chdir: string | undefined): boolean {
  const key = existsKey(pattern, chdir)
  if (key.kind === 'read') return seen.get(key).code === 0
  if (key.kind !== 'path') return false
  const found = seen.get(key)
  return found.type !== 'absent' && found.type !== 'unknown'
}

/** Quotes all but the pattern characters and a leading ~. */
function globWord(pattern: string): string {
  const [, home = '', rest = ''] = /^(~[\w.-]*(?=\/|$))?(.*)$/s.exec(pattern) ?? []
  return home + rest.replace(/[^*?[\]]+/g, quote)
}

function homeWord(path: string): string {
  const [, home = '', rest = ''] = /^(~[\w.-]*(?=\/|$))?(.*)$/s.exec(path) ?? []
  return home + (rest === '' ? '' : quote(rest))
}
