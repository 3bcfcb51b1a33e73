/**
 * Tasks with `async`. What is one run on the host becomes a job that goes on whatever happens to the
 * connection; every other task is worked out at once, and with `poll: 0` its result is kept for async_status.
 */
import type { Dict, Value } from '../base/value.ts'
import type { Output, RunAction, Steps } from '../modules/contract.ts'
import { type JobState, jobFolder, jobResult, readStatus, statusScript } from '../modules/shared/async-job.ts'
import { toJson } from '../modules/shared/to-json.ts'
import type { Detach } from './async.ts'
import type { Attempt } from './attempt.ts'
import { perform } from './door.ts'
import { isUnreachable } from './guarded.ts'
import { type Outcome, okOutcome } from './outcome.ts'

/** The result of steps that are one run, begun as a job; null: they are something else, and nothing was done. */
export async function runDetached(task: Attempt, detach: Detach, apply: Steps): Promise<Dict | null> {
  const { world, actor, ready } = task
  const steps = apply()
  const first = steps.next()
  if (first.done || first.value.do !== 'run' || first.value.about === undefined) return null
  const run: RunAction = first.value
  const folder = jobFolder(detach.jid, ready.context)
  const detached = { folder, about: toJson({ ...first.value.about }), limitS: detach.limitS }
  const action: RunAction = { ...run, detached, ok: [0], failure: 'The job could not be started' }
  const started = await perform(world, actor, { action: { ...action, timeoutS: START_S } })
  if (detach.pollS === 0) return begun(detach, started.stdout.trim())
  const job = await awaitEnd(task, detach, folder)
  const known = { ansible_job_id: detach.jid, started: true, finished: true }
  if (job.state !== 'done') return { ...jobResult(detach.jid, job), ...known, ...tooLate(job, detach) }
  await perform(world, actor, {
    action: { do: 'run', script: `rm -rf -- ${folder}`, ok: 'any', readOnly: true },
  })
  const last = steps.next(outputOf(job))
  const result = last.done ? last.value : {}
  return { ...result, ...known, ...tooLate(job, detach) }
}

const START_S = 60
/** Looks at a job wait on the host for its end, so that it is noticed soon. */
const LONGEST_LOOK_S = 10
/** After its time limit a job is asked for this long, since killing takes a while. */
const GRACE_S = 30

/** A connection that breaks meanwhile is made again: the job does not notice. */
async function awaitEnd({ world, actor }: Attempt, detach: Detach, folder: string): Promise<JobState> {
  const deadline = world.clock.now() + (detach.limitS + GRACE_S) * 1000
  const lookS = Math.min(detach.pollS, LONGEST_LOOK_S)
  const script = statusScript(folder, lookS)
  for (;;) {
    world.signal.throwIfAborted()
    const leftS = (deadline - world.clock.now()) / 1000
    try {
      const action = { do: 'run', script, readOnly: true, timeoutS: lookS + START_S } as const
      const job = readStatus(await perform(world, actor, { action }))
      if (job.state !== 'running' || leftS <= 0) return job
    } catch (error) {
      if (!isUnreachable(error) || leftS <= 0) throw error
      const patience = { timeoutS: leftS, delayS: 1, sleepS: 2, connectTimeoutS: 10 }
      await actor.reconnect({ do: 'reconnect', ...patience })
    }
  }
}

function tooLate(job: JobState, { limitS }: Detach): Dict {
  const isKilled = job.state === 'done' && [124, 137, 143].includes(job.code) && job.end - job.start >= limitS
  if (!isKilled && job.state !== 'running') return {}
  return {
    failed: true,
    changed: false,
    msg: `async task did not complete within the requested time - ${limitS}s`,
  }
}

function outputOf({ code, stdout, stderr, start, end }: Extract<JobState, { state: 'done' }>): Output {
  return { code, stdout, stderr, timedOut: false, elapsed: end - start, bytes: Buffer.from(stdout) }
}

function begun({ jid }: Detach, folder: string): Record<string, Value> {
  return { ansible_job_id: jid, started: true, finished: false, results_file: folder, changed: true }
}

/** `poll: 0` of what cannot be left alone: the task is done, and async_status tells how it went. */
export async function keepForLater(task: Attempt, outcome: Outcome): Promise<Outcome> {
  const { world, actor, ready, detach } = task
  if (!detach || detach.pollS > 0 || outcome.result.ansible_job_id === detach.jid) return outcome
  if (ready.context.check) return { ...outcome, unrun: 'what runs by itself' }
  if (outcome.status !== 'ok' && outcome.status !== 'changed' && outcome.status !== 'failed') return outcome
  const script = `J=${jobFolder(detach.jid, ready.context)}; umask 077
mkdir -p -- "$J" && cat >"$J/result.new" && mv -f "$J/result.new" "$J/result" && printf '%s\\n' "$J"`
  const kept = await perform(world, actor, {
    action: { do: 'run', script, stdin: toJson(outcome.result), failure: 'The result could not be kept' },
  })
  return okOutcome(begun(detach, kept.stdout.trim()), true, outcome.changes)
}
