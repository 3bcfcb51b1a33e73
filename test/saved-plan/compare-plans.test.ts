import { describe, expect, it } from 'vitest'
import { comparePlans } from '../../src/saved-plan/compare-plans.ts'
import type { PlanBody, PlannedHost } from '../../src/saved-plan/format.ts'
import { settlePlan } from '../../src/saved-plan/settle-plan.ts'
import { aKey, aPlan, aTask } from './plan.ts'

const KEY = aKey()
const WAS = aPlan(KEY)
const [HOST] = WAS.hosts as [PlannedHost]
const onHost = (over: Partial<PlannedHost>): Partial<PlanBody> => ({ hosts: [{ ...HOST, ...over }] })
const other = KEY.digest('other')

describe('comparePlans', () => {
  it('finds nothing where nothing moved', () => {
    expect(comparePlans(WAS, aPlan(KEY))).toEqual([])
  })

  it.each<[string, Partial<PlanBody>, string[]]>([
    [
      'a source',
      { sources: WAS.sources.map(one => ({ ...one, digest: other })) },
      ['site.yml: its content is another'],
    ],
    ['a source that is gone', { sources: [] }, ['site.yml: is not read any more']],
    [
      'a new source',
      { sources: [...WAS.sources, { id: other, name: 'vars.yml', digest: other }] },
      ['vars.yml: is read now, and was not'],
    ],
    ['a secret', { secrets: [{ name: 'pin', digest: other }] }, ['secret pin: its value is another']],
    [
      'an extra variable that is left out',
      { extraVars: [] },
      ['extra variable release: is not given; give the -e of the plan again'],
    ],
    [
      'what a host is',
      onHost({
        seen: HOST.seen.map(one => ({
          ...one,
          digest: other,
          shows: one.shows === '1.2' ? '1.3' : one.shows,
        })),
      }),
      ['web1: /etc/app.conf: its content is another', 'web1: package nginx: 1.2 → 1.3'],
    ],
    ['a host that is gone', { hosts: [] }, ['web1: is in the plan, and takes no part now']],
    ['a new host', { hosts: [HOST, { ...HOST, id: other, name: 'web2' }] }, ['web2: is not in the plan']],
    [
      'what a task would do',
      onHost({ tasks: [aTask(KEY, { may: [other] })] }),
      ['web1: task The settings (site.yml:4): would do something else than was planned'],
    ],
    [
      'a task that has nothing to do',
      onHost({ tasks: [] }),
      ['web1: task The settings (site.yml:4): has nothing to do any more'],
    ],
    [
      'a task more',
      onHost({ tasks: [...HOST.tasks, aTask(KEY, { id: other, name: 'Restart', role: 'web' })] }),
      ['web1: task web : Restart (site.yml:4): would do something, and was not to'],
    ],
    [
      'what is looked at',
      onHost({ seen: HOST.seen.slice(0, 1) }),
      ['web1: package nginx: is not looked at any more'],
    ],
  ])('names %s', (_what, over, lines) => {
    expect(comparePlans(WAS, { ...aPlan(KEY), ...over })).toEqual(lines)
  })

  it('passes over what moved by itself when the plan was made', () => {
    const moved = HOST.seen.map(one => ({ ...one, digest: other }))
    const settled = settlePlan(WAS.hosts, [{ ...HOST, seen: moved }])
    expect(settled[0]?.seen.map(one => one.moves)).toEqual([true, true])
    expect(comparePlans({ ...WAS, hosts: settled }, aPlan(KEY))).toEqual([])
    expect(settlePlan(WAS.hosts, aPlan(KEY).hosts)).toEqual(WAS.hosts)
  })

  it('does not tell what follows from something that moved', () => {
    const [first] = HOST.seen
    const now = onHost({ seen: first ? [{ ...first, digest: other }] : [], tasks: [] })
    expect(comparePlans(WAS, { ...WAS, ...now })).toEqual(['web1: /etc/app.conf: its content is another'])
  })
})
