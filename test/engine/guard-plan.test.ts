import { describe, expect, it } from 'vitest'
import { type GuardKeyword, readGuard } from '../../src/config/guard-keyword.ts'
import { guardPlan } from '../../src/engine/guard-plan.ts'
import { HostState } from '../../src/engine/host-state.ts'
import type { Verdict } from '../../src/modules/contract.ts'
import { findModule } from '../../src/modules/index.ts'

const CHANGE: Verdict = { kind: 'change', changes: [], apply: [] }
const SSHD = { dest: '/etc/ssh/sshd_config' }

function plan(
  keyword: GuardKeyword | false,
  more: { verdict?: Verdict; args?: object; module?: string; isRemote?: boolean } = {},
) {
  const host = new HostState('web1')
  host.isRemote = more.isRemote ?? true
  host.loginUser = 'deploy'
  const module = findModule(more.module ?? 'copy')
  if (module === null) throw new Error('no such module')
  return guardPlan({ module, args: more.args ?? SSHD }, more.verdict ?? CHANGE, { keyword, host })
}

const usual = readGuard(undefined)

describe('a task that is about to act', () => {
  it('is guarded when it may lock us out', () => {
    expect(plan(usual)).toMatchObject({ areas: ['ssh'], keyword: { withinS: 90 } })
    expect(plan(usual, { args: { dest: '/etc/motd' } })).toBeNull()
  })

  it.each<[string, Parameters<typeof plan>]>([
    ['guard is false', [false]],
    ['the host is reached without a network', [usual, { isRemote: false }]],
    ['there is nothing to do', [usual, { verdict: { kind: 'ok' } }]],
    ['it fails', [usual, { verdict: { kind: 'fail', message: 'no' } }]],
  ])('is not when %s', (_why, args) => {
    expect(plan(...args)).toBeNull()
  })

  it('is guarded whatever it is when the keyword says so', () => {
    const verdict: Verdict = { kind: 'change', changes: [], apply: [] }
    const args = { dest: '/etc/motd' }
    expect(plan(readGuard(true), { verdict, args })).toMatchObject({ areas: [], things: [] })
    expect(plan(readGuard({ within: '60s', always: false }), { verdict, args })).toBeNull()
  })

  it('brings the whole area of a path that the keyword names, once', () => {
    const found = plan(readGuard({ paths: ['/etc/ufw/user.rules', '/srv/rules'] }), {
      args: { dest: '/etc/ufw' },
    })
    expect(found?.areas).toEqual(['firewall'])
    expect(found?.things).toEqual(expect.arrayContaining(['ruleset', 'path:/etc/ufw', 'path:/srv/rules']))
    expect(new Set(found?.things).size).toBe(found?.things.length)
  })
})
