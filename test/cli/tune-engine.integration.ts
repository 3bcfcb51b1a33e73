import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-test-'))
  buildSync({
    entryPoints: [path.resolve(import.meta.dirname, '../../src/cli/tune-engine.ts')],
    outfile: path.join(folder, 'tune.mjs'),
    format: 'esm',
    platform: 'node',
    bundle: true,
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Makes much that lives for a while, and tells what the part of memory that holds new things has grown to, in bytes. */
const BUSY = `import { getHeapSpaceStatistics } from 'node:v8'
import { keepYoungSpace } from './tune.mjs'
keepYoungSpace(process.argv.at(-1))
let kept = []
for (let n = 0; n < 2_000_000; n++) { kept.push({ n, text: 'x' + n }); if (kept.length > 200_000) kept = kept.slice(100_000) }
console.log(getHeapSpaceStatistics().find(one => one.space_name === 'new_space').space_size)`

const grownTo = async (size: 'small' | 'growing') => {
  const ran = await execa('node', ['--input-type=module', '-e', BUSY, '--', size], { cwd: folder })
  expect(ran.stderr).toBe('')
  return Number(ran.stdout)
}

test('the memory for new things stays small until it may grow', async () => {
  expect(await grownTo('small')).toBeLessThan((await grownTo('growing')) / 2)
}, 60_000)
