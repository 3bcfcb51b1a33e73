import { describe, expect, it } from 'vitest'
import type { Doer, Intent } from '../../src/engine/world.ts'
import { PlanBound } from '../../src/saved-plan/plan-bound.ts'
import { PlanRecord } from '../../src/saved-plan/plan-record.ts'
import { aKey, aPlan } from './plan.ts'

const KEY = aKey()
const place = (text: string) => text.replaceAll('/opt/vpai/', '(vpai)/')
const CHANGE = (subject: string, to: string): Intent => ({
  kind: 'change',
  changes: [{ what: 'content', subject, from: 'whatever', to }],
  apply: [],
})
const RUN = (summary: string): Intent => ({
  kind: 'opaque',
  summary,
  apply: () => [][Symbol.iterator]() as never,
})
const DOER: Doer = { host: 'web1', taskId: '/opt/vpai/roles/a/main.yml:4:7', isHandler: false, within: [] }

function bound(status: 'changed' | 'late' | 'skipped', ...intents: readonly Intent[]): PlanBound {
  const record = new PlanRecord({ key: KEY, secrets: { mask: text => text, taints: () => false }, place })
  for (const intent of intents) record.intends(DOER, intent)
  record.on({
    type: 'task.result',
    taskId: DOER.taskId,
    host: 'web1',
    name: 'The settings',
    module: 'copy',
    role: null,
    delegatedTo: null,
    status,
    changes: [],
    result: {},
    reason: null,
    position: { file: 'site.yml', line: 4, column: 7 },
    elapsedMs: 1,
    item: null,
    handler: false,
  })
  const elsewhere = (text: string) => text.replaceAll('/usr/lib/vpai/', '(vpai)/')
  return new PlanBound(aPlan(KEY, { hosts: record.hosts() }), { key: KEY, place: elsewhere })
}

const doer = (over: Partial<Doer> = {}): Doer => ({
  ...DOER,
  taskId: '/usr/lib/vpai/roles/a/main.yml:4:7',
  ...over,
})

describe('a run that keeps to a plan', () => {
  it.each<[string, PlanBound, Doer, Intent]>([
    ['what is listed', bound('changed', CHANGE('/a', '1')), doer(), CHANGE('/a', '1')],
    ['less', bound('changed', CHANGE('/a', '1'), CHANGE('/b', '1')), doer(), CHANGE('/b', '1')],
    ['the same again, as retries do', bound('changed', RUN('true')), doer(), RUN('true')],
    ['a command that counts as no change', bound('skipped', RUN('true')), doer(), RUN('true')],
    ['what is known after apply', bound('late'), doer(), CHANGE('/a', '1')],
    [
      'what a late include brings',
      bound('late'),
      doer({ taskId: 'x', within: [DOER.taskId.replace('/opt', '/usr/lib')] }),
      RUN('x'),
    ],
    ['what stands in a rescue', bound('changed'), doer({ taskId: 'x', within: ['rescue'] }), RUN('x')],
    [
      'a handler that only such a task notifies',
      bound('changed'),
      doer({ taskId: 'x', isHandler: true }),
      RUN('x'),
    ],
  ])('may do %s', (_what, witness, who, intent) => {
    expect(() => witness.intends(who, intent)).not.toThrow()
  })

  it.each<[string, PlanBound, Doer, Intent]>([
    ['another value', bound('changed', CHANGE('/a', '1')), doer(), CHANGE('/a', '2')],
    ['another subject', bound('changed', CHANGE('/a', '1')), doer(), CHANGE('/b', '1')],
    ['another command', bound('changed', RUN('true')), doer(), RUN('false')],
    ['another task', bound('changed', RUN('true')), doer({ taskId: 'x' }), RUN('true')],
    ['another host', bound('changed', RUN('true')), doer({ host: 'web2' }), RUN('true')],
    [
      'what a plain include brings',
      bound('changed', RUN('true')),
      doer({ taskId: 'x', within: ['y'] }),
      RUN('x'),
    ],
    ['a listed handler something else', bound('changed', RUN('true')), doer({ isHandler: true }), RUN('x')],
  ])('may not do %s', (_what, witness, who, intent) => {
    expect(() => witness.intends(who, intent)).toThrow(expect.objectContaining({ code: 'PLAN_NOT_LISTED' }))
  })
})
