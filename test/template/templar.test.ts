import { describe, expect, it } from 'vitest'
import { OMIT, PyFloat, Template, type Value } from '../../src/base/value.ts'
import { LazyMapping } from '../../src/template/index.ts'
import { errorOf, evaluate, makeTemplar } from './make-templar.ts'

describe('value', () => {
  it.each<[string, Value]>([
    ['{{ n }}', 7],
    ['{{ n }} apples', '7 apples'],
    ['{{ flag }}', true],
    ['{{ list }}', [1, 2]],
    ['{{ 4 / 2 }}', new PyFloat(2)],
    ['{{ (1, 2) }}', [1, 2]],
    ['{{ 2 ** 70 }}', 2n ** 70n],
    ['{{ 9007199254740993 }}', 9007199254740993n],
    ['{{ nothing }}', null],
    ['{% if flag %}{{ list }}{% endif %}', [1, 2]],
    ['{{ "#{n}" }}', '#{n}'],
  ])('gives %j its own type', (source, expected) => {
    expect(evaluate(source, { n: 7, flag: true, list: [1, 2], nothing: null })).toEqual(expected)
  })

  it('leaves plain texts alone, even when they look like templates', () => {
    expect(makeTemplar().value('{{ 1 + 1 }}')).toBe('{{ 1 + 1 }}')
  })

  it('never compiles what a template computes', () => {
    expect(evaluate("{{ '{' ~ '{ 1 + 1 }' ~ '}' }}")).toBe('{{ 1 + 1 }}')
  })

  it('renders templates deep inside containers', () => {
    const value = { path: new Template('/srv/{{ app }}'), list: [new Template('{{ 1 + 1 }}')] }
    expect(makeTemplar({ app: 'shop' }).value(value)).toEqual({ path: '/srv/shop', list: [2] })
  })

  it('hands back the very container when nothing in it is lazy', () => {
    const value = { a: [1, 2] }
    expect(makeTemplar().value(value)).toBe(value)
  })

  it('keeps omit', () => {
    expect(evaluate('{{ mode | default(omit) }}')).toBe(OMIT)
  })

  it('keeps the order of keys that look like integers', () => {
    expect(evaluate("{{ {'10': 'a', '9': 'b'} }}")).toEqual(
      new Map([
        ['10', 'a'],
        ['9', 'b'],
      ]),
    )
  })

  it.each([
    ['a function', '{{ range }}'],
    ['a namespace', '{{ namespace(a=1) }}'],
    ['a loop', '{% for x in [1] %}{{ loop }}{% endfor %}'],
  ])('refuses %s as a result', (_what, source) => {
    expect(errorOf(() => evaluate(source))).toMatchObject({ code: 'TEMPLATE_TYPE' })
  })

  it('refuses something undefined deep inside', () => {
    const error = errorOf(() => evaluate('{{ [1, {"a": gone}] }}'))
    expect(error).toMatchObject({ code: 'TEMPLATE_UNDEFINED', message: expect.stringContaining('gone') })
  })

  it('renders a variable once, until it is told to forget', () => {
    let reads = 0
    const templar = makeTemplar({ a: '{{ lookup("count") }}' }, { lookups: { count: () => ++reads } })
    const source = new Template('{{ a }}{{ a }}')
    expect(templar.value(source)).toBe('11')
    templar.forget()
    expect(templar.value(source)).toBe('22')
  })

  it('makes the values of a lazy mapping only when they are read', () => {
    const asked: string[] = []
    const hostvars = new LazyMapping(
      name => {
        asked.push(name)
        return { ip: `10.0.0.${name.slice(1)}` }
      },
      () => ['h1', 'h2', 'h3'],
    )
    expect(evaluate("{{ ['h2'] | map('extract', hostvars, 'ip') | first }}", { hostvars })).toBe('10.0.0.2')
    expect(new Set(asked)).toEqual(new Set(['h2']))
  })
})

describe('condition', () => {
  const variables = { n: 3, name: 'web', off: false, list: [] as Value[] }

  it.each<[Value, boolean]>([
    [true, true],
    [null, true],
    ['', true],
    ['n == 3', true],
    ['-1 < n', true],
    ['n == 3 and not off', true],
    [['n == 3', 'name == "db"'], false],
    [['n == 3', true], true],
    ['list', false],
    ['name', true],
  ])('%j is %s', (condition, expected) => {
    expect(makeTemplar(variables).condition(condition)).toBe(expected)
  })

  it('stops at the first part of a list that does not hold', () => {
    expect(makeTemplar(variables).condition(['off', 'gone == 1'])).toBe(false)
  })

  it.each(['{{ n == 3 }}', 'name == "{{ other }}"'])('refuses braces: %s', source => {
    const error = errorOf(() => makeTemplar(variables).condition(new Template(source)))
    expect(error).toMatchObject({ code: 'TEMPLATE_CONDITION', hint: expect.stringContaining('braces') })
  })

  it.each<Value>(['n', 'name', 'list', 1, 'n and name'])(
    'refuses %j where conditions are strict',
    condition => {
      const error = errorOf(() => makeTemplar(variables, { strictConditions: true }).condition(condition))
      expect(error).toMatchObject({
        code: 'TEMPLATE_CONDITION',
        message: expect.stringContaining('true or false'),
      })
    },
  )
})

describe('expression', () => {
  it.each<[string, Value]>([
    ['users | map(attribute="name") | list', ['ann', 'bob']],
    ['users[0].name', 'ann'],
    ['{"a": {"b": 1}}', { a: { b: 1 } }],
    ['1, 2', [1, 2]],
    ["'a\\tb'", 'a\tb'],
  ])('%s is a native value', (source, expected) => {
    expect(makeTemplar({ users: [{ name: 'ann' }, { name: 'bob' }] }).expression(source)).toEqual(expected)
  })

  it.each(['1 +', 'a b', '(1', 'x }}', ''])('refuses %j', source => {
    expect(errorOf(() => makeTemplar({ a: 1, x: 1 }).expression(source))).toMatchObject({
      code: 'TEMPLATE_SYNTAX',
    })
  })
})

describe('file', () => {
  const files: Record<string, string> = {
    'base.j2': 'top\n{% block body %}base {{ app }}\n{% endblock %}\nend\n',
    'child.j2': '{% extends "base.j2" %}\n{% block body %}\nchild of {{ super() }}\n{% endblock %}\n',
    'macros.j2': '{% macro port(n, proto="tcp") %}{{ n }}/{{ proto }}{% endmacro %}\n{% set base = 8000 %}\n',
    'number.j2': '{{ 1 + 1 }}',
    'part.j2': 'part {{ app }} {{ local | default("-") }}\n',
  }
  const options = {
    loadTemplate: (name: string) => {
      const source = files[name]
      return source === undefined ? null : { source, path: `templates/${name}` }
    },
  }
  const file = (text: string): string => makeTemplar({ app: 'shop' }, options).file(text)

  it.each([
    ['extends, blocks and super()', files['child.j2']!, 'top\nchild of base shop\n\nend\n'],
    ['import', '{% import "macros.j2" as m %}{{ m.port(80) }} {{ m.base }}', '80/tcp 8000'],
    ['from-import', '{% from "macros.j2" import port as p with context %}{{ p(53, proto="udp") }}', '53/udp'],
    ["include with the includer's names", '{% set local = 1 %}{% include "part.j2" %}', 'part shop 1'],
    ['include without them', '{% set local = 1 %}{% include "part.j2" without context %}', 'part shop -'],
    ['a missing include that may be missing', 'a{% include "gone.j2" ignore missing %}b', 'ab'],
    ['the first include that exists', '{% include ["gone.j2", "part.j2"] %}', 'part shop -'],
    ['the template lookup', '{{ lookup("template", "part.j2") }}', 'part shop -\n'],
    [
      'the template lookup with variables',
      '{{ lookup("template", "part.j2", template_vars={"local": app ~ 5}) }}',
      'part shop shop5\n',
    ],
    ['the lookup of one expression', '{{ lookup("template", "number.j2") | type_debug }}', 'int'],
    [
      'a lookup that may fail',
      '{{ lookup("template", "gone.j2", errors="ignore") | default("none", true) }}',
      'none',
    ],
    ['a query that may fail', '{{ query("template", "gone.j2", errors="ignore") | length }}', '0'],
    ['the lookup of one expression', '{{ lookup("template", "number.j2") | type_debug }}', 'int'],
    [
      'continue inside with',
      '{% for x in [1,2,3] %}{% with y=x %}{% if y == 2 %}{% continue %}{% endif %}{{ y }}{% endwith %}{% endfor %}',
      '13',
    ],
    ['a recursive loop', '{% for n in t recursive %}{{ n.v }}{{ loop(n.c) if n.c }}{% endfor %}', ''],
  ])('knows %s', (_what, text, expected) => {
    const variables = { app: 'shop', t: [] }
    expect(makeTemplar(variables, options).file(text)).toBe(expected)
  })

  it.each([
    ['a loop', '{% for x in [1] %}{% set a = 1 %}{% endfor %}{{ a is defined }}', 'False'],
    ['a filter block', '{% filter upper %}{% set a = 1 %}{% endfilter %}{{ a is defined }}', 'False'],
    ['a set block', '{% set b %}{% set a = 1 %}{% endset %}{{ a is defined }}', 'False'],
    ['a macro', '{% macro m() %}{% set a = 1 %}{% endmacro %}{{ m() }}{{ a is defined }}', 'False'],
    ['no if', '{% if true %}{% set a = 1 %}{% endif %}{{ a is defined }}', 'True'],
  ])('keeps to %s what is set in it', (_what, text, expected) => {
    expect(makeTemplar().file(text)).toBe(expected)
  })

  it.each(['{% break %}', '{% for x in [1] %}{% set a %}{% continue %}{% endset %}{% endfor %}'])(
    'refuses %s outside of a loop',
    text => {
      expect(errorOf(() => makeTemplar().file(text))).toMatchObject({ code: 'TEMPLATE_SYNTAX' })
    },
  )

  it('walks trees with a recursive loop', () => {
    const t = [
      {
        v: 1,
        c: [
          { v: 2, c: [] },
          { v: 3, c: [] },
        ],
      },
    ]
    const text = '{% for n in t recursive %}{{ n.v }}{% if n.c %}({{ loop(n.c) }}){% endif %}{% endfor %}'
    expect(makeTemplar({ t }).file(text)).toBe('1(23)')
  })

  it('ends lines as it is told', () => {
    expect(makeTemplar().file('a\nb\n', { newlineSequence: '\r\n' })).toBe('a\r\nb\r\n')
  })

  it('takes other tags from its options and from its first line', () => {
    expect(makeTemplar({ n: 1 }).file('<< n >> {{ n }}', { variableStart: '<<', variableEnd: '>>' })).toBe(
      '1 {{ n }}',
    )
    expect(file("#jinja2: variable_start_string: '[%', variable_end_string: '%]'\n[% app %]\n")).toBe(
      'shop\n',
    )
  })

  it('refuses an unknown option in its first line', () => {
    expect(errorOf(() => file('#jinja2: trim_block: True\nx'))).toMatchObject({ code: 'TEMPLATE_SYNTAX' })
  })
})
