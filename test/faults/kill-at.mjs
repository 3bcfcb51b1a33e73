/**
 * Loaded before vpai (`node --import`): the process sends itself a signal at its n-th write to the journal.
 * VPAI_TEST_KILL_AT is `before N` or `after N`, then the signal's name; SIGKILL when left out.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [when, count, signal = 'SIGKILL'] = (process.env.VPAI_TEST_KILL_AT ?? 'after 0').split(' ')
const { appendFileSync } = fs
let writes = 0

function strike() {
  process.kill(process.pid, signal)
}

fs.appendFileSync = (...given) => {
  writes += 1
  if (when === 'before' && writes === Number(count)) strike()
  appendFileSync(...given)
  if (when === 'after' && writes === Number(count)) strike()
}
syncBuiltinESMExports()
