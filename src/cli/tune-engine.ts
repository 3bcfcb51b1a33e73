/**
 * Most commands are over within a second. V8 begins to optimize a function after so little work that this costs such
 * a command a third of its time; with this budget it waits until a function is really busy, as in long runs.
 * To be imported before all else. Later versions of Node have no such flag, and say so aloud.
 *
 * The part of memory that holds what is new grows to 32 MiB before V8 tidies it up at its own pace. Kept small, a command
 * needs a quarter less memory; where there is much to do at once, tidying up so often costs more than the memory is worth.
 */
import { setFlagsFromString } from 'node:v8'

const LAST_WITH_FLAG = 20

if (Number.parseInt(process.versions.node, 10) <= LAST_WITH_FLAG)
  setFlagsFromString('--interrupt-budget=500000')
keepYoungSpace('small')

/** `growing` is what V8 does by itself. */
export function keepYoungSpace(size: 'small' | 'growing'): void {
  setFlagsFromString(`--semi-space-growth-factor=${size === 'small' ? 1 : 2}`)
}
