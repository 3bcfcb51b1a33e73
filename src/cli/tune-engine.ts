/**
 * Most commands are over within a second. V8 begins to optimize a function after so little work that this costs such
 * a command a third of its time; with this budget it waits until a function is really busy, as in long runs.
 * To be imported before all else.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--interrupt-budget=500000')
