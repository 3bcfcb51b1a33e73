/** Modules against a real shell on this machine: look, decide, act, look again. Integration only. */
import {
  type Bundle,
  bundlesOf,
  explainFailure,
  type HostAction,
  isFine,
  renderAction,
} from '../../src/actions/index.ts'
import type { Action, Change, Context, Module, Output, Result, Verdict } from '../../src/modules/contract.ts'
import { type Answer, batchScript, parseBatch } from '../../src/probes/batch.ts'
import type { Key, Seen } from '../../src/probes/contract.ts'
import { keyId } from '../../src/probes/index.ts'
import { runScript, type Shell, shells } from './shells.ts'
import { aContext } from './tables.ts'

export interface Options {
  readonly shell?: Shell
  readonly context?: Partial<Context>
  /** Each action by itself, as on a host without tar. Default: together where that can be, as the engine does. */
  readonly alone?: boolean
}

export interface Converged {
  /** What was decided before anything was done: what check mode tells. */
  readonly verdict: Verdict
  readonly changed: boolean
  readonly failed: boolean
  readonly result: Result
  readonly changes: readonly Change[]
  readonly actions: readonly (Action | Bundle)[]
  readonly outputs: readonly Output[]
  /** What is decided after it was done; `ok` when the module settled. */
  readonly after: Verdict
}

/** Looks, decides, acts, looks and decides again. `after` is what plan would say now. */
export function converge<Args>(module: Module<Args>, raw: object, options: Options = {}): Converged {
  const verdict = decideOn(module, raw, options)
  const done = carryOut(verdict, options)
  const after = decideOn(module, raw, options)
  const result = { ...('result' in verdict ? verdict.result : {}), ...done.result }
  return {
    verdict,
    after,
    ...done,
    result,
    failed: verdict.kind === 'fail' || result.failed === true || done.failed,
    changed: (verdict.kind === 'change' || verdict.kind === 'opaque') && result.changed !== false,
    changes: verdict.kind === 'change' ? verdict.changes : [],
  }
}

/** Check mode: looks and decides, nothing else. */
export function decideOn<Args>(module: Module<Args>, raw: object, options: Options = {}): Verdict {
  const args = module.args().parse(raw)
  const ctx = aContext(options.context)
  const answers = new Map<string, Answer>()
  const seen: Seen = {
    has: key => answers.has(keyId(key)),
    get(key) {
      const answer = answers.get(keyId(key))
      if (answer === undefined) throw new Error(`not asked: ${JSON.stringify(key)}`)
      return answer as never
    },
  }
  let keys: readonly Key[] = module.keys(args, ctx)
  for (let round = 0; round < 8; round++) {
    for (const [id, answer] of look(keys, options.shell)) answers.set(id, answer)
    const verdict = module.decide(args, seen, ctx)
    if (verdict.kind === 'change') DECIDED_ON.set(verdict, seen)
    if (verdict.kind !== 'ask') return verdict
    keys = verdict.keys
  }
  throw new Error(`${module.name} asks for ever`)
}

const DECIDED_ON = new WeakMap<Verdict, Seen>()

export function look(keys: readonly Key[], shell: Shell = standardShell()): ReadonlyMap<string, Answer> {
  const marker = `m${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`
  const ran = runScript(shell, batchScript(keys, marker))
  return parseBatch(keys, marker, ran.stdout)
}

export function see<K extends Key>(key: K, shell?: Shell): Answer {
  return look([key], shell).get(keyId(key))!
}

/** Does what was decided. A failing action ends it, with what explainFailure says as `msg`. */
export function carryOut(verdict: Verdict, options: Options = {}) {
  const actions: (Action | Bundle)[] = []
  const outputs: Output[] = []
  let result: Result = {}
  let failed = false
  if (verdict.kind === 'change' || verdict.kind === 'opaque') {
    const steps =
      typeof verdict.apply === 'function'
        ? verdict.apply()
        : inOrder(together(verdict, verdict.apply, options))
    let next = steps.next()
    while (!next.done) {
      const output = perform(next.value, options.shell)
      actions.push(next.value)
      outputs.push(output)
      if (!isFine(next.value, output.code)) {
        failed = true
        result = { msg: explainFailure(next.value as HostAction, output) }
        break
      }
      next = steps.next(output)
    }
    if (next.done) result = next.value
  }
  return { actions, outputs, result, failed }
}

function together(
  verdict: Verdict,
  actions: readonly Action[],
  { alone }: Options,
): readonly (Action | Bundle)[] {
  const seen = DECIDED_ON.get(verdict)
  return (alone || !seen ? null : bundlesOf(actions, seen)) ?? actions
}

export function perform(action: Action | Bundle, shell: Shell = standardShell()): Output {
  if (action.do === 'pause' || action.do === 'reconnect' || action.do === 'writeLocal') return anOutput(0)
  const { script, stdin } = renderAction(action, { token: Math.random().toString(36).slice(2, 14) })
  const ran = runScript(shell, script, stdin)
  return {
    ...anOutput(ran.code),
    stdout: ran.stdout.toString('utf8'),
    stderr: ran.stderr.toString('utf8'),
    bytes: ran.stdout,
  }
}

const standardShell = (): Shell => shells()[0]!

function* inOrder(actions: readonly (Action | Bundle)[]): Generator<Action | Bundle, Result, Output> {
  let result: Result = {}
  for (const action of actions) {
    const output = yield action
    if (action.do === 'put' && action.backup && output.stdout !== '') result = { backup_file: output.stdout }
  }
  return result
}

const anOutput = (code: number): Output => ({
  code,
  stdout: '',
  stderr: '',
  timedOut: false,
  elapsed: 0,
  bytes: new Uint8Array(),
})
