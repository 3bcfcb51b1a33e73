/** A play that no file holds: a command line, or what a run adds of its own. */
import type { Play } from './model.ts'

type Own = Pick<Play, 'position' | 'name' | 'hosts' | 'tasks' | 'directory' | 'file'>

export function barePlay(own: Own & Partial<Play>): Play {
  return { ...NOTHING, ...own }
}

const NOTHING: Omit<Play, keyof Own> = {
  gatherFacts: false,
  gatherSubset: undefined,
  serial: undefined,
  strategy: undefined,
  order: undefined,
  maxFailPercentage: undefined,
  forceHandlers: undefined,
  varsFiles: [],
  varsPrompt: [],
  preTasks: [],
  roles: [],
  postTasks: [],
  handlers: [],
}
