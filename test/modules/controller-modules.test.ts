import { describe, expect, test } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import { addHost } from '../../src/modules/add_host.ts'
import { assert } from '../../src/modules/assert.ts'
import { debug } from '../../src/modules/debug.ts'
import { fail } from '../../src/modules/fail.ts'
import { groupBy } from '../../src/modules/group_by.ts'
import { includeVars } from '../../src/modules/include_vars.ts'
import { meta } from '../../src/modules/meta.ts'
import { pause } from '../../src/modules/pause.ts'
import { ping } from '../../src/modules/ping.ts'
import { setFact } from '../../src/modules/set_fact.ts'
import { setStats } from '../../src/modules/set_stats.ts'
import { setup } from '../../src/modules/setup.ts'
import { decideWith, drive } from './tables.ts'

const nothing = () => undefined

describe('debug', () => {
  test('prints a message as it is, lists and mappings too', () => {
    expect(decideWith(debug, { msg: { a: [1] } })).toEqual({ kind: 'ok', result: { msg: { a: [1] } } })
    expect(decideWith(debug, {})).toMatchObject({ result: { msg: 'Hello world!' } })
  })

  test('prints a variable under its name, and says when there is none', () => {
    expect(decideWith(debug, { var: 'x.y' }, nothing, { evaluate: () => 7 })).toMatchObject({
      result: { 'x.y': 7 },
    })
    const evaluate = () => {
      throw new VpaiError('TEMPLATE_UNDEFINED', 'x is undefined')
    }
    expect(decideWith(debug, { var: 'x' }, nothing, { evaluate })).toMatchObject({
      result: { x: 'VARIABLE IS NOT DEFINED!' },
    })
  })

  test('waits for its verbosity', () => {
    expect(decideWith(debug, { msg: 'x', verbosity: 2 }, nothing, { variable: () => 1 }).kind).toBe('skip')
    expect(decideWith(debug, { msg: 'x', verbosity: '2' }, nothing, { variable: () => 2 }).kind).toBe('ok')
  })

  test('takes one of msg and var', () => {
    expect(debug.args().safeParse({ msg: 'a', var: 'b' }).success).toBe(false)
  })
})

describe('assert', () => {
  const truth = { test: (condition: unknown) => condition !== 'b' }

  test('names the first condition that does not hold', () => {
    expect(decideWith(assert, { that: ['a', 'b', 'c'] }, nothing, truth)).toEqual({
      kind: 'fail',
      message: 'Assertion failed',
      result: { assertion: 'b', evaluated_to: false },
    })
    expect(decideWith(assert, { that: 'b', msg: ['one', 'two'] }, nothing, truth)).toMatchObject({
      message: 'one\ntwo',
    })
  })

  test('a condition that is false itself fails too', () => {
    expect(decideWith(assert, { that: [false] }, nothing, { test: Boolean })).toMatchObject({ kind: 'fail' })
  })

  test('says that all hold', () => {
    expect(decideWith(assert, { that: 'a', success_msg: 'fine' }, nothing, truth)).toMatchObject({
      result: { msg: 'fine' },
    })
  })
})

test('fail fails with its message', () => {
  expect(decideWith(fail, { msg: 'no' })).toMatchObject({ kind: 'fail', message: 'no' })
})

test('fail registers a message that is no text as it is', () => {
  expect(decideWith(fail, { msg: [1] })).toEqual({ kind: 'fail', message: '[1]', result: { msg: [1] } })
})

test('debug shows a message that is none, and its own without one', () => {
  expect(decideWith(debug, { msg: null })).toEqual({ kind: 'ok', result: { msg: null } })
  expect(decideWith(debug, {})).toEqual({ kind: 'ok', result: { msg: 'Hello world!' } })
})

describe('set_fact', () => {
  test('keeps values of any type, and cacheable apart', () => {
    expect(decideWith(setFact, { a: 1, b: null, c: [true], cacheable: 'yes' })).toEqual({
      kind: 'ok',
      result: { ansible_facts: { a: 1, b: null, c: [true] }, _ansible_facts_cacheable: true },
    })
  })

  test.each([[{}], [{ cacheable: true }], [{ 'a-b': 1 }], [{ '1a': 1 }]])('%j is refused', args =>
    expect(setFact.args().safeParse(args).success).toBe(false),
  )
})

describe('set_stats', () => {
  test('hands its figures on', () => {
    const data = { built: 1, list: ['a'] }
    expect(decideWith(setStats, { data, per_host: 'yes' })).toEqual({
      kind: 'ok',
      result: { ansible_stats: { data, per_host: true, aggregate: true } },
    })
  })

  test.each([[{}], [{ data: 'x' }], [{ data: { 'a-b': 1 } }], [{ data: {}, name: 1 }]])(
    '%j is refused',
    args => expect(setStats.args().safeParse(args).success).toBe(false),
  )
})

test('include_vars puts values under a name when asked', () => {
  const local = () => ({ kind: 'vars' as const, path: 'vars/a.yml', files: ['vars/a.yml'], values: { x: 1 } })
  expect(decideWith(includeVars, { file: 'a.yml' }, nothing, { local })).toMatchObject({
    result: { ansible_facts: { x: 1 }, ansible_included_var_files: ['vars/a.yml'] },
  })
  expect(decideWith(includeVars, { dir: 'd', name: 'n' }, nothing, { local })).toMatchObject({
    result: { ansible_facts: { n: { x: 1 } } },
  })
  expect(includeVars.args().safeParse({}).success).toBe(false)
})

test('pause waits, or asks for Enter, and hands on what was typed', () => {
  const short = drive(decideWith(pause, { minutes: 0.5 }))
  expect(short.actions).toEqual([{ do: 'pause', seconds: 30, prompt: undefined, echo: true }])
  const asked = drive(decideWith(pause, { prompt: 'Go?', echo: false }), () => ({ stdout: 'y' }))
  expect(asked.actions).toEqual([{ do: 'pause', seconds: undefined, prompt: 'Go?', echo: false }])
  expect(asked.result).toMatchObject({ changed: false, user_input: 'y' })
})

test('ping answers with its data', () => {
  expect(decideWith(ping, {})).toEqual({ kind: 'ok', result: { ping: 'pong' } })
  expect(decideWith(ping, { data: 'crash' }).kind).toBe('fail')
})

test('meta takes known words only', () => {
  expect(decideWith(meta, { free_form: 'flush_handlers' })).toMatchObject({ kind: 'ok' })
  expect(meta.args().safeParse({ free_form: 'dance' }).success).toBe(false)
})

test.each([
  [
    { name: 'web1', groups: 'a, b', color: 'red' },
    { host_name: 'web1', groups: ['a', 'b'], host_vars: { color: 'red' } },
  ],
  [
    { hostname: 'web1:2222', group: ['a'] },
    { host_name: 'web1', groups: ['a'], host_vars: { ansible_port: 2222 } },
  ],
  [{ host: 'fd00::1' }, { host_name: 'fd00::1', groups: [], host_vars: {} }],
])('add_host with %j', (args, added) => {
  expect(decideWith(addHost, args)).toEqual({ kind: 'ok', result: { add_host: added } })
})

test('group_by makes a name without blanks', () => {
  expect(decideWith(groupBy, { key: 'os Debian', parents: 'x y' })).toMatchObject({
    result: { add_group: 'os-Debian', parent_groups: ['x-y'] },
  })
})

describe('setup', () => {
  const host = () => ({ distribution: 'Debian', default_ipv4: { address: '10.0.0.2' }, module_setup: true })

  test('names facts with their prefix', () => {
    expect(decideWith(setup, {}, host)).toEqual({
      kind: 'ok',
      result: {
        ansible_facts: {
          ansible_distribution: 'Debian',
          ansible_default_ipv4: { address: '10.0.0.2' },
          module_setup: true,
        },
      },
    })
  })

  test.each([['ansible_distr*'], ['distribution'], ['d?stri*,nothing']])(
    'the filter %s takes one fact',
    filter => {
      expect(decideWith(setup, { filter }, host)).toEqual({
        kind: 'ok',
        result: { ansible_facts: { ansible_distribution: 'Debian' } },
      })
    },
  )
})
