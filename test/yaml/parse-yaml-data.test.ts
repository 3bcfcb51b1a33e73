import { expect, test } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import { parseAllYamlData, parseYamlData } from '../../src/yaml/parse-yaml-data.ts'
import { Timestamp } from '../../src/yaml/timestamp.ts'

test('data is read without templates', () => {
  expect(parseYamlData('a: "{{ x }}"\nb: [yes, 1]')).toEqual({ a: '{{ x }}', b: [true, 1] })
})

test('a stream gives every document', () => {
  expect(parseAllYamlData('a: 1\n---\nb: 2')).toEqual([{ a: 1 }, { b: 2 }])
})

test('text that is no YAML throws the problem with its line', () => {
  expect(() => parseYamlData('a: 1\nb: [')).toThrow(VpaiError)
  expect(() => parseYamlData('a: 1\nb: [')).toThrow(/line 2/)
})

test('a key given twice does not throw', () => {
  expect(parseYamlData('a: 1\na: 2')).toEqual({ a: 2 })
})

test.each([
  ['2026-11-21', '2026-11-21', '2026-11-21', '2026-11-21T00:00:00.000Z'],
  ['2026-11-21 06:30:00', '2026-11-21 06:30:00', '2026-11-21T06:30:00', '2026-11-21T06:30:00.000Z'],
  [
    '2026-11-21T06:30:00.25+02:00',
    '2026-11-21 06:30:00.250000+02:00',
    '2026-11-21T06:30:00.250000+02:00',
    '2026-11-21T04:30:00.250Z',
  ],
])('%s is a Date that prints as Python does', (text, printed, json, instant) => {
  const value = parseYamlData(text)
  expect(value).toBeInstanceOf(Timestamp)
  expect(`${value}`).toBe(printed)
  expect(JSON.stringify(value)).toBe(JSON.stringify(json))
  expect((value as Timestamp).toISOString()).toBe(instant)
})
