/** A plan and a key for tests. */
import { generateSigningKey } from '../../src/files/signing-key.ts'
import type { PlanBody, PlannedTask } from '../../src/saved-plan/format.ts'
import { type PlanKey, planKey } from '../../src/saved-plan/plan-key.ts'

export const SALT = '00112233445566778899aabbccddeeff'

export function aKey(): PlanKey {
  return planKey(generateSigningKey(), SALT)
}

export function aTask(key: PlanKey, over: Partial<PlannedTask> = {}): PlannedTask {
  return {
    id: key.digest('task', 'site.yml:4:7'),
    name: 'The settings',
    module: 'copy',
    role: null,
    handler: false,
    delegatedTo: null,
    position: { file: 'site.yml', line: 4, column: 7 },
    status: 'changed',
    changes: [{ what: 'content', subject: '/etc/app.conf', from: null, to: 'sha256:8ac56ba2b165' }],
    reason: null,
    may: [],
    ...over,
  }
}

export function aPlan(key: PlanKey, over: Partial<PlanBody> = {}): PlanBody {
  const look = (name: string, shows: string | null, counts: string) => ({
    id: key.digest('look', name),
    name,
    shows,
    digest: key.digest('seen', counts),
  })
  return {
    version: 1,
    vpaiVersion: '0.0.0-dev',
    madeAt: '2026-11-21T12:00:00.000Z',
    key: key.id,
    salt: SALT,
    selection: { environment: 'prod', playbook: 'site.yml', flags: { tags: ['web'] }, limit: null },
    sources: [{ id: key.digest('source', 'site.yml'), name: 'site.yml', digest: key.digest('a') }],
    secrets: [{ name: 'pin', digest: key.digest('1234') }],
    extraVars: [{ name: 'release', digest: key.digest('7') }],
    hosts: [
      {
        id: key.digest('host', 'web1'),
        name: 'web1',
        tasks: [aTask(key)],
        seen: [look('/etc/app.conf', 'file 0644 root:root', 'a'), look('package nginx', '1.2', '1.2')],
      },
    ],
    ...over,
  }
}
