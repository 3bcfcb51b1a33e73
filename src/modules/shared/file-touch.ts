/** file: state touch. Times are `now` (the default), `preserve`, or a date in the format given beside it. */
import type { Key, Seen } from '../../probes/contract.ts'
import type { Change, Verdict } from '../contract.ts'
import type { FileArgs } from '../file.ts'
import {
  attributeChanges,
  attributeResult,
  isPresent,
  predictedResult,
  wantedAttributes,
} from './attributes.ts'
import { followedKey } from './file-keys.ts'
import { isTime, timeKeys, touchTime } from './touch-time.ts'

/** What to look at beside the file. */
export function touchKeys(args: FileArgs): Key[] {
  return [timedKey(args.path), ...timeKeys(touchTimes(args))]
}

export function decideTouch(args: FileArgs, seen: Seen, maker: string): Verdict {
  const { path } = args
  const current = seen.get(timedKey(path))
  if (current.type === 'unknown')
    return { kind: 'fail', message: `${path} cannot be looked at: ${current.reason}` }
  const wanted = wantedAttributes(args, seen, { current, isDirectory: current.type === 'directory' })
  if (wanted.problem !== null) return { kind: 'fail', message: wanted.problem }
  const { problem: _none, ...attributes } = wanted
  const [access, modification] = touchTimes(args)
  if (access === null || modification === null)
    return { kind: 'fail', message: `${path}: access_time or modification_time does not fit its format` }
  const isNew = !isPresent(current)
  const keepsTimes =
    isPresent(current) && isTime(access, current.atime, seen) && isTime(modification, current.mtime, seen)
  const changes: Change[] = isNew
    ? [{ what: 'state', subject: path, from: 'absent', to: 'file' }]
    : [
        ...(keepsTimes ? [] : [{ what: 'times', subject: path, from: current.mtime, to: modification }]),
        ...attributeChanges(path, current, attributes),
      ]
  const state = isNew ? 'file' : current.type
  const result = {
    dest: path,
    ...predictedResult(current, args, { ...attributes, state, maker, ...(isNew ? { size: 0 } : {}) }),
  }
  if (changes.length === 0 && isPresent(current))
    return { kind: 'ok', result: { ...result, ...attributeResult(current) } }
  return {
    kind: 'change',
    changes,
    apply: [{ do: 'touch', path, accessTime: access, modificationTime: modification, ...attributes }],
    result,
  }
}

const timedKey = (path: string) => ({ ...followedKey(path), accessed: true }) as const

/** Access and modification; null where the text does not fit its format. */
function touchTimes(args: FileArgs): [string | null, string | null] {
  return [
    touchTime(args.access_time, args.access_time_format),
    touchTime(args.modification_time, args.modification_time_format),
  ]
}
