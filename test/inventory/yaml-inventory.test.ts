import { describe, expect, test } from 'vitest'
import { Template } from '../../src/base/value.ts'
import { at, build, codes } from './build.ts'

const SITE = `
all:
  vars: {ntp: pool}
  hosts:
    lone: {}
  children:
    web:
      hosts:
        web[01:02]: {port: 80}
        api:
    db:
      hosts: {db1: }
      vars: {size: 5, motd: "{{ inventory_hostname }}"}
    prod:
      children: {web: , db: }
`

describe('a YAML inventory', () => {
  const built = build(SITE)
  const { hosts, groups } = built.inventory

  test('is read without problems', () => {
    expect(built.problems).toEqual([])
    expect([...hosts.keys()]).toEqual(['lone', 'web01', 'web02', 'api', 'db1'])
  })

  test('puts each host into its groups and their parents', () => {
    expect(hosts.get('web01')?.groups).toEqual(['prod', 'web'])
    expect(hosts.get('db1')?.groups).toEqual(['db', 'prod'])
  })

  test('puts a host of all alone into ungrouped', () => {
    expect(hosts.get('lone')?.groups).toEqual(['ungrouped'])
    expect(groups.get('ungrouped')?.hosts).toEqual(['lone'])
  })

  test('counts the longest way down as depth', () => {
    expect(['all', 'prod', 'web', 'ungrouped'].map(name => groups.get(name)?.depth)).toEqual([0, 1, 2, 1])
  })

  test('gives the hosts of a group and of its children', () => {
    expect(groups.get('prod')?.hosts).toEqual(['web01', 'web02', 'api', 'db1'])
    expect(groups.get('all')?.hosts).toEqual(['lone', 'web01', 'web02', 'api', 'db1'])
  })

  test('gives variables of all, of groups and of the host, templates unrendered', () => {
    const db1 = built.inventory.variables('db1')
    expect([db1.get('ntp'), db1.get('size')]).toEqual(['pool', 5])
    expect(db1.get('motd')).toEqual(new Template('{{ inventory_hostname }}', at(13, 30)))
    expect(built.inventory.variables('web02').get('port')).toBe(80)
    expect(built.inventory.variables('web02').get('size')).toBeUndefined()
  })
})

test('a group may stand at the top, beside all', () => {
  const { inventory, problems } = build('web:\n  hosts: {w1: }\n')
  expect(problems).toEqual([])
  expect(inventory.groups.get('all')?.hosts).toEqual(['w1'])
})

test('one host may be plain text', () => {
  expect([...build('web:\n  hosts: w1\n').inventory.hosts.keys()]).toEqual(['w1'])
})

test('a JSON file is read as YAML is', () => {
  expect([...build('{"web": {"hosts": {"w1": {"port": 1}}}}', 'hosts.json').inventory.hosts.keys()]).toEqual([
    'w1',
  ])
})

test('a file without an ending that begins like YAML is YAML', () => {
  expect([...build('# c\nall:\n  hosts:\n    w1:\n', 'inventory/hosts').inventory.hosts.keys()]).toEqual([
    'w1',
  ])
})

test.each([
  ['a list of groups', '- web\n', 'INVENTORY_SHAPE', at(1, 1), /mapping of groups/],
  ['a section without a group', 'hosts:\n  w1:\n', 'INVENTORY_SHAPE', at(1, 1), /name of a group/],
  ['a group that is text', 'web: w1\n', 'INVENTORY_SHAPE', at(1, 1), /hosts, children or vars/],
  ['hosts as a list', 'web:\n  hosts:\n    - w1\n', 'INVENTORY_SHAPE', at(2, 3), /must be a mapping/],
  ['vars as a list', 'web:\n  vars: [1]\n', 'INVENTORY_SHAPE', at(2, 3), /"vars"/],
  ['host variables as a list', 'web:\n  hosts:\n    w1: [1]\n', 'INVENTORY_SHAPE', at(3, 5), /"w1"/],
  ['a misspelt key', 'web:\n  host:\n    w1:\n', 'INVENTORY_UNKNOWN_KEY', at(2, 3), /"host"/],
  ['a plugin', 'plugin: aws_ec2\n', 'INVENTORY_PLUGIN', at(1, 1), /aws_ec2 is not supported/],
  ['a broken range', 'web:\n  hosts:\n    w[3:1]:\n', 'INVENTORY_HOST_NAME', at(3, 5), /upwards/],
  [
    'a host below children',
    'a:\n  hosts: {w1: }\nb:\n  children:\n    w1:\n',
    'INVENTORY_CHILD_IS_HOST',
    at(5, 5),
    /"w1"/,
  ],
  ['a host named like a group', 'web:\n  hosts:\n    web:\n', 'INVENTORY_HOST_AND_GROUP', at(3, 5), /both/],
  [
    'a priority that is no number',
    'web:\n  vars:\n    ansible_group_priority: high\n',
    'INVENTORY_GROUP_PRIORITY',
    at(3, 5),
    /whole/,
  ],
  [
    'a variable that no template can use',
    'web:\n  vars:\n    my-var: 1\n',
    'INVENTORY_VARIABLE_NAME',
    at(3, 5),
    /"my-var"/,
  ],
  [
    'a variable that vpai gives',
    'web:\n  hosts:\n    w1: {groups: 1}\n',
    'INVENTORY_VARIABLE_RESERVED',
    at(3, 10),
    /"groups"/,
  ],
  ['broken YAML', 'web:\n\thosts:\n', 'YAML_SYNTAX', at(2, 1), /tab/i],
])('%s is told with its place', (_, source, code, position, message) => {
  const { problems } = build(source)
  expect(problems[0]).toMatchObject({ code, position })
  expect(problems[0]?.message).toMatch(message)
})

test('a misspelt key brings the right one to mind', () => {
  expect(build('web:\n  hsots: {w1: }\n').problems[0]?.hint).toContain('hosts')
})

test('all problems are told at once', () => {
  expect(codes(build('web:\n  host: {}\n  vars: 1\ndb: 5\n'))).toEqual([
    'INVENTORY_UNKNOWN_KEY',
    'INVENTORY_SHAPE',
    'INVENTORY_SHAPE',
  ])
})

test('groups that contain each other are told with the circle, and the rest still works', () => {
  const { inventory, problems } = build(
    'a:\n  children: {b: }\nb:\n  children: {c: }\nc:\n  children: {a: }\n  hosts: {h: }\n',
  )
  expect(problems).toEqual([expect.objectContaining({ code: 'INVENTORY_CYCLE', position: at(6, 14) })])
  expect(problems[0]?.message).toContain('a > b > c > a')
  expect(inventory.hosts.get('h')?.groups).toEqual(['a', 'b', 'c'])
})

test('all can be nobody’s child', () => {
  expect(codes(build('web:\n  children: {all: }\n'))).toEqual(['INVENTORY_CYCLE'])
})
