/**
 * Loaded before vpai (`node --import`): the process ends itself with SIGKILL right after its n-th write to the journal,
 * n being VPAI_TEST_KILL_AT. With `before`, right before it.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [when, count] = (process.env.VPAI_TEST_KILL_AT ?? 'after 0').split(' ')
const { appendFileSync } = fs
let writes = 0

function die() {
  process.kill(process.pid, 'SIGKILL')
}

fs.appendFileSync = (...given) => {
  writes += 1
  if (when === 'before' && writes === Number(count)) die()
  appendFileSync(...given)
  if (when === 'after' && writes === Number(count)) die()
}
syncBuiltinESMExports()
