/**
 * `.vpai/releases`: the highest number of a release that this machine made in each environment, so that runs on some of
 * its hosts do not give out a number twice. It may be lost: then the hosts of a run alone say what is next.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const FILE = 'releases'

/** 0: none that is known. */
export function knownRelease(stateDirectory: string, env: string): number {
  return numbers(stateDirectory).get(env) ?? 0
}

export function noteRelease(stateDirectory: string, env: string, number: number): void {
  const known = new Map([...numbers(stateDirectory), [env, number]])
  const text = `${JSON.stringify(Object.fromEntries(known))}\n`
  writeFileSync(path.join(stateDirectory, FILE), text, { mode: 0o600 })
}

function numbers(stateDirectory: string): ReadonlyMap<string, number> {
  try {
    const data: unknown = JSON.parse(readFileSync(path.join(stateDirectory, FILE), 'utf8'))
    const entries = typeof data === 'object' && data !== null ? Object.entries(data) : []
    return new Map(entries.filter((entry): entry is [string, number] => Number.isInteger(entry[1])))
  } catch {
    return new Map()
  }
}
