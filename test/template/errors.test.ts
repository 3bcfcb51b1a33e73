import { describe, expect, it } from 'vitest'
import { Template, type Value } from '../../src/base/value.ts'
import { errorOf, evaluate, makeTemplar } from './make-templar.ts'

describe('errors of templates', () => {
  it.each([
    ['TEMPLATE_UNDEFINED', '{{ gone }}', "'gone' is undefined"],
    ['TEMPLATE_UNDEFINED', '{{ d.gone }}', "has no attribute 'gone'"],
    ['TEMPLATE_UNKNOWN_FILTER', '{{ 1 | defualt(2) }}', "no filter named 'defualt'"],
    ['TEMPLATE_UNKNOWN_TEST', '{{ 1 is definde }}', "no test named 'definde'"],
    ['TEMPLATE_UNKNOWN_LOOKUP', "{{ lookup('flie', 'x') }}", "no lookup named 'flie'"],
    ['TEMPLATE_UNAVAILABLE', "{{ lookup('file', 'x') }}", "lookup 'file' is not available here"],
    ['TEMPLATE_UNAVAILABLE', '{{ now() }}', 'clock'],
    ['TEMPLATE_UNAVAILABLE', '{{ [1, 2] | random }}', 'randomness'],
    ['TEMPLATE_TYPE', "{{ 1 + 'a' }}", "unsupported operand type(s) for +: 'int' and 'str'"],
    ['TEMPLATE_TYPE', "{{ 'x'.center('wide') }}", 'width must be an integer, not str'],
    ['TEMPLATE_TYPE', "{{ 'x' | upper(1) }}", 'takes at most 0 arguments'],
    ['TEMPLATE_TYPE', "{{ 'x' | indent(depth=2) }}", "unexpected keyword argument 'depth'"],
    ['TEMPLATE_TYPE', "{{ 'x' | indent(2, width=3) }}", "multiple values for argument 'width'"],
    ['TEMPLATE_VALUE', '{{ 1 / 0 }}', 'division by zero'],
    ['TEMPLATE_VALUE', "{{ '{' | from_json }}", 'not JSON'],
    ['TEMPLATE_VALUE', "{{ 'a' is match('(') }}", 'not a regular expression'],
    ['TEMPLATE_MANDATORY', "{{ gone | mandatory('set gone') }}", 'set gone'],
    ['TEMPLATE_SYNTAX', '{{ 1 + }}', 'unexpected'],
    ['TEMPLATE_SYNTAX', '{% if 1 %}', 'looking for elif or else or endif'],
    ['TEMPLATE_SYNTAX', '{% iff 1 %}', "unknown tag 'iff'"],
    ['TEMPLATE_SYNTAX', 'echo ${#list[@]}', 'Missing end of comment tag'],
    ['TEMPLATE_RECURSION', '{{ loop_a }}', 'refers to itself'],
    ['TEMPLATE_RECURSION', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', 'recursed too deeply'],
    ['TEMPLATE_NOT_FOUND', "{% include 'x.j2' %}", 'template not found: x.j2'],
  ])('%s for %s', (code, source, message) => {
    const variables = { d: {}, loop_a: '{{ loop_b }}', loop_b: '{{ loop_a }}' }
    const error = errorOf(() => evaluate(source, variables))
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it.each([
    ['{{ 1 | defualt(2) }}', 'Did you mean default?'],
    ['{{ app_nmae }}', 'Did you mean app_name?'],
  ])('suggest what was meant by %s', (source, hint) => {
    expect(errorOf(() => evaluate(source, { app_name: 'x' })).hint).toBe(hint)
  })

  it('say the line inside a text of several lines', () => {
    const text = new Template('one\n{{ fine }}\n{{ gone }}\n', { file: 'tasks.yml', line: 20, column: 7 })
    const error = errorOf(() => makeTemplar({ fine: 1 }).value(text))
    expect(error).toMatchObject({ position: { file: 'tasks.yml', line: 22, column: 1 } })
  })

  it('say the column of a syntax error on the first line', () => {
    const text = new Template('ab {{ 1 + }}', { file: 'tasks.yml', line: 4, column: 10 })
    expect(errorOf(() => makeTemplar().value(text))).toMatchObject({
      position: { file: 'tasks.yml', line: 4, column: 20 },
    })
  })

  it('say which bracket a condition lacks', () => {
    expect(errorOf(() => makeTemplar().condition('(1 == 1')).message).toContain("')' is missing")
  })

  it('say where a condition is', () => {
    const position = { file: 'tasks.yml', line: 4, column: 9 }
    expect(errorOf(() => makeTemplar().condition('1 = 2', position))).toMatchObject({
      position: { file: 'tasks.yml', line: 4, column: 11 },
    })
  })

  it('say the line in a template file, behind its first line too', () => {
    const text = '#jinja2: lstrip_blocks: True\nok\n{% if true %}\n{{ gone }}\n{% endif %}\n'
    expect(errorOf(() => makeTemplar().file(text, { path: 'templates/a.j2' }))).toMatchObject({
      position: { file: 'templates/a.j2', line: 4, column: 1 },
    })
  })

  it.each([
    ['an included file', 'a\nb\n{% include "inner.j2" %}', 'templates/inner.j2', 2],
    ['a parent file', '{% extends "parent.j2" %}', 'templates/parent.j2', 3],
    ['a block of the parent', '{% extends "middle.j2" %}', 'templates/middle.j2', 2],
    [
      'a block of the child',
      '{% extends "fine.j2" %}\n\n{% block b %}\n{{ gone }}{% endblock %}',
      'main.j2',
      4,
    ],
  ])('say the file of %s', (_what, text, file, line) => {
    const sources: Record<string, string> = {
      'inner.j2': 'fine\n{{ gone }}\n',
      'parent.j2': '1\n2\n{{ gone }}\n',
      'middle.j2': '{% extends "fine.j2" %}{% block b %}\n{{ gone }}{% endblock %}',
      'fine.j2': '{% block b %}{% endblock %}',
    }
    const loadTemplate = (name: string) => ({ source: sources[name]!, path: `templates/${name}` })
    const error = errorOf(() => makeTemplar({}, { loadTemplate }).file(text, { path: 'main.j2' }))
    expect(error).toMatchObject({ code: 'TEMPLATE_UNDEFINED', position: { file, line } })
  })

  it('say where the missing name is written when a variable needed it', () => {
    const error = errorOf(() => evaluate('{{ url }}', { url: 'http://{{ host_name }}/' }))
    expect(error).toMatchObject({
      message: "'host_name' is undefined",
      position: { file: 'vars.yml', line: 1 },
    })
  })

  it('say where the missing name is written inside the arguments of a task', () => {
    const args = { name: 'x', path: new Template('a\n{{ gone }}', { file: 'tasks.yml', line: 7, column: 3 }) }
    expect(errorOf(() => makeTemplar().value(args))).toMatchObject({
      position: { file: 'tasks.yml', line: 8 },
    })
  })

  it('come from the variable itself when it is wrong in another way', () => {
    const error = errorOf(() => evaluate('{{ url }}', { url: '{{ 1 + "a" }}' }))
    expect(error).toMatchObject({ code: 'TEMPLATE_TYPE', position: { file: 'vars.yml' } })
  })
})

describe('what templates cannot reach', () => {
  it.each([
    "{{ ''.constructor.constructor('return 1')() }}",
    "{{ ''['constructor'] }}",
    "{{ ''['constr' ~ 'uctor']('return 1') }}",
    '{{ [].map.constructor("return 1")() }}',
    '{{ d.constructor("x") }}',
    "{{ d['__proto__'].x }}",
    '{{ d.__proto__.polluted }}',
    '{{ d.toString() }}',
    '{{ d.hasOwnProperty("a") }}',
    '{{ range.constructor("return 1")() }}',
    '{{ range.invoke }}',
    '{{ range.call(1) }}',
    '{{ lst.length.constructor }}',
    '{{ lst.__class__ }}',
    '{{ lst.push(1) }}',
    '{{ lst.filter }}',
    '{{ (1).toFixed(2) }}',
    '{{ omit.toString() }}',
    '{{ cycler(1).constructor }}',
    '{{ namespace().attributes }}',
    '{{ loop.constructor }}',
    '{% for x in [1] %}{{ loop.constructor.constructor("return 1")() }}{% endfor %}',
    '{% for x in [1] %}{{ loop.neighbour(1) }}{% endfor %}',
    '{% macro m() %}{% endmacro %}{{ m.constructor("return 1")() }}',
    '{{ "a" | constructor }}',
    '{{ "a" is constructor }}',
    '{{ lookup("constructor") }}',
    '{{ lookup("__proto__") }}',
    '{{ d | attr("constructor") | mandatory }}',
    '{{ "{0.constructor}".format(lst) }}',
    '{{ "%(constructor)s" % d }}',
    '{{ constructor }}',
    '{{ globalThis }}',
    '{{ process }}',
    '{{ runtime.call }}',
    '{{ env }}',
    '{{ context }}',
    '{{ now.__globals__ }}',
  ])('%s is an error', source => {
    const error = errorOf(() => evaluate(source, { d: { a: 1 }, lst: [1] }))
    expect(error).toMatchObject({ name: 'TemplateError' })
  })

  it.each([
    ["{{ {'__proto__': {'polluted': 1}} | length }}", 1],
    ["{{ {'__proto__': 1}.polluted is defined }}", false],
    ["{{ dict([['__proto__', {'polluted': 1}]]).polluted is defined }}", false],
    ['{{ \'{"__proto__": {"polluted": 1}}\' | from_json | length }}', 1],
    ["{{ {'a': 1} | combine({'__proto__': {'polluted': 1}}) | length }}", 2],
  ])('%s changes no prototype', (source, expected) => {
    expect(evaluate(source)).toBe(expected)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it.each<[string, Value]>([
    ["a'b\\", "a'b\\"],
    ['`${1}`', '`${1}`'],
    ['\u2028\n"); throw 1; ("', '\u2028\n"); throw 1; ("'],
  ])('the text %j stays a text in generated code', (text, expected) => {
    const literal = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
    expect(makeTemplar().expression(`'${literal}'`)).toBe(expected)
    expect(makeTemplar().file(`${text}{{ '' }}`)).toBe(expected)
  })
})
