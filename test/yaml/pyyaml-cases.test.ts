import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readYaml } from '../../src/yaml/read-yaml.ts'
import { normalise, type PythonValue, toPython } from './python-value.ts'

interface Case {
  readonly text: string
  readonly is: PythonValue
}

const FIXTURE = new URL('../fixtures/pyyaml-cases.json', import.meta.url)
const cases = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Case[]

/** Where vpai is wiser or milder than PyYAML, and the one spelling it refuses. */
const DIFFERENT: Readonly<Record<string, PythonValue>> = {
  '=': { t: 'str', v: '=' },
  '<<': { t: 'str', v: '<<' },
  'k: <<\n': map(['k', '<<']),
  'x: [<<, a]\n': { t: 'map', v: [[text('x'), { t: 'list', v: [text('<<'), text('a')] }]] },
  '...': { t: 'null' },
  '...\n': { t: 'null' },
  '{\n\t"a": 1\n}\n': { t: 'map', v: [[text('a'), { t: 'int', v: '1' }]] },
  "a: !unsafe '{{ x }}'\n": map(['a', '{{ x }}']),
  'a: \u0085b\n': map(['a', '\u0085b']),
  'a: x\ty\n': map(['a', 'x\ty']),
  'a:\tx\n': map(['a', 'x']),
  '-\ta\n': { t: 'list', v: [text('a')] },
  'a: x\t\n': map(['a', 'x']),
  'a: x \t# c\n': map(['a', 'x']),
  'a: &x b\nc: &x d\ne: *x\n': map(['a', 'b'], ['c', 'd'], ['e', 'd']),
  'a: [\n1,\n2\n]\n': { t: 'error' },
  'a: !!binary aGk=\n': { t: 'error' },
  'a: !!set {x, y}\n': { t: 'error' },
  'a: !!omap [x: 1]\n': { t: 'error' },
}

test('the fixture holds enough cases, and each known difference is one of them', () => {
  expect(cases.length).toBeGreaterThanOrEqual(250)
  expect(Object.keys(DIFFERENT).filter(known => !cases.some(({ text }) => text === known))).toEqual([])
})

test.each(cases)('$text reads as PyYAML reads it', ({ text, is }) => {
  expect(read(text)).toEqual(DIFFERENT[text] ?? (is.t === 'error' ? { t: 'error' } : normalise(is)))
})

function read(text: string): PythonValue {
  const { value, problems } = readYaml(text, { file: 'case.yml', templates: false })
  return problems.some(({ severity }) => severity !== 'warning') ? { t: 'error' } : toPython(value)
}

function text(v: string): PythonValue {
  return { t: 'str', v }
}

function map(...entries: [string, string][]): PythonValue {
  return { t: 'map', v: entries.map(([key, value]) => [text(key), text(value)]) }
}
