import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { factCache } from '../../src/files/fact-cache.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'

let folder: string
const secrets = createSecretRegistry()
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-facts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const cache = (timeoutS = 60, prefix = '') => factCache({ folder, timeoutS, prefix, secrets, now: Date.now })

it('gives back what it was given, in a file that only its owner reads', () => {
  const facts = { distribution: 'Debian', mounts: [{ size_total: 3_000_000_000_000 }], module_setup: true }
  const kept = new Map([['my_var', { a: [1] }]])
  cache().write('web1', { facts, kept })
  expect(cache().read('web1')).toEqual({ facts, kept })
  expect(statSync(path.join(folder, 'web1')).mode & 0o777).toBe(0o600)
})

it('reads what Ansible writes', () => {
  writeFileSync(
    path.join(folder, 'p_web1'),
    '{"ansible_os_family": "Debian", "module_setup": true, "app": "x"}',
  )
  expect(cache(60, 'p_').read('web1')).toEqual({
    facts: { os_family: 'Debian', module_setup: true },
    kept: new Map([['app', 'x']]),
  })
})

it('passes over what is too old, and with a time of 0 nothing is', () => {
  cache().write('web1', { facts: { a: 1 }, kept: new Map() })
  const hourAgo = Date.now() / 1000 - 3600
  utimesSync(path.join(folder, 'web1'), hourAgo, hourAgo)
  expect(cache(3599).read('web1')).toBeNull()
  expect(cache(0).read('web1')).not.toBeNull()
})

it.each([
  ['a missing file', null],
  ['a damaged one', '{"ansible_a": '],
  ['one without facts', '[]'],
])('%s counts as none', (_, text) => {
  if (text !== null) writeFileSync(path.join(folder, 'web1'), text)
  expect(cache().read('web1')).toBeNull()
})

it('writes nothing that holds a secret', () => {
  secrets.add('hunter2-longer')
  cache().write('web1', {
    facts: { env: { TOKEN: 'hunter2-longer' }, os: 'x' },
    kept: new Map([['pw', 'hunter2-longer']]),
  })
  expect(readFileSync(path.join(folder, 'web1'), 'utf8')).toBe('{\n    "ansible_os": "x"\n}\n')
})
