/** The law behind batching: looking ahead gives what looking right before each task gives. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Dict } from '../../src/base/value.ts'
import { playbook, type RandomTask, randomTasks, tree } from './random-play.ts'
import { theatre } from './stage.ts'

/**
 * A command makes the engine forget all it has seen, and with `until` nothing is sent behind it before it has ended: the
 * task after it is decided on a fresh look.
 */
const FORGET = 'raw: "true"\n      until: true'

interface Compared {
  readonly ahead: { readonly results: readonly string[]; readonly tree: readonly string[] }
  readonly fresh: { readonly results: readonly string[]; readonly tree: readonly string[] }
}

async function runBothWays(tasks: readonly RandomTask[]): Promise<Compared> {
  const [ahead, fresh] = await Promise.all([null, FORGET].map(between => runOneWay(tasks, between)))
  return { ahead: ahead!, fresh: fresh! }
}

async function runOneWay(tasks: readonly RandomTask[], between: string | null) {
  const stage = theatre({ files: { 'site.yml': playbook(tasks, between) } })
  try {
    const { events } = await stage.play()
    const results = events.flatMap(event =>
      event.type === 'task.result' && /^t\d+$/.test(event.name)
        ? [`${event.name} ${event.status} ${lasting(event.result, stage.dir)}`]
        : [],
    )
    return { results, tree: tree(stage.dir) }
  } finally {
    stage.close()
  }
}

/** A result without what differs between any two runs: times, inodes and their versions, and the folder's own name. */
function lasting(result: Dict, dir: string): string {
  const text = JSON.stringify(result, (key, value: unknown) => (VOLATILE.has(key) ? undefined : value))
  return text
    .replaceAll(dir, 'D')
    .replaceAll(/\.vpai-\w+\.tmp/g, 'T')
    .replaceAll(/[\w/]+\/\.vpai-\w+\/s\d+/g, 'S')
}

const VOLATILE = new Set(['atime', 'mtime', 'ctime', 'inode', 'version', 'start', 'end', 'delta'])

/** The law over `runs` random plays; throws with the smallest play that breaks it. */
export async function checkSpeculation(options: {
  readonly runs: number
  readonly seed?: number
}): Promise<void> {
  await fc.assert(
    fc.asyncProperty(randomTasks, async tasks => {
      const { ahead, fresh } = await runBothWays(tasks)
      expect(ahead).toEqual(fresh)
    }),
    {
      numRuns: options.runs,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      endOnFailure: options.seed !== undefined,
    },
  )
}
