/** What the process exits with. When several apply, the highest. */
export const EXIT = {
  fine: 0,
  usage: 1,
  /** A host failed. `plan` and `drift` use 2 for changes and 3 for a failed host. */
  failed: 2,
  changes: 2,
  planFailed: 3,
  unreachable: 4,
  interrupted: 99,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
