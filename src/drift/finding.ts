/** One thing that is not as the newest release of a host has it. */

export const KINDS = ['file', 'unit', 'package', 'container', 'port'] as const
export type Kind = (typeof KINDS)[number]

export const PROBLEMS = [
  'gone',
  'came',
  'type',
  'content',
  'target',
  'attributes',
  'stopped',
  'failed',
  'masked',
  'enabling',
  'version',
  'image',
  'configuration',
  'unhealthy',
  'restarting',
  'restarted',
  'ended',
  'undeclared',
] as const
export type Problem = (typeof PROBLEMS)[number]

export interface Finding {
  readonly kind: Kind
  /** Path, name, or address and port. */
  readonly subject: string
  readonly problem: Problem
  /** As the release has it, for people; null: it had none. */
  readonly was: string | null
  readonly is: string | null
  /** False: worth knowing, and nothing that has to be put right. */
  readonly isDrift: boolean
  /** What the host tells besides: hints, no proof. */
  readonly evidence: readonly string[]
  /** When it may have happened, seconds since the epoch. */
  readonly at: number | null
}

/** Something that could not be compared. */
export interface Unseen {
  readonly what: string
  readonly why: string
  /** The release has it, and the host cannot be asked now. */
  readonly isFailure: boolean
}

export interface Compared {
  readonly findings: readonly Finding[]
  readonly unseen: readonly Unseen[]
}

/** `2026-11-21 10:00:07 UTC` */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
