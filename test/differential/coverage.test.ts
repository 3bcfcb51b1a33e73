/** Every keyword at every place, and every module, is in a playbook that both tools play. */
import { describe, expect, it, test } from 'vitest'
import { ALL_MODULES } from '../../src/modules/index.ts'
import { standsAt } from '../compatibility/known.ts'
import { ANSIBLE, LEVELS } from '../compatibility/lists.ts'
import { allCases } from './cases.ts'
import { coverageOf } from './coverage.ts'
import { readNotCompared } from './not-compared.ts'

const cases = allCases()
const coverage = coverageOf(cases)
const notCompared = readNotCompared()

describe.each([...LEVELS, 'handler'])('a keyword of Ansible that may stand at %s', level => {
  const words = (ANSIBLE.keywords[level] ?? []).filter(word => standsAt(word, level))
  it.each(words)('%s stands there in a playbook', word => {
    expect(coverage.keywords.get(`${level} ${word}`) ?? []).not.toEqual([])
  })
})

it.each(ANSIBLE.keywords.loop_control ?? [])('loop_control has %s in a playbook', word => {
  expect(coverage.loopControl.get(word) ?? []).not.toEqual([])
})

it.each(ANSIBLE.keywords.meta_actions ?? [])('meta does %s in a playbook', word => {
  expect(coverage.meta.get(word) ?? []).not.toEqual([])
})

it.each(ALL_MODULES.map(({ name }) => name))(
  '%s is in a playbook, or not-compared.yml says why not',
  name => {
    const where = notCompared[name] === undefined ? (coverage.modules.get(name) ?? []) : ['not compared']
    expect(where).not.toEqual([])
  },
)

test('what is not compared is a module that no playbook uses', () => {
  const names = new Set(ALL_MODULES.map(({ name }) => name))
  expect(Object.keys(notCompared).filter(name => !names.has(name) || coverage.modules.has(name))).toEqual([])
})

test('there are enough playbooks', () => {
  expect(cases.length).toBeGreaterThanOrEqual(60)
})
