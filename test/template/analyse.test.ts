import { describe, expect, it } from 'vitest'
import { analyse, type SourceKind } from '../../src/template/index.ts'

/** Names needed from outside, guarded ones with a question mark. */
function names(source: string, kind: SourceKind = 'text'): string[] {
  return analyse(source, kind).variables.map(({ name, guarded }) => name + (guarded ? '?' : ''))
}

describe('analyse', () => {
  it.each<[string, readonly string[]]>([
    ['{{ a.b[c] }}', ['a', 'c']],
    ['{{ a | default(b) }}', ['a?', 'b']],
    ['{{ a.b.c | default(1) }}', ['a?']],
    ['{{ a | mandatory }}', ['a?']],
    ['{{ a is defined }}', ['a?']],
    ['{{ a is defined and a.b == c }}', ['a?', 'c']],
    ['{{ a is not defined or a == 1 }}', ['a?']],
    ['{{ a is undefined or a == 1 }}', ['a?']],
    ['{{ a or a is defined }}', ['a']],
    ['{{ a if a is defined else b }}', ['a?', 'b']],
    ['{{ 1 if a is not defined else a }}', ['a?']],
    ['{% if a is defined %}{{ a }}{% else %}{{ a }}{% endif %}', ['a']],
    ['{% if a is defined %}{{ a }}{% endif %}', ['a?']],
    ['{% if a is defined and b is defined %}{{ a + b }}{% endif %}', ['a?', 'b?']],
    ['{% if not (a is undefined or b) %}{{ a }}{{ b }}{% endif %}', ['a?', 'b']],
    ['{% if a is defined or b %}{{ a }}{% endif %}', ['a', 'b']],
    ['{% if a is undefined and b %}{% else %}{{ a }}{% endif %}', ['a', 'b']],
    ['{% if a | default(false) %}{{ a.b }}{% endif %}', ['a?']],
    ['{% for x in xs if x.on %}{{ x }}{{ loop.index }}{{ y }}{% endfor %}{{ x }}', ['xs', 'y', 'x']],
    ['{% for k, v in d.items() %}{{ k }}{{ v }}{% endfor %}', ['d']],
    ['{% set a = b %}{{ a }}', ['b']],
    ['{{ a }}{% set a = 1 %}', ['a']],
    ['{% set ns = namespace(n=0) %}{% set ns.n = m %}{{ ns.n }}', ['m']],
    ['{% set t %}{{ x }}{% endset %}{{ t }}', ['x']],
    [
      '{% macro m(a, b=c) %}{{ a }}{{ b }}{{ d }}{{ varargs }}{{ m(1) }}{% endmacro %}{{ m(e) }}',
      ['c', 'd', 'e'],
    ],
    ['{% filter upper %}{% set a = 1 %}{{ a }}{% endfilter %}{{ a }}', ['a']],
    ['{% call(x) m(1) %}{{ x }}{{ caller }}{% endcall %}', ['m']],
    ['{% with a = b %}{{ a }}{% endwith %}{{ a }}', ['b', 'a']],
    ['{% import file as lib %}{{ lib.x }}', ['file']],
    ['{% from "f" import a, b as c %}{{ a }}{{ c }}{{ b }}', ['b']],
    ['{{ lookup("env", name) }}{{ range(n) }}{{ omit }}{{ vars["x"] }}', ['name', 'n']],
    ['{% block b %}{{ super() }}{{ x }}{% endblock %}', ['x']],
    ['{% raw %}{{ a }}{% endraw %}{# {{ b }} #}', []],
    ['{{ {"k": v, key: 1} }}{{ [x] }}{{ f(a, k=b, *c, **d) }}', ['v', 'key', 'x', 'f', 'a', 'c', 'b', 'd']],
  ])('finds the variables of %s', (source, expected) => {
    expect(names(source)).toEqual(expected)
  })

  it('reads expressions and files in their own syntax', () => {
    expect(names("a == '\\d' and b", 'expression')).toEqual(['a', 'b'])
    expect(
      names("#jinja2: variable_start_string: '[%', variable_end_string: '%]'\n[% a %]{{ b }}", 'file'),
    ).toEqual(['a'])
  })

  it('names filters, tests and lookups, also those given by name to another filter', () => {
    const source =
      "{{ a | map('upper') | select('match', 'x') | selectattr('k', 'defined') | list }}{{ q('file', p) }}"
    expect(analyse(source, 'text')).toMatchObject({
      problems: [],
      filters: ['map', 'upper', 'select', 'selectattr', 'list'],
      tests: ['match', 'defined'],
      lookups: ['file'],
    })
  })

  it.each([
    ['{{ a | lenght }}', 'TEMPLATE_UNKNOWN_FILTER', 'Did you mean length?', 8],
    ["{{ a | map('uper') }}", 'TEMPLATE_UNKNOWN_FILTER', 'Did you mean upper?', 12],
    ['{{ a is macth("x") }}', 'TEMPLATE_UNKNOWN_TEST', 'Did you mean match?', 9],
    ["{{ lookup('flie', 'x') }}", 'TEMPLATE_UNKNOWN_LOOKUP', 'Did you mean file?', 11],
    ['{{ (a }}', 'TEMPLATE_SYNTAX', undefined, 7],
    [
      "{{ a | community.general.json_query('x') | ansible.builtin.nope }}",
      'TEMPLATE_UNKNOWN_FILTER',
      undefined,
      44,
    ],
  ])('reports %s', (source, code, hint, column) => {
    const { problems } = analyse(source, 'text', { position: { file: 'a.yml', line: 3, column: 1 } })
    expect(problems).toMatchObject([{ code, hint, position: { file: 'a.yml', line: 3, column } }])
  })

  it('counts the first line of a file among its lines', () => {
    const { problems } = analyse('#jinja2: trim_blocks: False\n\n{{ a | nope }}', 'file', {
      position: { file: 'a.j2', line: 1, column: 1 },
    })
    expect(problems).toMatchObject([{ position: { line: 3, column: 8 } }])
  })

  it('says where a variable is used, the unguarded place first', () => {
    const { variables } = analyse('{{ a | default(1) }}\n{{ a }}', 'text', {
      position: { file: 'a.yml', line: 5, column: 9 },
    })
    expect(variables).toEqual([
      { name: 'a', guarded: false, position: { file: 'a.yml', line: 6, column: 4 } },
    ])
  })

  it('takes lookups it is told about for known', () => {
    expect(analyse("{{ lookup('vault_kv', 'x') }}", 'text', { lookups: ['vault_kv'] }).problems).toEqual([])
  })
})
