import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const FIXTURE = new URL('../fixtures/pyyaml-cases.json', import.meta.url)
const GENERATOR = fileURLToPath(new URL('./generate-pyyaml-cases.py', import.meta.url))

test('the committed PyYAML cases are what PyYAML 6 says today', context => {
  const probe = spawnSync('python3', ['-c', 'import yaml; print(yaml.__version__)'], { encoding: 'utf8' })
  if (!probe.stdout?.startsWith('6.')) context.skip('python3 with PyYAML 6 is not installed')
  const made = spawnSync('python3', [GENERATOR, '-'], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })
  expect(made.stderr).toBe('')
  expect(JSON.parse(made.stdout)).toEqual(JSON.parse(readFileSync(FIXTURE, 'utf8')))
})
