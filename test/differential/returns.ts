/** Compares what tasks give to `register`: every key that Ansible returns must be there with the same value. */
import { isResult, type Result } from './outcome.ts'

/** Not documented, about the run itself, or different from one moment to the next. */
const NOT_COMPARED = new Set([
  ...[
    'invocation',
    'diff',
    'warnings',
    'deprecations',
    'exception',
    'action',
    'module_args',
    'failed_when_result',
    'failed_when_suppressed_exception',
  ],
  ...[
    'start',
    'end',
    'ansible_job_id',
    'stop',
    'delta',
    'elapsed',
    'date',
    'last_modified',
    'atime',
    'mtime',
    'ctime',
    'inode',
    'dev',
    'version',
  ],
  ...['cache_update_time', 'backup_file', 'backup', 'md5sum', 'nlink', 'blocks', 'block_size', 'device_type'],
  ...[
    'attributes',
    'attr_flags',
    'skip_reason',
    'skipped_reason',
    'censored',
    'false_condition',
    'include_args',
    'include',
  ],
])

/** Texts for people: each tool has its own, but for modules whose work the text is. */
const FOR_PEOPLE = new Set(['msg', 'reason', 'results_file'])

/** What a failed task returns beside its output is not documented. */
const OF_FAILURES = new Set([
  'rc',
  'stdout',
  'stderr',
  'stdout_lines',
  'stderr_lines',
  'results',
  'attempts',
  'failed',
])

export function returnDifferences(ansible: Result, vpai: Result, prefix = 'returns '): string[] {
  return Object.entries(ansible).flatMap(([key, theirs]) => {
    if (key.startsWith('_ansible') || NOT_COMPARED.has(key)) return []
    if (ansible.failed === true && !OF_FAILURES.has(key)) return []
    if (FOR_PEOPLE.has(key) && !isSaid(ansible)) return []
    return valueDifferences(theirs, vpai[key], `${prefix}${key}`)
  })
}

/** debug, fail and assert hand on the text of the playbook. */
function isSaid({ action }: Result): boolean {
  return typeof action === 'string' && /(^|\.)debug$/.test(action)
}

function valueDifferences(theirs: unknown, ours: unknown, name: string): string[] {
  if (isResult(theirs) && isResult(ours)) return returnDifferences(theirs, ours, `${name}.`)
  if (Array.isArray(theirs) && Array.isArray(ours) && theirs.length === ours.length)
    return inOrder(theirs, name).flatMap((one, index) =>
      valueDifferences(one, inOrder(ours, name)[index], `${name}[${index}]`),
    )
  const [left, right] = [text(theirs), text(ours)]
  return left === right ? [] : [`${name}: ${left} | ${right}`]
}

/** Ansible looks at all mounts at a time, and tells them as they get done; the binds of a container come out of a set. */
function inOrder(list: readonly unknown[], name: string): readonly unknown[] {
  if (name.endsWith('.Binds')) return [...list].sort()
  const mounts = list.flatMap(one => (isResult(one) && typeof one.mount === 'string' ? [one.mount] : []))
  if (mounts.length < list.length) return list
  return [...list].sort((a, b) =>
    (mounts[list.indexOf(a)] ?? '').localeCompare(mounts[list.indexOf(b)] ?? ''),
  )
}

function text(value: unknown): string {
  if (value === undefined) return 'nothing'
  // Where tempfile puts chance into a name.
  return JSON.stringify(value)
    .replaceAll(/(differential-)[a-z0-9_]{8,10}\b/g, '$1RANDOM')
    .slice(0, 300)
}
