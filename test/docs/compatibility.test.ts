import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { CONTROLS } from '../../src/config/read-loop.ts'
import { META_WORDS } from '../../src/config/rules/check-meta.ts'
import { isKnown, KNOWN, shortName } from '../compatibility/known.ts'
import { ANSIBLE, documented, KINDS, NOTES } from '../compatibility/lists.ts'
import { entries, withTables } from '../compatibility/page.ts'
import { allCases } from '../differential/cases.ts'
import { readDifferences } from '../differential/differences.ts'
import { withDifferences } from '../differential/differences-section.ts'

const PAGE = new URL('../../docs/compatibility.md', import.meta.url)
const page = readFileSync(PAGE, 'utf8')

test('docs/compatibility.md says what the source knows, and lists the differences that are kept', async () => {
  await expect(withTables(withDifferences(page))).toMatchFileSnapshot(PAGE.pathname)
})

describe.each(KINDS)('of %s', kind => {
  it('what the page calls supported or partly supported is known to the source', () => {
    const section = page
      .split(/^## /m)
      .find(part => part.toLowerCase().startsWith(kind.replace('variables', 'special variables')))
    const told = [...(section ?? '').matchAll(/^\| `([^`]+)` \| (?:yes|partly) \|/gm)].map(
      ([, name = '']) => name,
    )
    expect(told.length).toBeGreaterThan(5)
    expect(told.filter(name => !isKnown(kind, name))).toEqual([])
  })

  it('what the source knows is on the page', () => {
    const listed = new Set([...documented(kind).map(shortName), ...Object.keys(NOTES.beyond[kind] ?? {})])
    // What the engine calls ansible_… besides is what facts and results are called.
    const ours = kind === 'variables' ? [] : [...KNOWN[kind]]
    expect(ours.filter(name => !listed.has(name))).toEqual([])
  })

  it('notes are about what is documented, and about what they say', () => {
    const names = new Set(documented(kind))
    const partly = Object.keys(NOTES.partly[kind] ?? {})
    const instead = Object.keys(NOTES.instead[kind] ?? {})
    const beyond = Object.keys(NOTES.beyond[kind] ?? {})
    expect([...partly, ...instead].filter(name => !names.has(name))).toEqual([])
    expect([...partly, ...beyond].filter(name => !isKnown(kind, name))).toEqual([])
    expect(instead.filter(name => isKnown(kind, name))).toEqual([])
  })

  it('no more than a few are missing', () => {
    const all = entries(kind)
    const missing = all.filter(({ support }) => support === 'no').map(({ name }) => name)
    if (kind === 'modules')
      expect(missing.filter(name => name.startsWith('ansible.builtin.')).length).toBeLessThan(4)
    else expect(missing.length).toBeLessThan(5)
  })
})

test('every key of loop_control and every word of meta is there, and no other', () => {
  expect([...CONTROLS].sort()).toEqual(ANSIBLE.keywords.loop_control)
  expect([...META_WORDS].sort()).toEqual(ANSIBLE.keywords.meta_actions)
})

test('every kept difference names playbooks that there are', () => {
  const names = allCases().map(({ name }) => name)
  const unknown = readDifferences().flatMap(({ playbooks }) =>
    playbooks === 'any' ? [] : playbooks.filter(name => !names.includes(name)),
  )
  expect(unknown).toEqual([])
})
