/** One keyword in a small project: where it is written, what is played, and what is seen of it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ConnectTarget } from '../../src/engine/world.ts'
import { type Played, type Stage, theatre } from './stage.ts'

export type Place = 'play' | 'role' | 'block' | 'task'

/** Plays, tasks and keywords as plain objects: JSON is YAML. */
export type Written = Readonly<Record<string, unknown>>

export interface Seen extends Played {
  readonly dials: readonly ConnectTarget[]
  /** A file of the folder of the hosts; empty when there is none. */
  readonly file: (name: string) => string
}

export interface Scene {
  readonly plays: readonly Written[]
  readonly files?: Readonly<Record<string, string>>
  readonly stage?: Partial<Stage>
  /** Before anything is played, in the folder of the hosts. */
  readonly prepare?: (dir: string) => void
}

/** Plays it and looks; the folder is gone afterwards. */
export async function watch<Value>(scene: Scene, look: (seen: Seen) => Value): Promise<Value> {
  const dials: ConnectTarget[] = []
  const files = { 'site.yml': JSON.stringify(scene.plays), ...scene.files }
  const dial = (target: ConnectTarget) => {
    dials.push(target)
    scene.stage?.dial?.(target)
  }
  const open = theatre({ ...scene.stage, files, dial })
  try {
    scene.prepare?.(open.dir)
    const played = await open.play()
    return look({ ...played, dials, file: name => read(path.join(open.dir, name)) })
  } finally {
    open.close()
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** The tasks with a keyword around or on the first of them; other keywords of the play stand beside. */
export function written(
  place: Place,
  keyword: Written,
  { tasks, play }: { readonly tasks: readonly Written[]; readonly play?: Written | undefined },
): Scene {
  const hosts = { hosts: 'all', ...play }
  const [first, ...rest] = tasks
  switch (place) {
    case 'play':
      return { plays: [{ ...hosts, ...keyword, tasks }] }
    case 'block':
      return { plays: [{ ...hosts, tasks: [{ block: tasks, ...keyword }] }] }
    case 'task':
      return { plays: [{ ...hosts, tasks: [{ ...first, ...keyword }, ...rest] }] }
    case 'role':
      return {
        plays: [{ ...hosts, roles: [{ role: 'r', ...keyword }] }],
        files: { 'roles/r/tasks/main.yml': JSON.stringify(tasks) },
      }
  }
}
