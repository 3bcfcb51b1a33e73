import { expect, it } from 'vitest'
import { applyEdits } from '../../src/lint/apply-edits.ts'
import { lint, playWith } from './linted.ts'

it('mends what keeps its meaning: after it the same rules find nothing there', () => {
  const file = 'playbooks/site.yml'
  const text = playWith(
    'file: { path: /x, state: directory, mode: 0755 }',
    'copy: { content: x, dest: /y, mode: 0600, directory_mode: 0700 }',
  )
  const findings = lint({ [file]: text })
  const [fixed] = applyEdits(findings, () => text)
  expect(fixed).toMatchObject({ file, count: 3 })
  expect(fixed?.text).toContain('mode: "0755"')
  expect(fixed?.text).toContain('mode: "0600", directory_mode: "0700"')
  expect(lint({ [file]: fixed?.text ?? '' })).toEqual([])
})

it('leaves alone what does not read as it did', () => {
  const findings = lint({ 'site.yml': playWith('file: { path: /x, state: directory, mode: 0755 }') })
  expect(applyEdits(findings, () => '- hosts: all\n')).toEqual([])
})
