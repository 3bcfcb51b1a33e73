import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** The newest line that vpai promises to run on; the package is Node itself, as npm has it. */
const CURRENT = '26'
const folder = mkdtempSync(path.join(tmpdir(), 'vpai-current-node-'))
const node = path.join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
const vpai = path.resolve('dist/vpai.mjs')

beforeAll(() => {
  execFileSync(
    'npm',
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefix',
      folder,
      `node-${process.platform}-${process.arch}@${CURRENT}`,
    ],
    { stdio: 'ignore' },
  )
  writeFileSync(
    path.join(folder, 'hosts.yml'),
    'all:\n  hosts:\n    here:\n      ansible_connection: local\n',
  )
  writeFileSync(
    path.join(folder, 'site.yml'),
    `- hosts: all\n  tasks:\n    - copy: { content: "{{ ansible_facts.system }}\\n", dest: ${folder}/made }\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it(`runs a playbook on Node ${CURRENT} as well`, () => {
  expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(new RegExp(`^v${CURRENT}\\.`))
  const run = () =>
    spawnSync(node, [vpai, 'run', 'site.yml', '-i', 'hosts.yml', '--output', 'json'], {
      cwd: folder,
      encoding: 'utf8',
    })
  const [first, second] = [run(), run()].map(({ stdout, stderr }) => ({
    stats: JSON.parse(stdout).stats.here,
    stderr,
  }))
  expect(first).toMatchObject({ stats: { ok: 2, changed: 1, failed: 0 }, stderr: '' })
  expect(second).toMatchObject({ stats: { ok: 2, changed: 0, failed: 0 }, stderr: '' })
})
