/** Filters and tests the 758 cases do not cover. */
import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/base/value.ts'
import { errorOf, evaluate } from './make-templar.ts'

describe('password_hash', () => {
  // Expected values come from crypt(3) of glibc and `openssl passwd`.
  it.each([
    [
      "'correct horse battery' | password_hash('sha512', 'saltsalt', rounds=5000)",
      '$6$saltsalt$G9wFFnnUFCPffgjGaIp8t6onbqx3zGbMIn93ecLfBFGJpBV3/0HPLZ17qYbjb.WJDtXbmuMlQ9NnvzVms5ZXj.',
    ],
    [
      "'Hello world!' | password_hash(salt='saltstringsaltst', rounds=10000)",
      '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
    ],
    [
      "('a' * 100) | password_hash('sha256', 'anotherlongsalts', rounds=1400)",
      '$5$rounds=1400$anotherlongsalts$rxuJkKiQTrzKO8eZ6/.WybjIrgYF3/u7RcK5jYG70QC',
    ],
    [
      "'ünï' | password_hash('sha256', 'abcdefgh12345678', rounds=5000)",
      '$5$abcdefgh12345678$yDD2YwDhxBCBHjbCJkn87qwOMB.jsZvl/6PuAQ3uZ54',
    ],
    [
      "'' | password_hash('sha512', 'x', rounds=5000)",
      '$6$x$QSmr1Bx2g4O6BzKvdkgOcyU6H91X6I/XBv5pSalMhSPkwdH6Beo3F455xZJg0v//bxVK5F4OE5k1.0xuR26MK0',
    ],
  ])('%s is what crypt(3) makes', (expression, expected) => {
    expect(evaluate(`{{ ${expression} }}`)).toBe(expected)
  })

  it.each([
    [
      "'tag' | password_hash('sha512', 'saltsalt')",
      '$6$rounds=656000$saltsalt$93RTGUaA9NZDrS27TTiDE.M07K/BJbpqeKMbR2aAOrkqZm/qGgRLZaMjT6UJqkYfNylFkbdAH1eSIETdd5Mmd0',
    ],
    ["'pw' | password_hash('sha256', 'abcdefgh')", /^\$5\$rounds=535000\$abcdefgh\$/],
  ])('%s works as long on it as Ansible', (expression, expected) => {
    expect(evaluate(`{{ ${expression} }}`)).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    )
  })

  it('takes its salt from the given randomness', () => {
    const hash = evaluate("{{ 'x' | password_hash(rounds=1000) }}", {}, { random: () => 0 })
    expect(hash).toMatch(/^\$6\$rounds=1000\$\.{16}\$/)
  })

  it.each(["'x' | password_hash('md5', 'salt')", "'x' | password_hash('sha512', 'sa:lt')"])(
    'refuses %s',
    expression => {
      expect(errorOf(() => evaluate(`{{ ${expression} }}`))).toMatchObject({ code: 'TEMPLATE_VALUE' })
    },
  )
})

describe('json_query', () => {
  const servers = [
    { name: 'a', port: 80, tags: { env: 'prod' } },
    { name: 'b', port: 81, tags: { env: 'test' } },
  ]

  it.each<[string, Value]>([
    ['[].name', ['a', 'b']],
    ["[?tags.env=='prod'].port | [0]", 80],
    [
      '[*].{n: name, p: port}',
      [
        { n: 'a', p: 80 },
        { n: 'b', p: 81 },
      ],
    ],
    ['nope', null],
  ])('answers %s', (query, expected) => {
    expect(evaluate('{{ servers | json_query(q) }}', { servers, q: query })).toEqual(expected)
  })

  it('refuses a query it cannot read', () => {
    expect(errorOf(() => evaluate("{{ [] | json_query('[?') }}"))).toMatchObject({ code: 'TEMPLATE_VALUE' })
  })
})

describe('versions', () => {
  it.each([
    ["'1.2.3' is version('1.10', '<')", true],
    ["'2.0' is version('2.0.1', 'ge')", false],
    ["'1.0.0-rc.1' is version('1.0.0', '<', version_type='semver')", true],
    ["'1.0.0' is version('1.0.0-rc.1', '>', version_type='semver')", true],
    ["'1.0.0-alpha.2' is version('1.0.0-alpha.10', '<', version_type='semver')", true],
    ["'1.0.0-1' is version('1.0.0-alpha', '<', version_type='semver')", true],
    ["'1.0.0+a' is version('1.0.0+b', '==', version_type='semver')", true],
  ])('%s is %s', (expression, expected) => {
    expect(evaluate(`{{ ${expression} }}`)).toBe(expected)
  })

  it('refuses what is no semantic version', () => {
    const error = errorOf(() => evaluate("{{ '1.0' is version('1.0.0', version_type='semver') }}"))
    expect(error).toMatchObject({ code: 'TEMPLATE_VALUE' })
  })
})

describe('YAML', () => {
  // Expected texts come from PyYAML 6.0.3 with allow_unicode.
  it.each<[Value, string]>([
    [{ b: [1, { c: null }], a: 'yes' }, "a: 'yes'\nb:\n- 1\n-   c: null\n"],
    [{ text: 'one\ntwo\n' }, "text: 'one\n\n    two\n\n    '\n"],
    [{ empty: [], none: {}, blank: '' }, "blank: ''\nempty: []\nnone: {}\n"],
    [
      ['0644', '1.5', '12:30:45', '2024-01-01', 'null', '- a', 'a: b', "it's", 'tab\there'],
      "- '0644'\n- '1.5'\n- '12:30:45'\n- '2024-01-01'\n- 'null'\n- '- a'\n- 'a: b'\n- it's\n- \"tab\\there\"\n",
    ],
    [{ '': 1 }, "? ''\n: 1\n"],
    ['plain', 'plain\n...\n'],
    [[[1, 2], [3]], '-   - 1\n    - 2\n-   - 3\n'],
  ])('to_nice_yaml writes %j as PyYAML does', (value, expected) => {
    expect(evaluate('{{ v | to_nice_yaml }}', { v: value })).toBe(expected)
  })

  it('to_yaml writes lists of scalars in one line', () => {
    expect(evaluate('{{ v | to_yaml }}', { v: { a: [1, 'b'], c: { d: 1 } } })).toBe('a: [1, b]\nc: {d: 1}\n')
  })

  it('folds long lines behind column 80', () => {
    const text = Array.from({ length: 20 }, (_, i) => `word${i}`).join(' ')
    expect(evaluate('{{ v | to_nice_yaml(indent=2) }}', { v: { a: text } })).toBe(
      'a: word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 word12\n  word13 word14 word15 word16 word17 word18 word19\n',
    )
  })

  it('from_yaml reads with YAML 1.1 rules', () => {
    const yaml = 'a: yes\nb: 1.0\nc: 0644\nd: y\ne: "1"\n'
    expect(evaluate('{{ v | from_yaml | to_json }}', { v: yaml })).toBe(
      '{"a": true, "b": 1.0, "c": 420, "d": "y", "e": "1"}',
    )
  })

  it.each([
    ['1e3', '1e3'],
    ['1:30', 90],
    ['0o14', '0o14'],
    ['=', '='],
  ])('from_yaml reads %s as YAML of the project is read', (text, value) => {
    expect(evaluate('{{ v | from_yaml }}', { v: text })).toEqual(value)
  })

  it('from_yaml tells where a text is no YAML', () => {
    expect(() => evaluate('{{ v | from_yaml }}', { v: 'a: 1\nb: [' })).toThrow(/not YAML: .*line 2/)
  })
})

describe('other filters', () => {
  it.each<[string, Value]>([
    ["'a.b/../c' | normpath", 'c'],
    ["['/a/b/c', '/a/b/d'] | commonpath", '/a/b'],
    ["'/a/b/c' | relpath('/a/d')", '../b/c'],
    ["'https://u:p@Host:8443/x?q=1#f' | urlsplit('port')", 8443],
    ["'x%20y' | urldecode", 'x y'],
    ["'abc' | hash('md5')", '900150983cd24fb0d6963f7d28e17f72'],
    ["'é' | b64encode | b64decode", 'é'],
    ["'café' | b64encode(encoding='utf-16-le')", 'YwBhAGYA6QA='],
    ['[1, [2, [3, none]]] | flatten', [1, 2, 3]],
    ['[3, 1, 2] | sort(reverse=true)', [3, 2, 1]],
    ["['b', 'A'] | sort", ['A', 'b']],
    ["[1, 1.0, true, '1'] | unique | length", 2],
    [
      "{'a': {'b': [1]}} | combine({'a': {'b': [2], 'c': 1}}, recursive=true, list_merge='append')",
      { a: { b: [1, 2], c: 1 } },
    ],
    ["[{'n': 'b'}, {'n': 'a'}] | groupby('n') | map('first') | list", ['a', 'b']],
    ["'2024-02-29 10:00:00' | to_datetime | string", '2024-02-29 10:00:00'],
    ["(('2024-03-01' | to_datetime('%Y-%m-%d')) - ('2024-02-28' | to_datetime('%Y-%m-%d'))).days", 2],
    ["'%Y-%m-%dT%H:%M:%SZ' | strftime(1700000000)", '2023-11-14T22:13:20Z'],
    ['now().year', 1970],
    ["q('sequence', 'start=1 end=3 format=h%02d')", ['h01', 'h02', 'h03']],
    ["q('sequence', '1-3')", ['1', '2', '3']],
    ["q('nested', ['a', 'b'], [1, 2]) | map('join') | list", ['a1', 'a2', 'b1', 'b2']],
    ["lookup('vars', 'gone', default='d')", 'd'],
    ['[1, 2, 3, 4] | random', 3],
    ["'abc'[::-1]", 'cba'],
    ['10 ** 20 // 3', 33333333333333333333n],
    ['-7 // 2', -4],
    ["'{:>6.2f}|{:<4}|{:^5}|{:,}'.format(3.14159, 'a', 'b', 1234567)", '  3.14|a   |  b  |1,234,567'],
    ["'%-5s|%05d|%x|%.1f%%' % ('a', 42, 255, 12.34)", 'a    |00042|ff|12.3%'],
  ])('%s', (expression, expected) => {
    const options = { now: () => new Date(0), random: () => 0.5 }
    expect(evaluate(`{{ ${expression} }}`, {}, options)).toEqual(expected)
  })
})
