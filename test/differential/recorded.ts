/**
 * What Ansible did with a playbook, kept in the test bed's cache under a name made of the playbook, its arguments
 * and both images: while none of them changes, only vpai is played. VPAI_DIFFERENTIAL_FRESH=1 plays Ansible again.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fingerprint } from '../../src/sandbox/docker-image.ts'
import type { Case } from './cases.ts'
import type { Played } from './outcome.ts'
import { imageOf, type Stage } from './stage.ts'
import type { State } from './state.ts'

export interface Run {
  readonly played: Played
  readonly state: State
}

export async function recorded(stage: Stage, one: Case, play: () => Promise<Run[]>): Promise<Run[]> {
  const file = path.join(stage.cache, 'differential', `${one.name}-${nameOf(stage, one)}.json`)
  if (existsSync(file) && process.env.VPAI_DIFFERENTIAL_FRESH !== '1')
    return JSON.parse(readFileSync(file, 'utf8'), toMap)
  const runs = await play()
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(runs, fromMap))
  return runs
}

/** Raised when what is kept changes its meaning. */
const FORMAT = 2

function nameOf(stage: Stage, one: Case): string {
  const { folder, runs, inventories, systemd } = one
  const text = JSON.stringify([
    FORMAT,
    fingerprint(folder),
    runs,
    inventories,
    systemd,
    imageOf(stage, one),
    stage.controlImage,
  ])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function fromMap(_key: string, value: unknown): unknown {
  return value instanceof Map ? { isMap: [...value] } : value
}

function toMap(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'isMap' in value && Array.isArray(value.isMap)
    ? new Map(value.isMap)
    : value
}
