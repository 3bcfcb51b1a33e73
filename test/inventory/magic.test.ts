import { expect, test } from 'vitest'
import { hostMagic } from '../../src/inventory/magic.ts'
import { build } from './build.ts'

const { inventory } = build(
  'web: {hosts: {web1.example.com: , 192.0.2.1: }}\nlone: {}\n',
  'inventory/hosts.yml',
)

test('a host knows itself, its groups and its inventory', () => {
  expect(hostMagic(inventory, inventory.host('web1.example.com')!, '/srv/project')).toEqual({
    inventory_hostname: 'web1.example.com',
    inventory_hostname_short: 'web1',
    group_names: ['web'],
    groups: {
      all: ['web1.example.com', '192.0.2.1'],
      ungrouped: [],
      web: ['web1.example.com', '192.0.2.1'],
      lone: [],
    },
    inventory_file: '/srv/project/inventory/hosts.yml',
    inventory_dir: '/srv/project/inventory',
  })
})

test('an address has no short form', () => {
  expect(hostMagic(inventory, inventory.host('192.0.2.1')!, '/').inventory_hostname_short).toBe('192.0.2.1')
})

test('localhost that no inventory names has no inventory file', () => {
  expect(hostMagic(inventory, inventory.host('localhost')!, '/p')).toMatchObject({
    inventory_file: null,
    inventory_dir: null,
  })
})
