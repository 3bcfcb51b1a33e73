/** Runs against this machine keep their record in a folder of the test file's own, not in the machine's. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const folder = mkdtempSync(path.join(tmpdir(), 'vpai-record-'))
process.env.VPAI_HOST_STATE = folder
// Programs that tests build are run a few times only, and leave nothing behind.
process.env.VPAI_CODE_CACHE = 'off'
afterAll(() => rmSync(folder, { recursive: true, force: true }))
