/**
 * docker_container_health: wait until a container is healthy; one without a health check until it runs.
 *
 * Args     name, retries (tries, default 20), delay and max_delay (seconds before the next try, growing by one
 *          from the first to the second), log_lines (shown on failure, default 30), on_failure (fail | warn).
 * Changes  none, ever. A healthy container is settled without waiting; else one request waits on the host.
 * Errors   after the last try: the state it was left in and its last log lines.
 * Returns  health, attempts, logs (only when it did not become healthy).
 */
import { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { argumentsOf, choice, int, word } from './shared/arguments.ts'

const STATE = '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}'

const schema = () =>
  argumentsOf({
    name: word(),
    retries: int().pipe(z.int().min(1)).default(20),
    delay: int().pipe(z.int().min(0)).default(5),
    max_delay: int().pipe(z.int().min(0)).default(10),
    log_lines: int().pipe(z.int().min(0)).default(30),
    on_failure: choice(['fail', 'warn']).default('fail'),
  })

type Args = z.output<ReturnType<typeof schema>>

export const dockerContainerHealth = defineModule<Args>({
  name: 'docker_container_health',
  summary: 'wait until a container is healthy',
  args: schema,
  keys: args => [stateKey(args)],
  settles: true,
  decide(args, seen): Verdict {
    const { code, stdout } = seen.get(stateKey(args)) as { code: number; stdout: string }
    const state = code === 0 ? stdout.trim() : 'absent'
    if (isGood(state)) return { kind: 'ok', result: { health: state, attempts: 0 } }
    return {
      kind: 'opaque',
      summary: `wait for ${args.name}, which is ${state}`,
      changes: false,
      apply: () => waiting(args),
    }
  },
})

function isGood(state: string): boolean {
  return state === 'healthy' || state === 'running'
}

function stateKey({ name }: Args): Key {
  const script = `docker inspect --type container --format ${quote(STATE)} -- ${quote(name)}`
  return { kind: 'read', name: `container health ${name}`, script }
}

function* waiting(
  args: Args,
): Generator<{ do: 'run'; script: string; ok: 'any'; readOnly: true }, Result, Output> {
  const { code, stdout } = yield { do: 'run', script: waitScript(args), ok: 'any', readOnly: true }
  const [head = '', ...logs] = stdout.split('\n')
  const [state = '', attempts = '0'] = head.split(' ')
  const result = { changed: false, health: state, attempts: Number(attempts) }
  if (code === 0) return result
  const tail = logs.join('\n').trimEnd()
  const message = `${args.name} is ${state} after ${attempts} looks; its last log lines:\n${tail || '(no log)'}`
  if (args.on_failure === 'warn') return { ...result, msg: message, logs: tail, warnings: [message] }
  return { ...result, msg: message, logs: tail, failed: true }
}

/** First line of the answer: state and looks; below it, when it is not good, the log. */
function waitScript({ name, retries, delay, max_delay: most, log_lines: lines }: Args): string {
  return [
    `n=${quote(name)} i=0 d=${delay}`,
    'while :; do i=$((i+1))',
    `s=$(docker inspect --type container --format ${quote(STATE)} -- "$n" 2>/dev/null) || s=absent`,
    'case $s in healthy|running) echo "$s $i"; exit 0;; esac',
    `[ "$i" -ge ${retries} ] && break`,
    `sleep "$d"; [ "$d" -lt ${most} ] && d=$((d+1))`,
    'done',
    `echo "$s $i"; docker logs --tail ${lines} -- "$n" 2>&1; exit 1`,
  ].join('\n')
}
