import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import type { Value } from '../../src/base/value.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import {
  explain,
  layer,
  merge,
  resolve,
  stackScopes,
  VARIABLE_LEVELS,
} from '../../src/inventory/precedence.ts'
import { at, build, groupVars, hostVars, text } from './build.ts'

const origin = 'test'

describe('levels', () => {
  const layers = VARIABLE_LEVELS.map(name => layer(name, { who: name, [name]: true }, { origin }))

  test.each(VARIABLE_LEVELS.slice(1).map((stronger, index) => [stronger, VARIABLE_LEVELS[index]] as const))(
    '%s wins over %s',
    (stronger, weaker) => {
      const two = layers.filter(({ name }) => name === stronger || name === weaker)
      expect(resolve([...two].reverse()).get('who')).toBe(stronger)
      expect(merge([...two].reverse()).get('who')).toBe(stronger)
    },
  )

  test('within one level the later layer wins', () => {
    const two = [layer('facts', { a: 1 }, { origin }), layer('facts', { a: 2 }, { origin })]
    expect([resolve(two).get('a'), merge(two).get('a')]).toEqual([2, 2])
  })

  test('null is a value, and a missing name is undefined', () => {
    const weak = resolve([layer('facts', { a: 1 }, { origin })])
    const strong = resolve([layer('extra vars', { a: null }, { origin })])
    expect(stackScopes(strong, weak).get('a')).toBeNull()
    expect(stackScopes(strong, weak).get('b')).toBeUndefined()
  })

  test('names that every object has are not variables', () => {
    const scope = resolve([layer('facts', {}, { origin })])
    expect([scope.get('constructor'), scope.get('toString'), scope.get('__proto__')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('a mapping with strange keys is looked up by its texts', () => {
    const vars = new Map<Value, Value>([
      [8, 'eight'],
      ['a', 1],
    ])
    const scope = merge([layer('facts', vars, { origin })])
    expect([scope.get('a'), scope.get('8'), [...scope.names()]]).toEqual([1, undefined, ['a']])
  })

  test('a mapping replaces the weaker one whole', () => {
    const layers = [
      layer('facts', { d: { a: 1 } }, { origin }),
      layer('play vars', { d: { b: 2 } }, { origin }),
    ]
    expect(resolve(layers).get('d')).toEqual({ b: 2 })
  })

  test('each name is told once', () => {
    const weak = merge([layer('facts', { a: 1, b: 1 }, { origin })])
    const strong = resolve([
      layer('task vars', { a: 2 }, { origin }),
      layer('extra vars', { c: 1 }, { origin }),
    ])
    expect([...stackScopes(strong, weak).names()].sort()).toEqual(['a', 'b', 'c'])
  })
})

describe('the layers of a host', () => {
  const SITE = `
all:
  vars: {who: file all}
  children:
    prod:
      vars: {who: file prod}
      children:
        web:
          vars: {who: file web}
          hosts:
            w1: {who: file host}
`
  const STEPS = [
    [groupVars('all', 'who: inventory all'), 'inventory all'],
    [groupVars('all', 'who: playbook all', 'playbook'), 'playbook all'],
    [groupVars('web', 'who: inventory web'), 'inventory web'],
    [groupVars('prod', 'who: playbook prod', 'playbook'), 'playbook prod'],
    [groupVars('web', 'who: playbook web', 'playbook'), 'playbook web'],
  ] as const

  test.each(STEPS.map(([, winner], index) => [winner, index] as const))(
    '%s wins over the steps before it',
    (winner, index) => {
      const files = STEPS.slice(0, index + 1).map(([file]) => file)
      const { inventory } = build(SITE.replace('{who: file host}', '{}'), 'hosts.yml', [...files].reverse())
      expect(inventory.variables('w1').get('who')).toBe(winner)
    },
  )

  test('the host wins over its groups, and its files over the inventory', () => {
    const groupFiles = STEPS.map(([file]) => file)
    const who = (...files: ReturnType<typeof hostVars>[]) =>
      build(SITE, 'hosts.yml', [...groupFiles, ...files])
        .inventory.variables('w1')
        .get('who')
    expect(who()).toBe('file host')
    expect(who(hostVars('w1', 'who: inventory host'))).toBe('inventory host')
    expect(who(hostVars('w1', 'who: playbook', 'playbook'), hostVars('w1', 'who: inventory host'))).toBe(
      'playbook',
    )
  })

  test.each([
    ['the deeper group wins', 'a: {vars: {x: a}, children: {z: {hosts: {h: }, vars: {x: z}}}}', 'z'],
    [
      'of two at one depth the later name wins',
      'b: {vars: {x: b}, hosts: {h: }}\na: {vars: {x: a}, hosts: {h: }}',
      'b',
    ],
    [
      'priority beats the name',
      'a: {vars: {x: a, ansible_group_priority: 10}, hosts: {h: }}\nb: {vars: {x: b}, hosts: {h: }}',
      'a',
    ],
    [
      'depth beats priority',
      'a: {vars: {x: a, ansible_group_priority: 10}, children: {b: {hosts: {h: }, vars: {x: b}}}}',
      'b',
    ],
  ])('%s', (_, source, winner) => {
    const { inventory, problems } = build(source)
    expect(problems).toEqual([])
    expect(inventory.variables('h').get('x')).toBe(winner)
  })

  test('a later inventory wins over an earlier one', () => {
    const sources = [
      text('all: {hosts: {h: {a: 1, b: 1}}}', 'one.yml'),
      text('all: {hosts: {h: {a: 2}}}', 'two.yml'),
    ]
    const scope = buildInventory({ sources }).inventory.variables('h')
    expect([scope.get('a'), scope.get('b')]).toEqual([2, 1])
  })

  test('secrets are a layer at the level of group_vars/all unless told otherwise', () => {
    const secret = new Secret('s3cret', 'db')
    const vars = { who: secret, only: secret }
    const make = (source: string) =>
      buildInventory({
        sources: [text('web: {hosts: {h: }}')],
        varsFiles: [groupVars('all', 'who: all'), groupVars('web', source)],
        extraLayers: [{ vars, origin: at(1, 1, 'secrets.age') }],
      }).inventory.variables('h')
    expect(make('x: 1').get('who')).toBe(secret)
    expect(make('who: web').get('who')).toBe('web')
    expect(make('who: web').get('only')).toBe(secret)
  })
})

describe('explain', () => {
  const { inventory } = build(
    'all:\n  vars:\n    who: file\n  hosts:\n    h:\n      who: host\n',
    'hosts.yml',
    [groupVars('all', '# c\nwho: group_vars\n')],
  )

  test('tells who won, who lost, and where each is written', () => {
    expect(explain(inventory.hostLayers('h'), 'who')).toEqual({
      winner: { value: 'host', name: 'inventory vars of the host', level: 8, position: at(6, 7) },
      losers: [
        {
          value: 'group_vars',
          name: 'inventory group_vars/all',
          level: 4,
          position: at(2, 1, 'inventory/group_vars/all.yml'),
        },
        { value: 'file', name: 'inventory vars of all', level: 2, position: at(3, 5) },
      ],
    })
  })

  test('knows nothing of a name that nobody sets', () => {
    expect(explain(inventory.hostLayers('h'), 'nobody')).toBeUndefined()
  })

  test('falls back to the place of the layer', () => {
    const layers = [layer('extra vars', { a: 1 }, { origin: 'command line' })]
    expect(explain(layers, 'a')?.winner.position).toBe('command line')
  })
})

test('sixty hosts with two thousand variables are looked up fast', () => {
  const vars = Array.from({ length: 2000 }, (_, index) => `v${index}: ${index}`).join('\n')
  const { inventory } = build('all: {hosts: {"h[1:60]": }}', 'hosts.yml', [groupVars('all', vars)])
  const started = performance.now()
  let sum = 0
  for (const name of inventory.hosts.keys()) {
    const host = inventory.variables(name)
    for (let task = 0; task < 100; task++) {
      const scope = stackScopes(resolve([layer('task vars', { t: task }, { origin })]), host)
      sum += scope.get('v1999') as number
    }
  }
  expect(sum).toBe(1999 * 6000)
  expect(performance.now() - started).toBeLessThan(1500)
})
