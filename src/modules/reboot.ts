/**
 * reboot: restart the host and wait until it is back: another boot id, and the test command works.
 *
 * Args     reboot_timeout, connect_timeout, pre_reboot_delay, post_reboot_delay, test_command, msg,
 *          reboot_command, boot_time_command, search_paths (looked through first for the command).
 * Changes  always. Result: rebooted, elapsed.
 * Errors   the host does not come back, or comes back as it was, within reboot_timeout seconds.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import {
  type Action,
  defineModule,
  type Output,
  type RunAction,
  type Steps,
  type Verdict,
} from './contract.ts'
import { argumentsOf, float, int, list, text } from './shared/arguments.ts'
import { complaint, failedResult } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    reboot_timeout: int().default(600),
    connect_timeout: int().default(5),
    pre_reboot_delay: float().default(0),
    post_reboot_delay: float().default(0),
    test_command: text().default('whoami'),
    msg: text().default('Reboot initiated by vpai'),
    reboot_command: text().optional(),
    boot_time_command: text().default('cat /proc/sys/kernel/random/boot_id'),
    search_paths: list().default(['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin']),
  })
type Args = z.output<ReturnType<typeof schema>>

/** The answer to the command must be on its way before the connection goes. */
const LEAST_DELAY_S = 2

export const reboot = defineModule<Args>({
  name: 'reboot',
  summary: 'Restart the host and wait until it is back',
  args: schema,
  keys: () => [],
  decide: (args): Verdict => ({
    kind: 'change',
    changes: [{ what: 'boot', subject: 'host', from: 'running', to: 'rebooted' }],
    apply: restart(args),
    result: { rebooted: true },
    touches: [{ kind: 'facts' }],
  }),
  settles: 'it reboots every time it is asked to',
})

function restart(args: Args): Steps {
  return function* () {
    const identity: RunAction = { do: 'run', script: args.boot_time_command, ok: 'any', readOnly: true }
    const before = yield identity
    yield { do: 'run', script: detached(args), failure: 'Reboot command failed' }
    let elapsed = 0
    while (elapsed < args.reboot_timeout) {
      const back = yield {
        do: 'reconnect',
        timeoutS: args.reboot_timeout - elapsed,
        delayS: Math.max(args.pre_reboot_delay, LEAST_DELAY_S) + 1,
        sleepS: 1,
        connectTimeoutS: args.connect_timeout,
      }
      elapsed += Math.max(back.elapsed, 1)
      const after = yield identity
      if (after.code !== 0 || after.stdout === before.stdout) continue
      if (args.post_reboot_delay > 0) yield { do: 'pause', seconds: args.post_reboot_delay }
      const tested = yield* testUntil(args, elapsed)
      if (tested !== null)
        return failedResult(`the host is back, but ${args.test_command} fails: ${tested}`, {
          rebooted: true,
          elapsed,
        })
      return { rebooted: true, elapsed: Math.round(elapsed) }
    }
    return failedResult(`Timed out waiting for the host to reboot (${args.reboot_timeout} s)`, {
      rebooted: false,
      elapsed: Math.round(elapsed),
    })
  }
}

/** null when the test command works; else what it said last. Services may need a while to come up. */
function* testUntil(args: Args, elapsed: number): Generator<Action, string | null, Output> {
  for (let spent = elapsed; ; spent += 2) {
    const output = yield { do: 'run', script: args.test_command, ok: 'any' }
    if (output.code === 0) return null
    if (spent >= args.reboot_timeout) return complaint(output) || `exit code ${output.code}`
    yield { do: 'pause', seconds: 2 }
  }
}

function detached(args: Args): string {
  const delay = Math.max(args.pre_reboot_delay, LEAST_DELAY_S)
  const order = args.reboot_command ?? anyReboot(quote(args.msg))
  const path = quote(args.search_paths.join(':'))
  const job = quote(`sleep ${delay}; PATH=${path}:$PATH; ${order}`)
  return `if command -v setsid >/dev/null 2>&1; then setsid sh -c ${job} >/dev/null 2>&1 </dev/null &
else nohup sh -c ${job} >/dev/null 2>&1 </dev/null & fi`
}

const anyReboot = (message: string) =>
  `if command -v shutdown >/dev/null 2>&1; then shutdown -r now ${message}; elif command -v systemctl >/dev/null 2>&1; then systemctl reboot; else reboot; fi`
