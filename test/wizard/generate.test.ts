import { describe, expect, it } from 'vitest'
import { generateSecret } from '../../src/wizard/generate.ts'
import { alphanumeric, hex, strong } from '../../src/wizard/variable.ts'
import { aRandom } from './a-wizard.ts'

describe('generateSecret', () => {
  it.each([
    ['letters and digits', alphanumeric(32), /^[A-Za-z0-9]{32}$/],
    ['hex digits', hex(64), /^[0-9a-f]{64}$/],
    ['an odd number of hex digits', hex(7), /^[0-9a-f]{7}$/],
    ['hex digits behind a prefix', hex(48, 'sk-'), /^sk-[0-9a-f]{48}$/],
    ['letters of all kinds', strong(4), /^(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9]{4}$/],
  ])('makes %s', (_, recipe, form) => {
    const random = aRandom()
    for (let turn = 0; turn < 50; turn += 1)
      expect(generateSecret(recipe, random, 'x').reveal()).toMatch(form)
  })

  it('favours no letter: bytes beyond the last whole round are not used', () => {
    const bytes = [255, 254, 253, 252, 251, 250, 249, 248, 247, 0, 61, 62]
    const random = { bytes: (count: number) => Uint8Array.from({ length: count }, () => bytes.shift() ?? 0) }
    expect(generateSecret(alphanumeric(4), random, 'x').reveal()).toBe('9A9A')
  })

  it('names the secret after its variable', () => {
    expect(generateSecret(hex(8), aRandom(), 'redis_password').name).toBe('redis_password')
  })
})
