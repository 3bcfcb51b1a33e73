import { describe, expect, test } from 'vitest'
import { matchHosts, splitPattern } from '../../src/inventory/pattern.ts'
import { build } from './build.ts'

const { inventory } = build(`
web: {hosts: {"web[1:4].x": }}
db: {hosts: {db1: , db2: }}
prod: {children: {web: , db: }}
lab: {hosts: {pi: , web4.x: }}
empty: {}
`)
const web = ['web1.x', 'web2.x', 'web3.x', 'web4.x']

test.each([
  ['all', ['pi', 'web4.x', 'web1.x', 'web2.x', 'web3.x', 'db1', 'db2']],
  ['*', ['pi', 'web4.x', 'web1.x', 'web2.x', 'web3.x', 'db1', 'db2']],
  ['web', web],
  ['prod', [...web, 'db1', 'db2']],
  ['db1', ['db1']],
  ['db,pi', ['db1', 'db2', 'pi']],
  ['db:pi', ['db1', 'db2', 'pi']],
  ['pi:db', ['pi', 'db1', 'db2']],
  ['web:!lab', ['web1.x', 'web2.x', 'web3.x']],
  ['!lab:web', ['web1.x', 'web2.x', 'web3.x']],
  ['web:&lab', ['web4.x']],
  ['web:db:&prod:!db2', [...web, 'db1']],
  ['!web', ['pi', 'db1', 'db2']],
  ['&lab', ['pi', 'web4.x']],
  ['web*.x', web],
  ['*.x', web],
  ['db?', ['db1', 'db2']],
  ['db[!2]', ['db1']],
  ['w*', web],
  ['web[0]', ['web1.x']],
  ['web[-1]', ['web4.x']],
  ['web[0:2]', ['web1.x', 'web2.x', 'web3.x']],
  ['web[1:]', ['web2.x', 'web3.x', 'web4.x']],
  ['web[1-2]', ['web2.x', 'web3.x']],
  ['web[9]', []],
  ['~web[12]\\.x', ['web1.x', 'web2.x']],
  ['~(?P<kind>db|pi)\\d?$', ['db1', 'db2', 'pi']],
  ['empty', []],
  ['localhost', ['localhost']],
  ['', []],
])('%s gives its hosts', (pattern, hosts) => {
  expect(matchHosts(inventory, pattern)).toEqual({ hosts, problems: [] })
})

test('a dot in a glob is a dot', () => {
  expect(matchHosts(inventory, 'web1?x').hosts).toEqual(['web1.x'])
  expect(matchHosts(build('all: {hosts: {webax: }}').inventory, 'web*.x').hosts).toEqual([])
})

test.each([
  ['2001:db8::1', ['2001:db8::1']],
  ['::1', ['::1']],
  ['web[0:2]:db', ['web[0:2]', 'db']],
  ['a, b ,c', ['a', 'b', 'c']],
  ['a,::1', ['a', '::1']],
  ['ab:cd', ['ab', 'cd']],
])('%s is split into its parts', (pattern, parts) => {
  expect(splitPattern(pattern)).toEqual(parts)
})

describe('a limit', () => {
  test('keeps the hosts that it names', () => {
    expect(matchHosts(inventory, 'prod', 'lab,db1').hosts).toEqual(['web4.x', 'db1'])
  })

  test('that names nobody is an error, where a pattern is only warned of', () => {
    expect(matchHosts(inventory, 'wbe').problems).toEqual([
      {
        code: 'INVENTORY_NO_MATCH',
        message: expect.stringContaining('"wbe"'),
        hint: 'Did you mean web?',
        severity: 'warning',
      },
    ])
    expect(matchHosts(inventory, 'web', 'db11').problems[0]).toMatchObject({
      severity: 'error',
      hint: 'Did you mean db1?',
    })
  })
})

test.each([
  ['~(', /no regular expression/],
  ['@hosts.txt', /--limit/],
])('%s is refused', (pattern, message) => {
  const { hosts, problems } = matchHosts(inventory, pattern)
  expect([hosts, problems[0]?.code]).toEqual([[], 'INVENTORY_BAD_PATTERN'])
  expect(problems[0]?.message).toMatch(message)
})

describe('localhost', () => {
  test('exists without being written down, has the variables of all, and is not part of all', () => {
    const { inventory } = build('all: {vars: {a: 1}, hosts: {h: }}')
    expect(inventory.host('localhost')).toMatchObject({ isImplicit: true, groups: [] })
    expect(inventory.variables('localhost').get('ansible_connection')).toBe('local')
    expect(inventory.variables('localhost').get('a')).toBe(1)
    expect(matchHosts(inventory, 'all').hosts).toEqual(['h'])
  })

  test('that is written down is a host like any other', () => {
    const { inventory } = build('all: {hosts: {localhost: {a: 1}}}')
    expect(inventory.variables('localhost').get('ansible_connection')).toBeUndefined()
    expect(matchHosts(inventory, 'all').hosts).toEqual(['localhost'])
    expect(inventory.host('127.0.0.1')).toBeUndefined()
  })
})
