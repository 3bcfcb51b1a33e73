import { describe, expect, it } from 'vitest'
import { specErrors } from '../../src/base/argument-spec.ts'
import type { Dict, Value } from '../../src/base/value.ts'
import { PyFloat } from '../../src/base/value.ts'

function errorsOf(option: Dict, value: Value): string[] {
  return specErrors({ one: option }, { one: value })
}

describe('a type', () => {
  it.each<[string, readonly Value[], readonly Value[]]>([
    ['str', ['text', 3, true, ['a']], []],
    ['int', [3, '3', ' -3 ', true, new PyFloat(3)], ['three', 3.5, '3.5', [], {}]],
    ['float', [3, 3.5, '3.5', new PyFloat(3)], ['three', [], {}]],
    ['bool', [true, 'yes', 'Off', 0, '1'], ['maybe', 2, [], {}]],
    ['list', [[], 'a,b', 'a', 3], [{}]],
    ['dict', [{}, '{"a": 1}', 'a=1 b=2'], ['text', 3, [], '{broken']],
    ['path', ['/etc', 3], []],
    ['raw', ['a', 1, [], {}], []],
    ['json', ['{}', {}, []], [3]],
    ['bytes', ['1M', '10', 5, '1.5 GB'], ['much']],
  ])('%s takes %j and refuses %j', (type, fine, wrong) => {
    for (const value of fine) expect([value, errorsOf({ type }, value)]).toEqual([value, []])
    for (const value of wrong)
      expect([value, errorsOf({ type }, value)]).toEqual([value, [expect.any(String)]])
  })

  it('is told as Ansible tells it', () => {
    expect(errorsOf({ type: 'int' }, 'three')).toEqual([
      "argument 'one' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int",
    ])
  })

  it('of elements holds for each of them', () => {
    expect(errorsOf({ type: 'list', elements: 'int' }, [1, '2', 'x'])).toEqual([
      "Elements value for option 'one' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int",
    ])
  })

  it('does not hold for null', () => {
    expect(errorsOf({ type: 'int' }, null)).toEqual([])
  })
})

it('required options that are missing are told together', () => {
  const spec = { b: { required: true }, a: { required: true }, c: {}, d: { required: true, aliases: ['dd'] } }
  expect(specErrors(spec, { dd: 1 })).toEqual(['missing required arguments: a, b'])
})

describe('choices', () => {
  it('hold for a value and for each of a list', () => {
    const option = { choices: ['a', 'b'] }
    expect(errorsOf(option, 'a')).toEqual([])
    expect(errorsOf(option, 'c')).toEqual(['value of one must be one of: a, b, got: c'])
    expect(errorsOf({ ...option, type: 'list' }, ['a', 'c', 'd'])).toEqual([
      'value of one must be one or more of: a, b. Got no match for: c, d',
    ])
  })

  it('may be words that YAML reads as booleans', () => {
    expect(errorsOf({ choices: ['no', 'maybe'] }, false)).toEqual([])
    expect(errorsOf({ type: 'int', choices: [1, 2] }, '2')).toEqual([])
  })
})

describe('options of a mapping', () => {
  const users = {
    type: 'list',
    elements: 'dict',
    options: { name: { required: true }, id: { type: 'int' }, more: { type: 'dict', options: { x: {} } } },
  }

  it('hold for every one of a list, and no others are known', () => {
    expect(
      errorsOf(users, [{ name: 'a', id: 1 }, { id: 'x' }, { name: 'c', nmae: 'd', more: { y: 1 } }]),
    ).toEqual([
      'missing required arguments: name found in one',
      "argument 'id' is of type <class 'str'> found in 'one'. and we were unable to convert to int: <class 'str'> cannot be converted to an int",
      'one.more.y. Supported parameters include: x.',
      'one.nmae. Supported parameters include: id, more, name.',
    ])
  })

  it('are missing in an empty one, and left alone where there is none', () => {
    const option = { type: 'dict', options: { name: { required: true } } }
    expect(errorsOf(option, {})).toEqual(['missing required arguments: name found in one'])
    expect(specErrors({ one: option }, {})).toEqual([])
    expect(specErrors({ one: { ...option, apply_defaults: true } }, {})).toHaveLength(1)
  })
})
