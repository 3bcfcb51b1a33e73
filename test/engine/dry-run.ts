/** The law of check mode: whatever a dry run says of a task is what the run that follows does. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { playbook, type RandomTask, randomFileTasks } from './random-play.ts'
import { theatre } from './stage.ts'

/** Verdicts of all dry runs so far. */
export interface Told {
  known: number
  late: number
}

async function compare(before: readonly RandomTask[], tasks: readonly RandomTask[], told: Told) {
  const stage = theatre({ files: { 'site.yml': playbook(before, null) } })
  try {
    await stage.play()
    const files = { 'site.yml': playbook(tasks, null) }
    const dry = await statuses(() => stage.play({ files, options: { check: true } }))
    const real = await statuses(() => stage.play({ files }))
    for (const status of dry.values()) {
      if (status === 'late') told.late++
      else told.known++
    }
    const known = (_status: string, name: string) => dry.get(name) !== 'late'
    return { dry: entries(dry, known), real: entries(real, known) }
  } finally {
    stage.close()
  }
}

async function statuses(play: () => ReturnType<ReturnType<typeof theatre>['play']>) {
  const { events } = await play()
  return new Map(
    events.flatMap(event =>
      event.type === 'task.result' && /^t\d+$/.test(event.name) ? [[event.name, event.status] as const] : [],
    ),
  )
}

function entries(statuses: ReadonlyMap<string, string>, isKnown: (status: string, name: string) => boolean) {
  return [...statuses]
    .filter(([name, status]) => isKnown(status, name))
    .map(([name, status]) => `${name} ${status}`)
}

/** The law over `runs` pairs of plays, the first of which only sets the scene. */
export async function checkDryRun(options: { readonly runs: number; readonly seed?: number }): Promise<Told> {
  const told: Told = { known: 0, late: 0 }
  await fc.assert(
    fc.asyncProperty(randomFileTasks, randomFileTasks, async (before, tasks) => {
      const { dry, real } = await compare(before, tasks, told)
      expect(dry).toEqual(real)
    }),
    {
      numRuns: options.runs,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      endOnFailure: options.seed !== undefined,
    },
  )
  return told
}
