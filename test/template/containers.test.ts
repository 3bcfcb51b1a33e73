import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/base/value.ts'
import { makeTemplar } from './make-templar.ts'

describe('containers a template changes', () => {
  it.each<[string, string]>([
    ['{% set _ = list.append(9) %}{{ list }}', '[1, [2], 9]'],
    ['{% set _ = list[1].append(9) %}{{ list }}', '[1, [2, 9]]'],
    ['{% set mine = list %}{% set _ = mine.append(9) %}{{ list }}', '[1, [2], 9]'],
    ['{% set _ = dict.update({"b": 2}) %}{{ dict }} {{ dict.b }}', "{'a': 1, 'b': 2} 2"],
    [
      '{% set _ = lazy.update({"b": 2}) %}{{ lazy }} {{ lazy.b }} {{ lazy | length }}',
      "{'a': 'x1', 'b': 2} 2 2",
    ],
    ['{% set _ = outer.inner.pop("k") %}{{ outer }}', "{'inner': {}}"],
    ['{% set r = [] %}{% for i in list %}{% set _ = r.append(i) %}{% endfor %}{{ r }}', '[1, [2]]'],
    ['{% set r = [] %}{% do r.extend([2, 1]) %}{% do r.sort() %}{{ r }}', '[1, 2]'],
  ])('%s sees the change and leaves the variable alone', (source, expected) => {
    const variables = {
      list: [1, [2]],
      dict: { a: 1 },
      lazy: { a: 'x{{ list[0] }}' },
      outer: { inner: { k: 1 } },
    }
    const before = structuredClone(variables)
    const templar = makeTemplar(variables as Record<string, Value>)
    expect(templar.file(source)).toBe(expected)
    expect(variables).toEqual(before)
    expect(templar.file('{{ list }}{{ dict }}{{ outer }}')).toBe("[1, [2]]{'a': 1}{'inner': {'k': 1}}")
  })
})
