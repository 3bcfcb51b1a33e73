/** What templates may ask about the machine vpai runs on: paths, globs, the environment. Nothing is changed. */
import { closeSync, lstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import fastGlob from 'fast-glob'
import { isVaulted, VAULT_HEADER } from '../base/vault.ts'
import type { World } from '../engine/world.ts'

type Machine = NonNullable<World['machine']>
type PathFacts = NonNullable<ReturnType<NonNullable<Machine['stat']>>>

export interface MachineSettings {
  /** Where relative paths begin. */
  readonly root: string
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export function controlMachine({ root, home, env }: MachineSettings): Machine {
  const at = (name: string) => path.resolve(root, name)
  return {
    home,
    environment: name => env[name],
    stat: name => factsOf(at(name)),
    isVaulted: name => beginsVaulted(at(name)),
    realpath: name => realOrGiven(at(name)),
    glob: pattern => fastGlob.sync(at(pattern), { onlyFiles: true, dot: true }).sort(),
  }
}

function factsOf(file: string): PathFacts | null {
  const own = lstatSync(file, { throwIfNoEntry: false })
  if (own === undefined) return null
  const target = own.isSymbolicLink() ? followed(file) : own
  const identity = target ?? own
  return {
    kind: own.isSymbolicLink() ? 'link' : kindOf(own),
    target: !own.isSymbolicLink() || target === null ? null : kindOf(target),
    identity: `${identity.dev}:${identity.ino}`,
    isMount: target?.isDirectory() === true && isMount(file, target),
  }
}

/** A link that leads round in circles leads nowhere. */
function followed(file: string): Stats | null {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
}

function kindOf(stats: Stats): 'file' | 'directory' | 'other' {
  if (stats.isFile()) return 'file'
  return stats.isDirectory() ? 'directory' : 'other'
}

/** Another device than the folder above, or no folder above. */
function isMount(file: string, { dev, ino }: Stats): boolean {
  const above = statSync(path.join(file, '..'))
  return above.dev !== dev || above.ino === ino
}

function beginsVaulted(file: string): boolean | null {
  try {
    const handle = openSync(file, 'r')
    try {
      const head = Buffer.alloc(VAULT_HEADER.length)
      readSync(handle, head)
      return isVaulted(head.toString('latin1'))
    } finally {
      closeSync(handle)
    }
  } catch {
    return null
  }
}

function realOrGiven(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return path.normalize(file)
  }
}
