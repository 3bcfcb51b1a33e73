import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import { planText, readPlan, verifyPlan } from '../../src/saved-plan/document.ts'
import { planKey } from '../../src/saved-plan/plan-key.ts'
import { aKey, aPlan, SALT } from './plan.ts'

const KEY = aKey()
const TEXT = planText(aPlan(KEY), KEY)
const BYTES = Buffer.from(TEXT, 'utf8')

function opened(bytes: Uint8Array, key = KEY): string {
  try {
    const read = readPlan(bytes, 'p.json')
    verifyPlan(read, key)
    return 'fine'
  } catch (error) {
    if (error instanceof VpaiError) return error.code
    throw error
  }
}

describe('a saved plan', () => {
  it('comes back as it was written', () => {
    const read = readPlan(BYTES, 'p.json')
    verifyPlan(read, KEY)
    expect(read.body).toEqual(aPlan(KEY))
  })

  it('is refused when any one of its bytes is another', () => {
    const wrong = [...BYTES.keys()].filter(at => {
      const bytes = Buffer.from(BYTES)
      bytes[at] = (bytes[at] ?? 0) ^ 1
      return opened(bytes) === 'fine'
    })
    expect(wrong).toEqual([])
  })

  it('is refused when bytes are put in, taken out or replaced', () => {
    const at = fc.nat(BYTES.length)
    fc.assert(
      fc.property(at, fc.nat(40), fc.uint8Array({ maxLength: 40 }), (from, length, put) => {
        const bytes = Buffer.concat([BYTES.subarray(0, from), put, BYTES.subarray(from + length)])
        fc.pre(!bytes.equals(BYTES))
        expect(opened(bytes)).not.toBe('fine')
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['another order', JSON.stringify({ signature: '', ...JSON.parse(TEXT) }, null, 1)],
    ['blanks', JSON.stringify(JSON.parse(TEXT))],
    ['a field twice', TEXT.replace('"version"', '"version": 1,\n "version"')],
    ['a field more', TEXT.replace('{\n', '{\n "more": 1,\n')],
    ['no JSON', 'x'],
    ['nothing', ''],
    ['a list', '[]\n'],
  ])('with %s is none', (_what, text) => {
    expect(opened(Buffer.from(text))).toMatch(/^PLAN_(FORMAT|CHANGED)$/)
  })

  it('of another version of the format is refused as such', () => {
    const later = TEXT.replace('"version": 1', '"version": 2')
    expect(opened(Buffer.from(later))).toBe('PLAN_FORMAT_VERSION')
  })

  it('of another key is refused as such, also when the name of the key is changed', () => {
    const other = aKey()
    expect(opened(BYTES, other)).toBe('PLAN_OTHER_KEY')
    expect(opened(Buffer.from(TEXT.replace(KEY.id, other.id)), other)).toBe('PLAN_CHANGED')
  })

  it('signed by hand with another key under this name is refused', () => {
    const other = aKey()
    const forged = planText(aPlan(KEY), { ...other, id: KEY.id })
    expect(opened(Buffer.from(forged))).toBe('PLAN_CHANGED')
  })
})

describe('planKey', () => {
  it('refuses what is no Ed25519 key without quoting it', () => {
    expect(() => planKey(new Secret('no key', 'vpai_signing_key'), SALT)).toThrow(/^vpai_signing_key in the/)
  })

  it('keeps parts of a digest apart, and plans by their salt', () => {
    expect(KEY.digest('ab', 'c')).not.toBe(KEY.digest('a', 'bc'))
    expect(KEY.digest('ab')).toBe(KEY.digest(Buffer.from('ab')))
    expect(aKey().digest('ab')).not.toBe(KEY.digest('ab'))
  })
})
