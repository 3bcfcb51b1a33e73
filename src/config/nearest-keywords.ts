import type { Keywords } from './model.ts'

/** Keywords with one value, of which the one nearest to a task counts. */
export const NEAREST_KEYWORDS = [
  'become',
  'becomeUser',
  'becomeMethod',
  'becomeExe',
  'becomeFlags',
  'remoteUser',
  'port',
  'connection',
  'noLog',
  'checkMode',
  'diff',
  'ignoreErrors',
  'ignoreUnreachable',
  'anyErrorsFatal',
  'runOnce',
  'throttle',
  'timeout',
  'delegateTo',
  'delegateFacts',
  'guard',
] as const satisfies readonly (keyof Keywords)[]
