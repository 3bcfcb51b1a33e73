/** The quick reader beside the full one: where it reads a text at all, both say the same. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import fastGlob from 'fast-glob'
import { describe, expect, it } from 'vitest'
import { isMapping, type Value } from '../../src/base/value.ts'
import type { Path } from '../../src/yaml/node-positions.ts'
import { readPlain } from '../../src/yaml/plain-yaml.ts'
import { readFully, type YamlDocument } from '../../src/yaml/read-yaml.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Whether the quick reader took it. Throws where the two differ. */
function agree(text: string): boolean {
  for (const templates of [true, false]) {
    const options = { file: 'f.yml', templates }
    const plain = readPlain(text, options)
    if (plain === null) return false
    const full = readFully(text, options)
    expect(full).toHaveLength(1)
    expect(described(plain)).toEqual(described(full[0]!))
  }
  return true
}

function described(document: YamlDocument) {
  const paths = [...pathsIn(document.value), ['nowhere'], [0, 'nowhere'], [99]]
  return {
    value: document.value,
    problems: document.problems,
    source: document.source,
    places: paths.map(at => [at, document.positionOf(at), document.positionOfKey(at)]),
  }
}

function pathsIn(value: Value): Path[] {
  const entries: (readonly [string | number, Value])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : isMapping(value)
      ? [...(value instanceof Map ? value : Object.entries(value))].map(([key, item]) => [String(key), item])
      : []
  return [[], ...entries.flatMap(([step, item]) => pathsIn(item).map(rest => [step, ...rest]))]
}

const VALUES = [
  ...[
    '',
    'a',
    'yes',
    '017',
    '1:30',
    '2026-01-02',
    '2026-02-30',
    '~',
    '-1',
    '- x',
    '-',
    '?',
    'a b',
    'a: b',
    'a:',
    'a:b',
  ],
  ...[
    '# c',
    'a # c',
    'a #',
    'a#b',
    "'a'",
    "'it''s'",
    "'a' # c",
    "'a'b",
    '"a"',
    '"a\\n"',
    '"a" : b',
    "'a': b",
    '"',
    "'",
    '"a',
  ],
  ...[
    '{{ a }}',
    "'{{ a }}'",
    '"{{ a }}"  ',
    'a {{ b }} c',
    '"{% if a %}"',
    '[]',
    '{}',
    '[a, b]',
    '[ a , "b", 1 ]',
    '[a, b,]',
  ],
  ...[
    '[a, [b, c]]',
    '{a: b}',
    '{ a: b, c: [d] }',
    '{a: b, a: c}',
    '{a:b}',
    '{a: }',
    '{a}',
    '[a: b]',
    '[a:b]',
    '[a',
    '[a] b',
  ],
  ...[
    '{ a: {{ b }} }',
    '[a]: b',
    '[a # b]',
    '[a, #b]',
    "[a'b, c]",
    '|',
    '|-',
    '|+',
    '|2',
    '>',
    '>-',
    '| # c',
    '|\n    x',
  ],
  ...[
    '&x a',
    '*x',
    '!!str a',
    '!unsafe a',
    '@a',
    '`a',
    '%a',
    ',a',
    ']',
    '<<',
    '=',
    '...',
    '---',
    'ä',
    ' a',
    'a  ',
    '.5',
    '1e3',
    '+1',
  ],
  ...[
    '/etc/x',
    '~/x',
    '$x',
    '(a)',
    '*',
    '!',
    'null',
    'on',
    'No',
    '0x1F',
    '1_000',
    '.inf',
    'a\\b',
    'http://x:80/y',
    '"a: b"',
    "'# a'",
  ],
]
const KEYS = [
  'a: ',
  'b: ',
  'a:',
  'c-d: ',
  'e.f: ',
  'on: ',
  '1: ',
  '"q": ',
  'x y: ',
  '<<: ',
  '__proto__: ',
  'a : ',
  '',
]
const STARTS = ['', '', '', '- ', '-   ', '- - ', '-']
/** Simple ones more often than not: a single doubtful line is enough for a text to be left to the full reader. */
const mostly = (simple: readonly string[], all: readonly string[]) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...simple), weight: 8 },
    { arbitrary: fc.constantFrom(...all), weight: 1 },
  )
const SIMPLE = [
  '',
  'a',
  'yes',
  "'it''s'",
  '"{{ a }}" # c',
  '[a, {b: c}]',
  'a {{ b }}',
  '2026-01-02',
  '-1',
  'a#b',
  'http://x:80/y',
  '|',
]
const line = fc
  .tuple(
    mostly(['', '  ', '    '], ['', ' ', '   ', '      ']),
    mostly(['', '', '- '], STARTS),
    fc.oneof(
      fc.constantFrom('a', 'b', 'c', 'd', 'e').map(key => `${key}: `),
      mostly(['a:', 'b:', ''], KEYS),
    ),
    mostly(SIMPLE, VALUES),
  )
  .map(parts => parts.join(''))
const other = fc.constantFrom(
  '',
  '  ',
  '# comment',
  '    # comment',
  '---',
  '...',
  '    text',
  '     text',
  '  - ',
)
const soup = fc
  .tuple(
    fc.array(fc.oneof({ arbitrary: line, weight: 12 }, other), { maxLength: 6 }),
    fc.constantFrom('', '\n', '\n\n'),
  )
  .map(([lines, end]) => `${lines.join('\n')}${end}`)

/** Well-formed texts of some depth. */
const { tree } = fc.letrec<{ tree: Value; leaf: Value }>(tie => ({
  leaf: fc.constantFrom(
    'a',
    'a b',
    1,
    true,
    null,
    '{{ x }}',
    "it's",
    '# no',
    'x: y',
    '',
    '- a',
    'two\nlines\n',
    'two\nlines',
  ),
  tree: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.constantFrom('name', 'when', 'a.b', 'c-d', 'hosts'), tie('tree'), {
      minKeys: 1,
      maxKeys: 4,
    }),
  ),
}))

describe('the quick reader', () => {
  it('agrees on lines of all kinds', () => {
    let taken = 0
    fc.assert(
      fc.property(soup, text => {
        if (agree(text)) taken++
      }),
      { numRuns: 1500 },
    )
    expect(taken).toBeGreaterThan(10)
  })

  it('agrees on two lines of each kind', () => {
    for (const key of KEYS)
      for (const start of ['', '- '])
        for (const value of VALUES)
          for (const more of ['', '\n  b: 1\n', '\n- b\n']) agree(`${start}${key}${value}${more}`)
  })

  it('agrees on trees as the library writes them', async () => {
    const { stringify } = await import('yaml')
    let taken = 0
    fc.assert(
      fc.property(tree, fc.constantFrom(2, 4), fc.boolean(), (value, indent, indentSeq) => {
        if (agree(stringify(value, { indent, indentSeq }))) taken++
      }),
      { numRuns: 200 },
    )
    expect(taken).toBeGreaterThan(10)
  })

  it('agrees on the cases of PyYAML', () => {
    const file = path.join(ROOT, 'test/fixtures/pyyaml-cases.json')
    const cases = JSON.parse(readFileSync(file, 'utf8')) as { readonly text: string }[]
    for (const { text } of cases) agree(text)
  })

  it('agrees on every YAML file of the repository, and takes most of them', () => {
    const files = fastGlob.sync('{roles,playbooks,templates,examples,test,docs}/**/*.{yml,yaml}', {
      cwd: ROOT,
    })
    const taken = files.filter(file => agree(readFileSync(path.join(ROOT, file), 'utf8')))
    expect(taken.length / files.length).toBeGreaterThan(0.6)
  })
})
