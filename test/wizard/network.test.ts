import { describe, expect, it } from 'vitest'
import { hasHostBits, isInside, overlaps, parseCidr, parseIp } from '../../src/wizard/network.ts'

describe('parseIp', () => {
  it.each([
    ['192.0.2.1', 4, 0xc0000201n],
    ['0.0.0.0', 4, 0n],
    ['::1', 6, 1n],
    ['2001:db8::', 6, 0x20010db8n << 96n],
    ['::ffff:192.0.2.1', 6, 0xffffc0000201n],
    ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n],
  ])('reads %s', (text, family, value) => {
    expect(parseIp(text)).toEqual({ family, value })
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '010.1.1.1',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    'g::1',
    '12345::',
    '::1.2.3',
  ])('refuses %j', text => {
    expect(parseIp(text)).toBeUndefined()
  })
})

describe('ranges', () => {
  it.each([
    ['10.0.0.0/24', 0x0a000000n, 0x0a0000ffn],
    ['10.0.0.9/24', 0x0a000000n, 0x0a0000ffn],
    ['192.0.2.1/32', 0xc0000201n, 0xc0000201n],
  ])('%s goes from first to last', (text, first, last) => {
    expect(parseCidr(text)).toEqual({ family: 4, first, last })
  })

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '::/129', '/8'])('%j is none', text => {
    expect(parseCidr(text)).toBeUndefined()
  })

  it.each([
    ['100.64.0.1', '100.64.0.0/10', true],
    ['100.127.255.255', '100.64.0.0/10', true],
    ['100.128.0.0', '100.64.0.0/10', false],
    ['100.64.0.0/9', '100.64.0.0/10', false],
    ['100.64.0.0/11', '100.64.0.0/10', true],
    ['::1', '0.0.0.0/0', false],
    ['x', '0.0.0.0/0', false],
  ])('%s inside %s: %s', (inner, outer, inside) => {
    expect(isInside(inner, outer)).toBe(inside)
  })

  it.each([
    ['172.20.1.0/24', '172.20.2.0/24', false],
    ['172.20.0.0/16', '172.20.2.0/24', true],
    ['172.20.2.0/24', '172.20.0.0/16', true],
    ['2001:db8::/32', '0.0.0.0/0', false],
  ])('%s and %s overlap: %s', (one, other, result) => {
    expect(overlaps(one, other)).toBe(result)
  })

  it('tells an address with a prefix from a range', () => {
    expect([hasHostBits('10.0.0.7/24'), hasHostBits('10.0.0.0/24')]).toEqual([true, false])
  })
})
