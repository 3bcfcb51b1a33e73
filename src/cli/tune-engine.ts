/**
 * Most commands are over within a second. V8 begins to optimize a function after so little work that this costs such
 * a command a third of its time; with this budget it waits until a function is really busy, as in long runs.
 * To be imported before all else. Later versions of Node have no such flag, and say so aloud.
 */
import { setFlagsFromString } from 'node:v8'

const LAST_WITH_FLAG = 20

if (Number.parseInt(process.versions.node, 10) <= LAST_WITH_FLAG)
  setFlagsFromString('--interrupt-budget=500000')
