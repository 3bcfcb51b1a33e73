/** A task that no file holds (gathering facts, a command line), or that another statement stands for. */
import type { Task } from './model.ts'

type Own = Pick<Task, 'id' | 'module' | 'position' | 'directory'>

export function bareTask(own: Own & Partial<Task>): Task {
  return { ...NOTHING, ...own }
}

const NOTHING: Omit<Task, keyof Own> = {
  kind: 'task',
  name: undefined,
  args: {},
  freeText: undefined,
  argPositions: {},
  loop: undefined,
  register: undefined,
  until: undefined,
  retries: undefined,
  delay: undefined,
  changedWhen: undefined,
  failedWhen: undefined,
  notify: [],
  listen: [],
  async: undefined,
  poll: undefined,
  use: undefined,
}
