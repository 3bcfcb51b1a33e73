import { randomBytes } from 'node:crypto'

/**
 * `20261121T225735123-9f03ab`: the moment in UTC to the millisecond, so that names of runs sort as the runs began,
 * also of two within a second; then what tells apart runs of two machines.
 */
export function newRunId(now: Date): string {
  return `${now.toISOString().replace(/[-:.Z]/g, '')}-${randomBytes(3).toString('hex')}`
}
