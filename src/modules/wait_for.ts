/**
 * wait_for: wait on the host for a port, a file or a text. One request; the loop runs there.
 *
 * Args     host, port, path, search_regex, state started|stopped|present|absent|drained, timeout, delay,
 *          sleep, connect_timeout, msg, exclude_hosts, active_connection_states.
 * Changes  never. Result: elapsed, state, port, path, match_groups, match_groupdict.
 * Errors   not so within `timeout` seconds; no way on the host to try a port.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { defineModule, type Steps, type Verdict } from './contract.ts'
import { argumentsOf, choice, float, int, list, path, text } from './shared/arguments.ts'
import { pythonPattern } from './shared/regex.ts'
import { complaint, failedResult } from './shared/results.ts'
import { waitScript } from './shared/wait-script.ts'

const schema = () =>
  argumentsOf({
    host: text().default('127.0.0.1'),
    port: int().optional(),
    path: path().optional(),
    search_regex: text().optional(),
    state: choice(['started', 'stopped', 'present', 'absent', 'drained']).default('started'),
    timeout: int().default(300),
    delay: float().default(0),
    sleep: float().default(1),
    connect_timeout: int().default(5),
    msg: text().optional(),
    exclude_hosts: list().default([]),
    active_connection_states: list().default([
      'ESTABLISHED',
      'FIN_WAIT1',
      'FIN_WAIT2',
      'SYN_RECV',
      'SYN_SENT',
      'TIME_WAIT',
    ]),
  })
    .refine(
      args => args.port === undefined || args.path === undefined,
      'port and path parameter can not both be passed to wait_for',
    )
    .refine(
      args => args.path === undefined || args.state !== 'drained',
      'state=drained should only be used for checking a port',
    )
    .refine(args => args.state !== 'drained' || args.port !== undefined, 'state=drained needs a port')
export type WaitArgs = z.output<ReturnType<typeof schema>>

export const waitFor = defineModule<WaitArgs>({
  name: 'wait_for',
  summary: 'Wait for a port, a file or a text on the host',
  args: schema,
  keys: () => [],
  decide: (args): Verdict => ({
    kind: 'opaque',
    summary: `wait for ${subject(args)}`,
    changes: false,
    apply: wait(args),
  }),
  settles: 'it only waits',
})

function wait(args: WaitArgs): Steps {
  return function* () {
    const output = yield {
      do: 'run',
      script: waitScript(args),
      ok: 'any',
      timeoutS: Math.ceil(args.timeout + args.delay + args.connect_timeout + args.sleep + 30),
    }
    const result = {
      elapsed: Math.round(output.elapsed),
      state: args.state,
      port: args.port ?? null,
      path: args.path ?? null,
      search_regex: args.search_regex ?? null,
      ...groupsOf(args, output.code === 0 ? output.stdout : ''),
    }
    if (output.code === 0) return { ...result, changed: false }
    if (output.code === 1) return failedResult(args.msg ?? timeoutMessage(args), result)
    return failedResult(complaint(output) || `waiting ended with exit code ${output.code}`, result)
  }
}

/** What the pattern caught in the line that matched. */
function groupsOf({ search_regex, state }: WaitArgs, printed: string): Dict {
  const line = printed.replace(/\n$/, '').split('\n').at(-1) ?? ''
  const hasLine = search_regex !== undefined && state !== 'stopped' && state !== 'absent'
  const match = hasLine ? pythonPattern(search_regex).exec(line) : null
  const caught = match === null ? [] : match.slice(1).map(group => group ?? null)
  const named = Object.entries(match?.groups ?? {}).map(([name, group]) => [name, group ?? null])
  return { match_groups: caught, match_groupdict: Object.fromEntries(named) }
}

function timeoutMessage(args: WaitArgs): string {
  const { state, host, port, path } = args
  const place = port === undefined ? `file ${path}` : `${host}:${port}`
  if (state === 'drained') return `Timeout when waiting for ${place} to drain`
  if (state === 'stopped' || state === 'absent') {
    return `Timeout when waiting for ${place} to ${port === undefined ? 'be absent' : 'stop'}.`
  }
  const found = args.search_regex === undefined ? '' : `search string ${args.search_regex} in `
  return `Timeout when waiting for ${found}${port === undefined ? (found === '' ? place : path) : place}`
}

function subject(args: WaitArgs): string {
  if (args.path !== undefined) return args.path
  return args.port === undefined ? `${args.timeout} s` : `${args.host}:${args.port}`
}
