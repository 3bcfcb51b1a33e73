import { expect, it } from 'vitest'
import { NameWalker } from '../../src/template/name-walker.ts'
import { parseTemplate } from '../../src/template/parser/jinja-parser.ts'
import { plainNames } from '../../src/template/plain-names.ts'
import { STRING_SYNTAX } from '../../src/template/syntax.ts'

it.each([
  '{{ a }}',
  '{{a}}',
  'before {{ a.b.c }} between {{ d }}, after',
  '{{ a }}{{ a }}',
  "it's {{ omit }} and {{ vars.x }} and {{ range }}",
  'ä€𝄞 {{ name_1 }}',
])('finds in %j what the parser finds, at the same places', source => {
  const walker = new NameWalker()
  walker.walk(parseTemplate(source, STRING_SYNTAX))
  expect(plainNames(source)).toEqual(walker.variables)
})

it.each([
  '{{ a | b }}',
  '{{ a[0] }}',
  '{{ a() }}',
  '{{ 1 }}',
  '{{ true }}',
  '{{ not }}',
  '{{- a }}',
  '{{ a + b }}',
  '{{ a }} {% if x %}{% endif %}',
  '{{ a }} {# b #}',
  '{{ a',
  '{{ a }} }}',
  '{{ a.0 }}',
  '{{\n a }}',
  'no tags',
])('leaves %j to the parser', source => {
  expect(plainNames(source)).toBe(undefined)
})
