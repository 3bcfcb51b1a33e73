/**
 * async_status: how a task that was started with `async` is doing.
 *
 * Args     jid (ansible_job_id of the task that began it); mode status|cleanup. The folder of jobs is
 *          ~/.vpai-async of the user who began it, or what ansible_async_dir or ANSIBLE_ASYNC_DIR name.
 * Changes  what the job did, once it has ended. Result: ansible_job_id, started, finished, results_file, and all
 *          that the task itself returns; erased after cleanup.
 * Errors   no such job; a job that failed, was ended by its time limit, or vanished.
 */
import { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, choice } from './shared/arguments.ts'
import { jobFolder, jobResult, readStatus, statusScript } from './shared/async-job.ts'
import { failedResult } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    jid: z.string().regex(/^[\w-][\w.-]*$/, 'must be the ansible_job_id of a task'),
    mode: choice(['status', 'cleanup']).default('status'),
  })
type Args = z.output<ReturnType<typeof schema>>

export const asyncStatus = defineModule<Args>({
  name: 'async_status',
  summary: 'Ask how a task that runs by itself is doing',
  args: schema,
  keys: () => [],
  decide({ jid, mode }, _seen, ctx) {
    const folder = jobFolder(jid, ctx)
    return {
      kind: 'opaque',
      summary: mode === 'cleanup' ? `forgets the job ${jid}` : `asks for the job ${jid}`,
      *apply() {
        if (mode === 'status') {
          const output = yield { do: 'run', script: statusScript(folder, 0), readOnly: true }
          return jobResult(jid, readStatus(output))
        }
        const script = `J=${folder}; [ -d "$J" ] || exit 3; rm -rf -- "$J" && printf '%s\\n' "$J"`
        const output = yield { do: 'run', script, ok: [0, 3] }
        if (output.code === 3) {
          return failedResult('could not find job', { ansible_job_id: jid, started: true, finished: true })
        }
        return { ansible_job_id: jid, erased: output.stdout.trim(), changed: false }
      },
    }
  },
  settles: 'a job goes on by itself',
})
