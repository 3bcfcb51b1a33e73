/**
 * Jobs that run by themselves on a host (`async`): where they lie, how one is asked for, and what it answers.
 * A job is a folder `<async folder>/<job id>`; actions/detach.ts says what lies in it. A job whose task was
 * worked out at once holds its `result` as JSON instead.
 */
import { quote } from '../../base/quote.ts'
import type { Dict } from '../../base/value.ts'
import type { CommandAbout, Context, Output } from '../contract.ts'
import { duration, failedResult, outputResult, stamp } from './results.ts'

const DEFAULT_FOLDER = '~/.vpai-async'

/** The folder of a job as a word of sh. `ansible_async_dir` and ANSIBLE_ASYNC_DIR name another place. */
export function jobFolder(jid: string, { variable, environment }: Pick<Context, 'variable' | 'environment'>) {
  const named = variable('ansible_async_dir') ?? environment.ANSIBLE_ASYNC_DIR
  const directory = named === undefined || named === null ? DEFAULT_FOLDER : String(named)
  const path = `${directory.replace(/\/+$/, '')}/${jid}`
  return path.startsWith('~/') ? `"$HOME"${quote(path.slice(1))}` : quote(path)
}

export type JobState =
  | { readonly state: 'missing' }
  | { readonly state: 'running'; readonly folder: string }
  /** Neither running nor ended: the host was restarted, or somebody killed it. */
  | { readonly state: 'gone'; readonly folder: string }
  /** A task that was worked out at once. */
  | { readonly state: 'result'; readonly folder: string; readonly result: Dict }
  | {
      readonly state: 'done'
      readonly folder: string
      readonly about: CommandAbout
      readonly code: number
      /** Seconds since the epoch, by the host's clock. */
      readonly start: number
      readonly end: number
      readonly stdout: string
      readonly stderr: string
    }

/** Prints one line of words and numbers, then the texts it counts. Waits up to `waitS` seconds for an end. */
export function statusScript(folder: string, waitS: number): string {
  return `J=${folder}
[ -d "$J" ] || { echo missing; exit 0; }
[ ! -s "$J/result" ] || { echo "result $J"; cat "$J/result"; exit 0; }
alive() { p=; { read -r p <"$J/pid"; } 2>/dev/null; [ -z "$p" ] || kill -0 "$p" 2>/dev/null; }
n=$(($(date +%s) + ${Math.floor(waitS)}))
while [ ! -s "$J/rc" ] && alive && [ "$(date +%s)" -lt $n ]; do sleep 0.2 2>/dev/null || sleep 1; done
if [ ! -s "$J/rc" ] && alive; then echo "running $J"; exit 0; fi
[ -s "$J/rc" ] || { echo "gone $J"; exit 0; }
{ read -r r; read -r e; } <"$J/rc"
read -r s <"$J/started"
size() { echo $(($(wc -c <"$J/$1"))); }
echo "done $r $s $e $(size about) $(size out) $(size err) $J"
cat "$J/about" "$J/out" "$J/err"`
}

export function readStatus({ bytes }: Pick<Output, 'bytes'>): JobState {
  const all = Buffer.from(bytes)
  const lineEnd = all.indexOf(10)
  const words = all.subarray(0, lineEnd).toString('utf8').split(' ')
  const body = all.subarray(lineEnd + 1)
  const [state] = words
  if (state === 'running' || state === 'gone') return { state, folder: words.slice(1).join(' ') }
  if (state === 'result') {
    return { state, folder: words.slice(1).join(' '), result: JSON.parse(body.toString('utf8')) as Dict }
  }
  if (state !== 'done') return { state: 'missing' }
  const [code = 0, start = 0, end = 0, about = 0, out = 0, err = 0] = words.slice(1, 7).map(Number)
  const text = (from: number, length: number) => body.subarray(from, from + length).toString('utf8')
  return {
    state,
    folder: words.slice(7).join(' '),
    about: JSON.parse(text(0, about)) as CommandAbout,
    code,
    start,
    end,
    stdout: text(about, out),
    stderr: text(about + out, err),
  }
}

/** What async_status returns. */
export function jobResult(jid: string, job: JobState): Dict {
  const known = { ansible_job_id: jid, started: true }
  if (job.state === 'missing') return failedResult('could not find job', { ...known, finished: true })
  const here = { ...known, results_file: job.folder }
  switch (job.state) {
    case 'running':
      return { ...here, finished: false, changed: false, stdout: '', stderr: '' }
    case 'gone':
      return failedResult('the job is neither running nor ended: was the host restarted?', {
        ...here,
        finished: true,
      })
    case 'result':
      return { ...job.result, ...here, finished: true }
    case 'done':
      return { ...commandResult(job), ...here, finished: true }
  }
}

function commandResult(job: Extract<JobState, { state: 'done' }>): Dict {
  const { about, code, start, end, stdout, stderr } = job
  const seconds = Math.max(0, end - start)
  const output = { code, stdout, stderr, timedOut: false, elapsed: seconds, bytes: new Uint8Array() }
  const result = {
    cmd: about.cmd,
    ...outputResult(output, about.strip),
    start: stamp(new Date(start * 1000)),
    end: stamp(new Date(end * 1000)),
    delta: duration(seconds),
    changed: true,
  }
  return code === 0 ? { ...result, msg: '' } : failedResult(whyFailed(code, seconds), result)
}

/** timeout ends what it limits with 124, or 137 where it had to kill. */
function whyFailed(code: number, seconds: number): string {
  const isOver = code === 124 || code === 137 || code === 143
  return isOver ? `Job reached its time limit after ${seconds} seconds.` : 'non-zero return code'
}
