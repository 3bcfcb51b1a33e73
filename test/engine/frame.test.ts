import { describe, expect, it } from 'vitest'
import type { Value } from '../../src/base/value.ts'
import { enter, moduleDefaultsFor, NO_FRAME } from '../../src/engine/frame.ts'

describe('enter', () => {
  it('lets the nearest single value win and adds conditions, tags and variables up', () => {
    const outer = enter(
      NO_FRAME,
      { become: true, becomeUser: 'a', when: ['x'], tags: ['t1'], vars: { v: 1 } },
      { directory: 'play' },
    )
    const inner = enter(outer, { becomeUser: 'b', when: ['y'], tags: ['t2', 't1'], vars: { v: 2 } })
    expect(inner.nearest).toEqual({ become: true, becomeUser: 'b' })
    expect(inner).toMatchObject({
      when: ['x', 'y'],
      tags: ['t1', 't2'],
      vars: [{ v: 1 }, { v: 2 }],
      directory: 'play',
    })
  })

  it('keeps an explicit false', () => {
    expect(enter(enter(NO_FRAME, { become: true }), { become: false }).nearest.become).toBe(false)
  })

  it('takes variables of an include as its parameters', () => {
    const frame = enter(NO_FRAME, { vars: { v: 1 } }, { asInclude: true })
    expect(frame).toMatchObject({ vars: [], includeParams: [{ v: 1 }] })
  })
})

describe('moduleDefaultsFor', () => {
  it('takes short and full names, inner levels over outer ones', () => {
    const levels: Value[] = [
      { 'ansible.builtin.file': { mode: '0600', owner: 'a' } },
      { file: { mode: '0644' }, copy: { mode: '0' } },
    ]
    expect(moduleDefaultsFor(levels, 'file')).toEqual({ mode: '0644', owner: 'a' })
  })
})
