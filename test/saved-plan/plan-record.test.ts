import { expect, it } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import type { Key } from '../../src/probes/contract.ts'
import { PlanRecord } from '../../src/saved-plan/plan-record.ts'
import { plannedKeys } from '../../src/saved-plan/planned-keys.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'
import { aKey, aPlan } from './plan.ts'

const KEY = aKey()
const SECRET = 'kaP1begin-plain-kaP1end'
const ABSENT = { type: 'absent' } as const

function aRecord(): PlanRecord {
  const secrets = createSecretRegistry()
  secrets.add(new Secret(SECRET, 'canary'))
  return new PlanRecord({ key: KEY, secrets, place: text => text })
}

it('what was looked at is asked along the next time, but for scripts and what holds a secret', () => {
  const record = aRecord()
  const plain: Key = { kind: 'path', path: '/a', hash: true }
  record.looked('web1', '', { key: plain, answer: ABSENT })
  record.looked('web1', 'sudo:root', { key: plain, answer: ABSENT })
  record.looked('web1', '', { key: { kind: 'path', path: `/${SECRET}` }, answer: ABSENT })
  const read = { kind: 'read', name: 'x', script: 'x' } as const
  record.looked('web1', '', { key: read, answer: { code: 0, stdout: '', stderr: '' } })
  const plan = aPlan(KEY, { hosts: record.hosts() })
  const asked = plannedKeys(plan, KEY).read('web1')
  expect([...asked]).toEqual([
    ['', [plain]],
    ['sudo:root', [plain]],
  ])
  expect([...plannedKeys(plan, KEY).read('web2')]).toEqual([])
  expect(JSON.stringify(plan)).not.toContain(SECRET)
})

it('the first look counts, and looks of other users are others', () => {
  const record = aRecord()
  const key: Key = { kind: 'which', command: 'git' }
  record.looked('web1', '', { key, answer: { path: '/bin/git' } })
  record.looked('web1', '', { key, answer: { path: null } })
  record.looked('web1', 'sudo:root', { key, answer: { path: null } })
  expect(record.hosts()[0]?.seen).toMatchObject([{ shows: '/bin/git' }, { shows: 'absent' }])
})

it('no part of a secret is left at the end of a name that is cut', () => {
  const record = aRecord()
  const name = `${'x'.repeat(110)} ${SECRET}`
  record.looked('web1', '', {
    key: { kind: 'read', name, script: name },
    answer: { code: 0, stdout: '', stderr: '' },
  })
  expect(record.hosts()[0]?.seen[0]?.name).toMatch(/^x{110} \[secret\]?…?/)
})
