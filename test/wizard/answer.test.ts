import { describe, expect, it } from 'vitest'
import { answerText, parseAnswer } from '../../src/wizard/answer.ts'
import { dnsLabel, ipAddress } from '../../src/wizard/checks.ts'
import type { Answer, Check, Variable, VariableType } from '../../src/wizard/variable.ts'

const NOTHING = { systems: [], get: () => undefined }

function aVariable(type: VariableType, overrides: Partial<Variable> = {}): Variable {
  return { name: 'x', type, title: 'X', theme: 'T', step: 'hosts', systems: ['vpai'], ...overrides }
}

const parse = (type: VariableType, raw: Answer, overrides: Partial<Variable> = {}) =>
  parseAnswer(aVariable(type, overrides), raw, NOTHING)

describe('parseAnswer', () => {
  it.each<[VariableType, Answer, Answer]>([
    ['str', ' text ', 'text'],
    ['str', 6.2, '6.2'],
    ['int', '804', 804],
    ['int', -1001, -1001],
    ['float', '0.75', 0.75],
    ['float', 5, 5],
    ['bool', 'yes', true],
    ['bool', false, false],
    ['list', 'a, b,, c', ['a', 'b', 'c']],
    ['list', ['a', 1], ['a', '1']],
    ['map', 'a=1, b = two words', { a: '1', b: 'two words' }],
    ['map', ['a=1'], { a: '1' }],
    ['map', { a: 'x' }, { a: 'x' }],
    ['int', '', null],
    ['list', null, []],
    ['map', '', {}],
    ['str', null, ''],
  ])('takes for %s the answer %j', (type, raw, value) => {
    expect(parse(type, raw)).toEqual({ value })
  })

  it.each<[VariableType, Answer, string]>([
    ['str', true, 'must be a text'],
    ['str', 'two\nlines', 'must be one line'],
    ['int', '1.5', 'must be a whole number'],
    ['int', '0x10', 'must be a whole number'],
    ['int', true, 'must be a whole number'],
    ['float', 'x', 'must be a number'],
    ['bool', 'maybe', 'must be yes or no'],
    ['bool', 1, 'must be yes or no'],
    ['list', { a: 1 }, 'must be a list'],
    ['list', [['a']], 'must be a list of texts'],
    ['map', 'a', 'must be name=value pairs'],
    ['map', { 'a.b': 'x' }, 'holds the name "a.b"; a name may not hold a dot'],
  ])('refuses for %s the answer %j', (type, raw, objection) => {
    expect(parse(type, raw)).toEqual({ objection })
  })

  it.each<
    [
      string,
      VariableType,
      Answer,
      { check?: Check; range?: readonly [number, number]; choices?: readonly string[] },
      string,
    ]
  >([
    ['a bound', 'int', 0, { range: [1, 9] }, 'must be from 1 to 9'],
    ['a choice', 'enum', 'c', { choices: ['a', 'b'] }, 'must be one of a, b'],
    [
      'a check',
      'str',
      'A',
      { check: dnsLabel },
      'must be one part of a host name: small letters, digits and inner dashes, at most 63',
    ],
    [
      'a check of each item',
      'list',
      ['192.0.2.1', 'x'],
      { check: ipAddress },
      'holds "x", which must be an IPv4 or IPv6 address',
    ],
    [
      'a check of each value',
      'map',
      { a: 'x' },
      { check: ipAddress },
      'gives a a value that must be an IPv4 or IPv6 address',
    ],
  ])('holds it against %s', (_, type, raw, overrides, objection) => {
    expect(parse(type, raw, overrides)).toEqual({ objection })
  })

  it('keeps a secret exactly, blanks and line ends too', () => {
    expect(parse('str', ' a\nb ', { secret: true })).toEqual({ value: ' a\nb ' })
  })
})

describe('answerText', () => {
  it.each<[Answer, string]>([
    [null, ''],
    [['a', 'b'], 'a, b'],
    [{ a: 1, b: 'c' }, 'a=1, b=c'],
    [0.5, '0.5'],
  ])('writes %j as one line', (value, text) => {
    expect(answerText(value)).toBe(text)
  })
})
