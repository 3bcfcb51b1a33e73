import { describe, expect, test } from 'vitest'
import { PyFloat, Template } from '../../src/base/value.ts'
import { parsePythonLiteral } from '../../src/inventory/python-literal.ts'
import { splitWords } from '../../src/inventory/split-words.ts'
import { at, build } from './build.ts'

const INI = `
# before any section
lone ansible_host=192.0.2.1   # comment
[web]
web[1:2].x:2222 http_port=80 note="two words" on=True
[2001:db8::1]:22 v6=yes
[db]
db1
[db:vars]
size = 5
motd = hello {{ inventory_hostname }} # kept
[prod:children]
web
db
`

describe('an INI inventory', () => {
  const { inventory, problems } = build(INI, 'hosts')

  test('is read without problems', () => {
    expect(problems).toEqual([])
    expect([...inventory.hosts.keys()]).toEqual(['lone', 'web1.x', 'web2.x', '2001:db8::1', 'db1'])
    expect(inventory.hosts.get('db1')?.groups).toEqual(['db', 'prod'])
    expect(inventory.hosts.get('lone')?.groups).toEqual(['ungrouped'])
  })

  test('reads Python literals, and everything else as text', () => {
    const scope = inventory.variables('web2.x')
    expect(['ansible_port', 'http_port', 'note', 'on'].map(scope.get)).toEqual([2222, 80, 'two words', true])
    expect(inventory.variables('2001:db8::1').get('v6')).toBe('yes')
  })

  test('reads group variables to the end of the line, as templates where they are', () => {
    const scope = inventory.variables('db1')
    expect(scope.get('size')).toBe(5)
    expect(scope.get('motd')).toEqual(
      new Template('hello {{ inventory_hostname }} # kept', at(11, 1, 'hosts')),
    )
  })

  test('knows where each variable stands', () => {
    const layers = inventory.hostLayers('web1.x')
    expect(layers.at(-1)?.positionOf?.('note')).toEqual(at(5, 30, 'hosts'))
  })
})

test.each([
  [
    'an unknown child',
    '[a:children]\nwbe\n[web]\nw1\n',
    'INVENTORY_UNKNOWN_GROUP',
    at(2, 1, 'hosts'),
    /"wbe"/,
  ],
  [
    'variables of an unknown group',
    '[webs:vars]\na=1\n',
    'INVENTORY_UNKNOWN_GROUP',
    at(1, 1, 'hosts'),
    /"webs"/,
  ],
  [
    'an unknown kind of section',
    '[web:childern]\na\n',
    'INVENTORY_UNKNOWN_KEY',
    at(1, 1, 'hosts'),
    /childern/,
  ],
  ['a word that is no variable', '[web]\nw1 oops\n', 'INVENTORY_SHAPE', at(2, 4, 'hosts'), /"oops"/],
  ['a line of vars without =', '[all:vars]\noops\n', 'INVENTORY_SHAPE', at(2, 1, 'hosts'), /"oops"/],
  ['an open quote', '[web]\nw1 a="b\n', 'INVENTORY_SHAPE', at(2, 1, 'hosts'), /quote/],
])('%s is told with its place', (_, source, code, position, message) => {
  const { problems } = build(source, 'hosts')
  expect(problems).toEqual([expect.objectContaining({ code, position })])
  expect(problems[0]?.message).toMatch(message)
})

test.each([
  ['80', 80],
  ['-5', -5],
  ['+5', 5],
  ['1_000', 1000],
  ['0x1f', 31],
  ['0o17', 15],
  ['3.0', new PyFloat(3)],
  ['.5', 0.5],
  ['1e3', new PyFloat(1000)],
  ['123456789012345678901', 123456789012345678901n],
  ['True', true],
  ['None', null],
  ['"a\\n\\x41"', 'a\nA'],
  ["'it\\'s'", "it's"],
  ["['a', 1, [2,],]", ['a', 1, [2]]],
  ["('a', 1)", ['a', 1]],
  ['(1)', 1],
  ['(1,)', [1]],
  ['()', []],
  ["{'a': {'b': 1}}", { a: { b: 1 } }],
  ['5 # five', 5],
])('%s is a Python literal', (text, value) => {
  expect(parsePythonLiteral(text)).toEqual({ value })
})

test.each([
  'true',
  'yes',
  '0644',
  '10.0.0.1',
  '1abc',
  'a b',
  '[a]',
  '"a" b',
  '{',
  '',
  '1__0',
  '5_',
  'Trueish',
  "'open",
])('%s is text', text => {
  expect(parsePythonLiteral(text)).toBeUndefined()
})

test.each([
  ['a b  c', ['a', 'b', 'c']],
  ['a="b c" d', ['a=b c', 'd']],
  [`a='b "c"'`, ['a=b "c"']],
  ['a="b \\"c\\" \\d"', ['a=b "c" \\d']],
  ['a\\ b', ['a b']],
  ['a # b', ['a']],
  ['a="#b"', ['a=#b']],
])('%s is split like a shell line', (line, words) => {
  const split = splitWords(line)
  expect('error' in split ? split : split.map(({ text }) => text)).toEqual(words)
})
