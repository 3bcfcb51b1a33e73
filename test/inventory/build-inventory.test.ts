import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import type { InventorySource } from '../../src/inventory/model.ts'
import { matchHosts } from '../../src/inventory/pattern.ts'
import { at, build, codes, groupVars, hostVars, text } from './build.ts'

describe('sources', () => {
  test('a list of hosts is an inventory', () => {
    const { inventory } = buildInventory({ sources: [{ kind: 'list', hosts: 'a[1:2], b:22,' }] })
    expect(inventory.groups.get('ungrouped')?.hosts).toEqual(['a1', 'a2', 'b'])
    expect(inventory.variables('b').get('ansible_port')).toBe(22)
  })

  test('several sources make one inventory', () => {
    const { inventory } = buildInventory({
      sources: [text('web: {hosts: {a: }}'), text('[web]\nb\n', 'hosts')],
    })
    expect(inventory.groups.get('web')?.hosts).toEqual(['a', 'b'])
  })

  test('no source is an empty inventory', () => {
    expect([...buildInventory({ sources: [] }).inventory.hosts.keys()]).toEqual([])
  })

  test('a program that nobody ran is told', () => {
    const built = buildInventory({
      sources: [{ kind: 'program', file: 'inventory/cloud.py', output: undefined }],
    })
    expect(built.problems).toEqual([
      expect.objectContaining({ code: 'INVENTORY_EXECUTABLE', severity: 'warning' }),
    ])
    expect(built.problems[0]?.message).toContain('runs none')
  })

  test('what a program printed is read, and none of it is a template', () => {
    const output = JSON.stringify({
      web: { hosts: ['a', 'b'], vars: { x: '{{ y }}' }, children: ['sub'] },
      sub: ['c'],
      _meta: { hostvars: { a: { ip: '192.0.2.1' }, stranger: { ip: 'x' } } },
    })
    const { inventory, problems } = buildInventory({
      sources: [{ kind: 'program', file: 'cloud.py', output }],
    })
    expect(problems).toEqual([])
    expect(inventory.groups.get('web')?.hosts).toEqual(['a', 'b', 'c'])
    expect([inventory.variables('a').get('ip'), inventory.variables('c').get('x')]).toEqual([
      '192.0.2.1',
      '{{ y }}',
    ])
  })

  test.each(['', '[]', 'oops {'])('a program that printed %j is told', output => {
    expect(codes(buildInventory({ sources: [{ kind: 'program', file: 'cloud.py', output }] }))).toHaveLength(
      1,
    )
  })
})

describe('files of variables', () => {
  const SITE = 'web: {hosts: {web1: }}'

  test.each([
    [
      'a list',
      groupVars('web', '- a\n'),
      'INVENTORY_VARS_SHAPE',
      undefined,
      at(1, 1, 'inventory/group_vars/web.yml'),
    ],
    [
      'a vault',
      groupVars('web', '$ANSIBLE_VAULT;1.1;AES256\n00\n'),
      'YAML_VAULT_UNSUPPORTED',
      undefined,
      at(1, 1, 'inventory/group_vars/web.yml'),
    ],
    [
      'a strange name',
      groupVars('web', 'a: 1\nmy-var: 1\n'),
      'INVENTORY_VARIABLE_NAME',
      'warning',
      at(2, 1, 'inventory/group_vars/web.yml'),
    ],
    [
      'a misspelt group',
      groupVars('wbe', 'a: 1\n'),
      'INVENTORY_VARS_UNUSED',
      'warning',
      at(1, 1, 'inventory/group_vars/wbe.yml'),
    ],
    [
      'a misspelt host',
      hostVars('web2', 'a: 1\n'),
      'INVENTORY_VARS_UNUSED',
      'warning',
      at(1, 1, 'inventory/host_vars/web2.yml'),
    ],
    [
      'broken YAML',
      groupVars('web', 'a: [\n'),
      'YAML_SYNTAX',
      undefined,
      at(2, 1, 'inventory/group_vars/web.yml'),
    ],
  ])('%s is told with its place', (_, file, code, severity, position) => {
    const { problems } = build(SITE, 'hosts.yml', [file])
    expect(problems).toEqual([expect.objectContaining({ code, position })])
    expect(problems[0]?.severity).toBe(severity)
  })

  test.each([
    ['an empty file', groupVars('web', '# nothing\n')],
    ['a file for another inventory', groupVars('staging_database', 'a: 1\n')],
    ['a file for localhost', hostVars('localhost', 'a: 1\n')],
  ])('%s is fine', (_, file) => {
    expect(build(SITE, 'hosts.yml', [file]).problems).toEqual([])
  })
})

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      'all',
      'web',
      ':',
      ': ',
      '\n',
      '\n  ',
      '\n    ',
      'hosts',
      'children',
      'vars',
      '[',
      ']',
      '[web]',
      '[web:children]',
      '[all:vars]',
    ],
    ...[
      'a=1',
      '=',
      '"',
      "'",
      '[1:3]',
      '[:',
      '- ',
      '{',
      '}',
      ',',
      '#',
      ';',
      '{{ x }}',
      'ansible_group_priority',
      '::1',
      '\\',
      '!vault x',
      '\u0000',
    ],
  )
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.array(piece, { maxLength: 30 }).map(all => all.join('')),
  )

  test.each(['hosts.yml', 'hosts.ini', 'hosts', 'cloud.py'])(
    'in %s becomes hosts or problems, and never throws',
    file => {
      fc.assert(
        fc.property(texts, texts, (source, other) => {
          const first: InventorySource = file.endsWith('.py')
            ? { kind: 'program', file, output: source }
            : { kind: 'text', file, text: source }
          const varsFiles = [groupVars('web', other), hostVars('a', other)]
          const { inventory } = buildInventory({
            sources: [first, { kind: 'list', hosts: other }],
            varsFiles,
          })
          for (const name of inventory.hosts.keys())
            expect(inventory.variables(name).get('nobody')).toBeUndefined()
          matchHosts(inventory, source, other)
        }),
        { numRuns: 500 },
      )
    },
  )
})
