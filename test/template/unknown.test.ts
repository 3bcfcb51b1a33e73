import { describe, expect, it } from 'vitest'
import { Unknown } from '../../src/base/value.ts'
import { UnknownValueError } from '../../src/template/index.ts'
import { errorOf, evaluate, makeTemplar } from './make-templar.ts'

const variables = {
  late: new Unknown('the result of "read the version"'),
  derived: 'v{{ late.stdout }}',
  holder: { known: 1, late: new Unknown('later') },
}

describe('a value known only after apply', () => {
  it.each([
    ['late is defined', true],
    ['late is undefined', false],
    ['late.stdout is defined', true],
    ['late.a[0].b is defined', true],
    ['derived is defined', true],
    ['holder.known == 1', true],
    ['holder | length == 2', true],
    ['true or late', true],
  ])('lets %s be %s', (condition, expected) => {
    expect(makeTemplar(variables).condition(condition)).toBe(expected)
  })

  it.each([
    '{{ late }}',
    'text {{ late.stdout }}',
    '{{ late == 1 }}',
    '{{ late.rc < 1 }}',
    '{{ not late }}',
    '{{ 1 in late }}',
    '{{ late in [1] }}',
    '{{ late + 1 }}',
    '{{ late ~ "x" }}',
    '{{ late | upper }}',
    '{{ late | default("x") }}',
    '{{ late is failed }}',
    '{{ late.split() }}',
    '{{ "x" | replace("x", late) }}',
    '{{ derived }}',
    '{{ derived | default("x") }}',
    '{{ holder }}',
    'text {{ holder }}',
    '{{ holder | to_json }}',
    '{{ [late] | join }}',
    '{% for x in late %}{% endfor %}',
    '{% if late %}{% endif %}',
    '{{ {late: 1} }}',
  ])('makes %s known after apply', source => {
    const error = errorOf(() => evaluate(source, variables))
    expect(error).toBeInstanceOf(UnknownValueError)
    expect(error).toMatchObject({ code: 'TEMPLATE_UNKNOWN_VALUE' })
  })

  it('says why', () => {
    const error = errorOf(() => makeTemplar(variables).condition('late.changed'))
    expect(error).toMatchObject({ reason: 'the result of "read the version"' })
  })
})
