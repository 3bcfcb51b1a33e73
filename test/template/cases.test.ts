/** The contract: inputs and outputs of Jinja2 with Ansible's filters, by area. */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { looksLikeTemplate, Template, type Value } from '../../src/base/value.ts'
import { readJson } from '../../src/template/data/json-reader.ts'
import { writeJson } from '../../src/template/data/json-writer.ts'
import { withEvaluator } from '../../src/template/runtime/evaluator.ts'
import { ScopeEvaluator } from '../../src/template/scope-evaluator.ts'
import type { TemplarOptions } from '../../src/template/templar.ts'
import { makeTemplar, PlainSecrets, scopeOf } from './make-templar.ts'

interface Case {
  readonly id: string
  readonly group: string
  readonly kind: 'tmpl' | 'expr' | 'cond' | 'error' | 'cond-error'
  readonly input: string
  readonly expected: string
}

const fixture = readJson(
  readFileSync(new URL('../fixtures/jinja-cases.json', import.meta.url), 'utf8'),
) as unknown as {
  readonly vars: Readonly<Record<string, Value>>
  readonly cases: readonly Case[]
}

const options: Partial<TemplarOptions> = {
  lookups: {
    pipe: ([command]) => (command === 'echo hi' ? 'hi' : ''),
    env: () => '',
  },
  machine: {
    home: '/root',
    realpath: path => posix.normalize(path),
    stat: path =>
      path === '/tmp' ? { kind: 'directory', target: null, identity: path, isMount: false } : null,
  },
  now: () => new Date(0),
  random: () => 0.5,
}

/** JSON of a value, made the way `to_json` makes it. */
function toJson(value: Value): string {
  const evaluator = new ScopeEvaluator({ scope: scopeOf({}), secrets: new PlainSecrets() }, () => undefined)
  return withEvaluator(evaluator, () => writeJson(value))
}

function run({ kind, input }: Case): unknown {
  const templar = makeTemplar(fixture.vars, options)
  if (kind === 'tmpl') return templar.file(input)
  if (kind === 'cond' || kind === 'cond-error') return templar.condition(input)
  return toJson(templar.value(looksLikeTemplate(input) ? new Template(input) : input))
}

/** What went wrong with a case, or null. */
function failure(test: Case): string | null {
  const mustFail = test.kind === 'error' || test.kind === 'cond-error'
  try {
    const got = run(test)
    const wanted = test.kind === 'expr' ? toJson(readJson(test.expected)) : test.expected
    if (!mustFail && got === wanted) return null
    return `${test.id} ${JSON.stringify(test.input)}: wanted ${mustFail ? 'an error' : wanted}, got ${String(got)}`
  } catch (error) {
    return mustFail ? null : `${test.id} ${JSON.stringify(test.input)}: ${String(error)}`
  }
}

describe('the 758 cases of Jinja2 and Ansible', () => {
  it('are all there', () => {
    expect(fixture.cases).toHaveLength(758)
  })

  const areas = [...new Set(fixture.cases.map(test => test.group))]
  it.each(areas)('hold for %s', area => {
    const failures = fixture.cases.filter(test => test.group === area).map(failure)
    expect(failures.filter(found => found !== null)).toEqual([])
  })
})
