/** How often lists of apt are fetched again, with a program in place of apt-get that always fails. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { updateAction } from '../../src/modules/shared/apt-host.ts'
import { runScript, type Shell, shells, temporaryDirectory } from './shells.ts'

let dir = ''
beforeAll(() => {
  dir = temporaryDirectory()
  writeFileSync(join(dir, 'apt-get'), '#!/bin/sh\necho tried >>"${0%/*}/log"; echo no network; exit 100\n')
  chmodSync(join(dir, 'apt-get'), 0o755)
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const [standard] = shells()

test.each([
  [0, 1],
  [1, 1],
  [3, 3],
])('%i retries are %i tries', (retries, tries) => {
  const shell: Shell = { name: 'sh', command: ['/bin/sh'], path: `${dir}:${standard?.path}` }
  writeFileSync(join(dir, 'log'), '')
  const limits = { lock_timeout: 0, update_cache_retries: retries, update_cache_retry_max_delay: 0 }
  const done = runScript(shell, updateAction(limits).script ?? '')
  expect(done).toMatchObject({ code: 100 })
  expect(done.stdout.toString()).toBe('no network\n')
  expect(readFileSync(join(dir, 'log'), 'utf8').match(/tried/g)).toHaveLength(tries)
})
