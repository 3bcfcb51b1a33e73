import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventLine, runDocument } from '../../src/report/schema.ts'
import { builtProgram } from '../cli/program.ts'

const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - name: Text
      copy: { content: "hello\\n", dest: "{{ folder }}/hello" }
      notify: told
    - name: Loop
      debug: { msg: "{{ item }}" }
      loop: [1, two, { three: 3 }]
    - name: Skipped
      ping: {}
      when: false
    - name: Retried
      command: "false"
      register: tried
      until: tried.rc == 0
      retries: 1
      delay: 0
      ignore_errors: true
    - block:
        - name: Breaks
          fail: { msg: no }
      rescue:
        - name: Delegated
          ping: {}
          delegate_to: other
    - name: Fails
      assert: { that: 1 == 2 }
      when: inventory_hostname == 'web1'
  handlers:
    - name: told
      debug: { msg: told }
`

let folder: string
let program: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-schema-'))
  program = builtProgram()
  const local = { ansible_connection: 'local', folder }
  const nowhere = { ansible_host: '127.0.0.1', ansible_port: 1 }
  writeFileSync(
    path.join(folder, 'hosts.yml'),
    JSON.stringify({ all: { hosts: { web1: local, other: local, away: nowhere } } }),
  )
  writeFileSync(path.join(folder, 'site.yml'), SITE)
})
afterEach(() => {
  for (const one of [folder, path.dirname(program)]) rmSync(one, { recursive: true, force: true })
})

describe('what a run tells', () => {
  it.each([
    ['a run', [], 4],
    ['a dry run', ['--check'], 4],
    ['a run of all hosts that can be reached', ['--limit', 'other'], 0],
  ])('keeps to the schemas, and has no field they do not know: %s', (_name, flags, code) => {
    const document = JSON.parse(vpai(['--output', 'json', ...flags], code))
    // Parsing drops what a schema does not know.
    expect(runDocument.parse(document)).toEqual(document)
    const lines = vpai(['--output', 'ndjson', ...flags], code)
      .trimEnd()
      .split('\n')
    for (const line of lines) {
      const event = JSON.parse(line)
      expect(eventLine.parse(event)).toEqual(event)
    }
    expect(lines.length).toBeGreaterThan(10)
  })
})

function vpai(flags: readonly string[], code: number): string {
  const argv = [program, 'run', 'site.yml', '-i', 'hosts.yml', '--diff', ...flags]
  const done = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8' })
  expect([done.status, done.stderr]).toEqual([code, expect.any(String)])
  return done.stdout
}
