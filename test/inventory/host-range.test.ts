import { expect, test } from 'vitest'
import { expandHosts } from '../../src/inventory/host-range.ts'

test.each([
  ['web1', ['web1'], undefined],
  ['web1:2222', ['web1'], 2222],
  ['web[1:3]', ['web1', 'web2', 'web3'], undefined],
  ['web[01:03].x', ['web01.x', 'web02.x', 'web03.x'], undefined],
  ['web[08:10]', ['web08', 'web09', 'web10'], undefined],
  ['web[1:5:2]', ['web1', 'web3', 'web5'], undefined],
  ['web[:2]', ['web0', 'web1', 'web2'], undefined],
  ['[a:c]', ['a', 'b', 'c'], undefined],
  ['x[A:B][1:2]:22', ['xA1', 'xA2', 'xB1', 'xB2'], 22],
  ['[1:3:2]', ['1', '3'], undefined],
  ['192.0.2.[1:2]', ['192.0.2.1', '192.0.2.2'], undefined],
  ['2001:db8::1', ['2001:db8::1'], undefined],
  ['::1', ['::1'], undefined],
  ['[2001:db8::1]:22', ['2001:db8::1'], 22],
  ['user@host', ['user@host'], undefined],
])('%s gives its hosts', (pattern, names, port) => {
  expect(expandHosts(pattern)).toEqual({ names, port })
})

test.each([
  ['', /needs a name/],
  ['a b', /spaces/],
  ['a,b', /commas/],
  ['web[1:', /not closed/],
  ['web[1]', /form/],
  ['web[1:2:3:4]', /form/],
  ['web[3:1]', /upwards/],
  ['web[01:100]', /same length/],
  ['web[a:3]', /from number to number/],
  ['web[a:C]', /one case/],
  ['web[1:9:0]', /step/],
  ['web[1:999999]', /at most/],
  ['web[1:9999][1:9999]', /at most/],
])('%j is refused', (pattern, message) => {
  expect(expandHosts(pattern)).toEqual(expect.objectContaining({ error: expect.stringMatching(message) }))
})
