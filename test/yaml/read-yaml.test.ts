import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PyFloat, Template } from '../../src/base/value.ts'
import { readYaml, readYamlDocuments, type YamlDocument } from '../../src/yaml/read-yaml.ts'

const read = (text: string): YamlDocument => readYaml(text, { file: 'site.yml', templates: true })
const codes = (document: YamlDocument): string[] => document.problems.map(({ code }) => code)
const at = (line: number, column: number) => ({ file: 'site.yml', line, column })

describe('values', () => {
  test('text with template syntax becomes a template that knows its place', () => {
    const { value } = read(
      'a: x\nb: "{{ a }}"\nc:\n  - {% if a %}1{% endif %} {{ a }}\n'.replace('{%', 'x {%'),
    )
    expect(value).toEqual({
      a: 'x',
      b: new Template('{{ a }}', at(2, 5)),
      c: [new Template('x {% if a %}1{% endif %} {{ a }}', at(4, 5))],
    })
  })

  test.each([
    ['literal', 'a: |\n  one\n  {{ x }}\n', 'one\n{{ x }}\n', at(2, 3)],
    ['folded', 'k:\n  a: >-\n\n    {{ x }}\n    two\n', '\n{{ x }} two', at(4, 5)],
  ])('a template in a %s block points at its first line', (_, source, text, position) => {
    const { value } = read(source)
    const holder = value as { a?: unknown; k?: { a: unknown } }
    expect(holder.a ?? holder.k?.a).toEqual(new Template(text, position))
  })

  test('data is never a template', () => {
    expect(readYaml('a: "{{ x }}"', { file: 'x', templates: false }).value).toEqual({ a: '{{ x }}' })
  })

  test('keys are never templates', () => {
    expect(read('"{{ x }}": 1').value).toEqual({ '{{ x }}': 1 })
  })

  test.each([
    ['a scalar', 'a: !unsafe "{{ x }}"', { a: '{{ x }}' }],
    ['a number', 'a: !unsafe 12', { a: '12' }],
    ['a block', 'a: !unsafe |\n  {{ x }}\n', { a: '{{ x }}\n' }],
    ['a list', 'a: !unsafe ["{{ x }}", {k: "{{ y }}"}]', { a: ['{{ x }}', { k: '{{ y }}' }] }],
    [
      'an alias below it',
      'x: &x "{{ v }}"\na: !unsafe [*x]',
      { x: new Template('{{ v }}', at(1, 8)), a: ['{{ v }}'] },
    ],
  ])('!unsafe keeps %s as text', (_, source, value) => {
    expect(read(source)).toMatchObject({ value, problems: [] })
  })

  test('an alias of text that is kept as text is text too', () => {
    expect(read('a: !unsafe [&x "{{ v }}"]\nb: *x').value).toEqual({ a: ['{{ v }}'], b: '{{ v }}' })
  })

  test('floats stay floats, and keys keep their order', () => {
    expect(read('a: 3.0\nb: 3').value).toEqual({ a: new PyFloat(3), b: 3 })
    expect([...(read('10: a\n9: b').value as Map<unknown, unknown>)]).toEqual([
      [10, 'a'],
      [9, 'b'],
    ])
  })

  test('__proto__ is a key like any other', () => {
    expect(read('__proto__: {admin: true}').value).toEqual(new Map([['__proto__', { admin: true }]]))
  })
})

describe('problems', () => {
  test.each([
    ['a tab as indentation', 'a:\n\tb: 1\n', 'YAML_SYNTAX', at(2, 1), /tab/i],
    ['an unquoted template', 'a: {{ b }}\n', 'YAML_KEY_UNSUPPORTED', at(1, 5), /in quotes/],
    ['an unquoted template with more', 'a: {{ b }}/c\n', 'YAML_SYNTAX', at(1, 11), /in quotes/],
    ['a second colon', 'a: b: c\n', 'YAML_SYNTAX', at(1, 4), /second ": "/],
    ['an open quote', "a: 'b\n", 'YAML_SYNTAX', at(2, 1), /quote/],
    ['an open quote after an escaped one', "a: 'it''", 'YAML_SYNTAX', at(1, 4), /never closed/],
    ['an open double quote', 'a: "b\\"', 'YAML_SYNTAX', at(1, 4), /never closed/],
    [
      'an encrypted value',
      'a: !vault |\n  $ANSIBLE_VAULT\n',
      'YAML_VAULT_UNSUPPORTED',
      at(1, 11),
      /ansible-vault/,
    ],
    ['an unknown tag', 'a: !env HOME\n', 'YAML_UNKNOWN_TAG', at(1, 9), /!env/],
    ['an unknown tag on a list', 'a: !env [x]\n', 'YAML_UNKNOWN_TAG', at(1, 9), /!env/],
    ['an unknown alias', 'a: *b\n', 'YAML_UNKNOWN_ALIAS', at(1, 4), /&b/],
    ['a value inside itself', 'a: &a [*a]\n', 'YAML_RECURSIVE', at(1, 8), /inside/],
    ['a list as a key', '[a]: b\n', 'YAML_KEY_UNSUPPORTED', at(1, 1), /cannot be a key/],
    ['a missing key', ': b\n', 'YAML_KEY_MISSING', at(1, 1), /no key/],
    ['a wrong merge', 'a:\n  <<: 5\n', 'YAML_BAD_MERGE', at(2, 3), /<</],
    ['a date no calendar has', 'a: 2026-02-30\n', 'YAML_BAD_VALUE', at(1, 4), /2026-02-30/],
    ['a number that is too long', `a: ${'9'.repeat(5000)}`, 'YAML_BAD_VALUE', at(1, 4), /whole number/],
    ['a control character', 'a: 1\nb: \x07\n', 'YAML_CONTROL_CHARACTER', at(2, 4), /U\+0007/],
    ['a second document', 'a: 1\n---\nb: 2\n', 'YAML_SEVERAL_DOCUMENTS', at(3, 1), /second document/],
    ['a line that begins with %', '%x: a\n', 'YAML_SYNTAX', at(1, 1), /./],
  ])('%s is told with its place', (_, source, code, position, message) => {
    const [problem] = read(source).problems
    expect(problem).toMatchObject({ code, position })
    expect(problem?.message).toMatch(message)
  })

  test('a value that cannot be read is null, and the others are kept', () => {
    expect(read('a: !vault x\nb: !nope y\nc: 1\n')).toMatchObject({ value: { a: null, b: null, c: 1 } })
    expect(codes(read('a: !vault x\nb: !nope y\n'))).toEqual(['YAML_VAULT_UNSUPPORTED', 'YAML_UNKNOWN_TAG'])
  })

  test('a key given twice is a warning that names both lines, and the last wins', () => {
    const document = read('a: 1\nb: 2\na: 3\n')
    expect(document.value).toEqual({ a: 3, b: 2 })
    expect(document.problems).toEqual([
      expect.objectContaining({ code: 'YAML_DUPLICATE_KEY', severity: 'warning', position: at(3, 1) }),
    ])
    expect(document.problems[0]?.message).toContain('line 1')
  })

  test('a key that overrides a merged one is no duplicate', () => {
    expect(codes(read('x: &x {k: 1}\ny: {<<: *x, k: 2}'))).toEqual([])
  })

  test('aliases that double with every line are refused', () => {
    const lines = ['a0: &a0 [x, x]']
    for (let level = 1; level < 60; level++)
      lines.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`)
    expect(codes(read(lines.join('\n')))).toEqual(['YAML_TOO_BIG'])
  })

  test('a document nested without end is a problem, not a crash', () => {
    expect(codes(read('['.repeat(100_000)))).toContain('YAML_SYNTAX')
    expect(codes(read(`${'['.repeat(20_000)}${']'.repeat(20_000)}`))).toContain('YAML_SYNTAX')
  })
})

describe('positions', () => {
  const source =
    'x: &x\n  deep: [1, {k: 2}]\nhosts:\n  web:\n    <<: *x\n    port: 80\n  8: {}\ntwice: 1\ntwice: 2\n'
  const document = read(source)

  test.each([
    [['hosts'], at(3, 1), at(4, 3)],
    [['hosts', 'web', 'port'], at(6, 5), at(6, 11)],
    [['hosts', 'web', 'deep'], at(2, 3), at(2, 9)],
    [['hosts', 'web', 'deep', 1, 'k'], at(2, 14), at(2, 17)],
    [['x', 'deep', 0], at(2, 10), at(2, 10)],
    [['hosts', 8], at(7, 3), at(7, 6)],
    [['hosts', 'nope', 'k'], at(3, 1), at(4, 3)],
    [[], at(1, 1), at(1, 1)],
    [['twice'], at(9, 1), at(9, 8)],
  ])('%j is found', (path, key, value) => {
    expect([document.positionOfKey(path), document.positionOf(path)]).toEqual([key, value])
  })
})

test('large files and files full of mistakes are read in no time', () => {
  const started = process.cpuUsage()
  const document = read(Array.from({ length: 5000 }, (_, index) => `host${index}:\n  a: 1\n`).join(''))
  for (let index = 0; index < 5000; index++)
    expect(document.positionOfKey([`host${index}`]).line).toBe(index * 2 + 1)
  expect(read('\ta: 1\n'.repeat(5000)).problems.length).toBeGreaterThan(0)
  // Time of its own: a busy machine makes nothing slower than it is.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(4000)
})

describe('streams', () => {
  test('documents are parted by ---', () => {
    expect(
      readYamlDocuments('a: 1\n---\n- b\n---\n', { file: 'x', templates: false }).map(({ value }) => value),
    ).toEqual([{ a: 1 }, ['b'], null])
  })

  test('empty text is null', () => {
    expect([read('').value, read('# nothing\n').value]).toEqual([null, null])
  })
})

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      'b: ',
      ': ',
      '- ',
      '\n',
      '\n  ',
      '\t',
      '[',
      ']',
      '{',
      '}',
      ',',
      '#',
      '|',
      '>',
      '&a ',
      '*a',
      '<<: ',
      '!x ',
      '!!int ',
      "'",
      '"',
      '\\',
    ],
    ...[
      '? ',
      '{{ x }}',
      '---\n',
      '...\n',
      '%',
      '@',
      '~',
      '1:30',
      '2026-13-01',
      '\r\n',
      '\u0000',
      '\ud800',
      '0x',
      '=',
      '!unsafe ',
      '!vault ',
    ],
  )

  test.each([
    ['random text', fc.string({ unit: 'binary', maxLength: 200 })],
    ['random YAML words', fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join(''))],
  ])('%s is read or refused, and never throws', (_, texts) => {
    fc.assert(
      fc.property(texts, text => {
        const document = read(text)
        expect(document.positionOf(['a', 0, 'b']).line).toBeGreaterThan(0)
        for (const { position } of document.problems) expect(position?.line).toBeGreaterThan(0)
      }),
      { numRuns: 1000 },
    )
  })
})
