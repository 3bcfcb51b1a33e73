/** Answers of ansible.utils; generate-ipaddr-cases.py writes them anew. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/base/value.ts'
import { readJson } from '../../src/template/data/json-reader.ts'
import { evaluate } from './make-templar.ts'

interface Case {
  readonly filter: string
  readonly args: readonly Value[]
  readonly value?: Value
  readonly error?: true
}

const CASES = readJson(
  readFileSync(new URL('../fixtures/ipaddr-cases.json', import.meta.url), 'utf8'),
) as unknown as readonly Case[]

function differs({ filter, args: [value, ...more], value: wanted, error }: Case): string[] {
  const names = more.map((_, i) => `a${i}`)
  const variables = Object.fromEntries(more.map((one, i) => [`a${i}`, one]))
  const asked = `${JSON.stringify(value)} | ${filter}(${more.map(one => JSON.stringify(one)).join(', ')})`
  try {
    const got = evaluate(`{{ v | ${filter}(${names.join(', ')}) }}`, { v: value as Value, ...variables })
    const same = JSON.stringify(got, big) === JSON.stringify(wanted, big)
    return error === undefined && same
      ? []
      : [`${asked}: ${JSON.stringify(wanted, big)}, not ${JSON.stringify(got, big)}`]
  } catch (caught) {
    return error === true ? [] : [`${asked}: ${JSON.stringify(wanted, big)}, not ${String(caught)}`]
  }
}

function big(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

describe('the family of ipaddr', () => {
  it.each([...new Set(CASES.map(({ filter }) => filter))])('%s answers as ansible.utils does', filter => {
    expect(CASES.filter(one => one.filter === filter).flatMap(differs)).toEqual([])
  })
})
