import type { Bundle } from './bundle.ts'
import type { HostAction } from './render-action.ts'

export interface FailedReply {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
}

/**
 * What a failed action means, in one sentence for people, with the host's own words after it.
 * Exit codes of our scripts: 90 no such place · 91 the content arrived short · 92 validation refused it ·
 * 93 the file changed since it was looked at · 94 something of another type is in the way ·
 * 95 no backup could be made · 96 reading or writing failed · 97 owner or mode could not be set.
 */
export function explainFailure(action: HostAction, reply: FailedReply): string {
  if (action.do === 'bundle') return explainPart(action, reply)
  const said = reply.stderr.trim() === '' ? reply.stdout.trim() : reply.stderr.trim()
  const detail = said === '' ? '' : `: ${said}`
  if (reply.timedOut) return `${subjectOf(action)} did not end within its time limit${detail}`
  if (action.do === 'run') return explainRun(action.failure, reply, detail)
  const explanation = EXPLANATIONS[reply.code]
  if (explanation === undefined) return `${subjectOf(action)} failed with exit code ${reply.code}${detail}`
  // A read's output is the file, not a message.
  const shown = action.do === 'read' && reply.stderr.trim() === '' ? '' : detail
  return `${explanation(subjectOf(action), action)}${shown}`
}

/** Did the host find another state than the decision was based on? Then look again and decide again. */
export function isStale(action: HostAction, code: number): boolean {
  return (action.do === 'put' || action.do === 'bundle') && code === 93
}

/** It told the path that failed; one of no part is a folder on the way to one. */
function explainPart({ path, parts }: Bundle, reply: FailedReply): string {
  const at = reply.stdout.startsWith('/') ? reply.stdout : path
  const part = parts.find(one => one.path === at) ?? { do: 'mkdir', path: at }
  return explainFailure(part, { ...reply, stdout: '' })
}

function explainRun(failure: string | undefined, reply: FailedReply, detail: string): string {
  if (reply.code === 90 && reply.stderr.includes('vpai: no such directory'))
    return 'The directory to run in does not exist or may not be entered'
  return `${failure ?? `The command failed with exit code ${reply.code}`}${detail}`
}

function subjectOf(action: HostAction): string {
  if (action.do !== 'run') return action.path
  return action.argv === undefined ? 'The script' : `The command ${action.argv[0] ?? ''}`
}

const EXPLANATIONS: Readonly<Record<number, (subject: string, action: HostAction) => string>> = {
  90: (subject, action) =>
    action.do === 'put' || action.do === 'link'
      ? `The directory of ${subject} does not exist or may not be entered`
      : `${subject} does not exist`,
  91: subject => `The content of ${subject} did not arrive whole; nothing was changed`,
  92: subject => `The validation command refused the new ${subject}; the old one is untouched`,
  93: subject => `${subject} was changed by somebody else in the meantime`,
  94: (subject, action) =>
    action.do === 'read' ? `${subject} is not a regular file` : `A directory is in the way at ${subject}`,
  95: subject => `No backup of ${subject} could be made; nothing was changed`,
  96: (subject, action) =>
    action.do === 'read'
      ? `${subject} could not be read`
      : action.do === 'remove'
        ? `${subject} could not be removed`
        : `${subject} could not be written`,
  97: subject => `Owner or mode of ${subject} could not be set`,
}
