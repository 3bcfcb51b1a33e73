import { describe, expect, it } from 'vitest'
import { Prediction } from '../../src/engine/prediction.ts'
import type { Action } from '../../src/modules/contract.ts'
import { keyId } from '../../src/probes/batch.ts'
import type { Key, Seen } from '../../src/probes/contract.ts'

const STAT = {
  mode: 0o600,
  uid: 33,
  gid: 33,
  owner: 'www-data',
  group: 'www-data',
  size: 3,
  mtime: 9,
  atime: 9,
  ctime: 9,
  nlink: 1,
  inode: '7',
  device: '1',
} as const

const bytes = (text: string) => new TextEncoder().encode(text)

/** A host of which all is known: a folder, a file in it, a link, and nothing else. */
const host: Seen = {
  has: () => true,
  get: ((key: Key): unknown => {
    if (key.kind === 'user') return { exists: true, uid: 1815, name: key.name }
    if (key.kind === 'group') return { exists: true, gid: 50 }
    if (key.kind === 'content')
      return key.path === '/d/f' ? { state: 'present', bytes: bytes('old') } : { state: 'absent' }
    if (key.kind !== 'path') throw new Error(keyId(key))
    if (key.path === '/d') return { ...STAT, type: 'directory', size: 4096 }
    if (key.path === '/d/f') return { ...STAT, type: 'file' }
    if (key.path === '/d/l') return { ...STAT, type: 'link', target: 'f', resolved: '/d/f' }
    return { type: 'absent' }
  }) as Seen['get'],
}

function once(...actions: readonly Action[]): Prediction {
  const state = new Prediction(host, true)
  expect(actions.every(action => state.apply(action))).toBe(true)
  return state
}

const at = (path: string): Key => ({ kind: 'path', path, hash: true })
const inside = (path: string): Key => ({ kind: 'content', path })

describe('a prediction', () => {
  it('knows content, size and mode of a file that is written, and leaves its owner', () => {
    const state = once({ do: 'put', path: '/d/f', content: bytes('newer') })
    expect(state.get(inside('/d/f'))).toEqual({ state: 'present', bytes: bytes('newer') })
    expect(state.get(at('/d/f'))).toMatchObject({ type: 'file', mode: 0o600, uid: 33, size: 5 })
  })

  it('gives a new file the mode asked for and, to root, root', () => {
    const state = once({ do: 'put', path: '/d/n', content: bytes('x'), mode: 0o640 })
    expect(state.get(at('/d/n'))).toMatchObject({ type: 'file', mode: 0o640, uid: 0, gid: 0, size: 1 })
  })

  it('makes the folders above a new one', () => {
    const state = once({ do: 'mkdir', path: '/n/m', mode: 0o700 })
    expect(state.get(at('/n'))).toMatchObject({ type: 'directory', mode: 0o700 })
    expect(state.isNewDirectory('/n/m')).toBe(true)
    expect(state.isNewDirectory('/d')).toBe(false)
  })

  it('sees what is removed as gone, with all that was in it', () => {
    const state = once({ do: 'remove', path: '/d' }, { do: 'put', path: '/d/n', content: bytes('x') })
    expect(state.get(at('/d'))).toEqual({ type: 'absent' })
    expect(state.get(at('/d/f'))).toEqual({ type: 'absent' })
    expect(state.get(inside('/d/f'))).toEqual({ state: 'absent' })
    expect(state.get(at('/d/n'))).toMatchObject({ type: 'file', size: 1 })
  })

  it('leaves what is in a file that only gets another mode', () => {
    const state = once({ do: 'attributes', path: '/d/f', mode: 0o644 })
    expect(state.get(inside('/d/f'))).toEqual({ state: 'present', bytes: bytes('old') })
    expect(state.get({ kind: 'path', path: '/d/f' })).toMatchObject({ mode: 0o644 })
  })

  it('names an owner as the task did that asked for it', () => {
    const state = new Prediction(host, true)
    const keys: Key[] = [
      { kind: 'user', name: 'ada' },
      { kind: 'group', name: 'staff' },
    ]
    state.apply({ do: 'mkdir', path: '/d/n', owner: 1815, group: 50 }, keys)
    expect(state.get(at('/d/n'))).toMatchObject({ uid: 1815, owner: 'ada', gid: 50, group: 'staff' })
  })

  it.each<[string, Action, string]>([
    ['what a link leads to', { do: 'link', path: '/d/n', target: '/x' }, '/d/n'],
    ['what is behind a link', { do: 'link', path: '/d/n', target: '/x' }, '/d/n/f'],
    ['what is below a file', { do: 'put', path: '/d/n', content: bytes('x') }, '/d/n/f'],
    ['a file that another user is to own', { do: 'attributes', path: '/d/f', owner: 'ada' }, '/d/f'],
    ['a file written where a link stands', { do: 'put', path: '/d/l', content: bytes('x') }, '/d/l'],
    [
      'what is below a folder changed as a whole',
      { do: 'attributes', path: '/d', mode: 0o755, recursive: true },
      '/d/f',
    ],
  ])('cannot tell %s', (_what, action, path) => {
    expect(once(action).has(at(path))).toBe(false)
  })

  it('leaves everything else as it was seen', () => {
    const state = once({ do: 'put', path: '/d/f', content: bytes('x') })
    expect(state.get(at('/d'))).toMatchObject({ size: 4096, inode: '7' })
  })

  it('ends where an action may do anything', () => {
    expect(new Prediction(host, true).apply({ do: 'run', argv: ['true'] })).toBe(false)
  })
})
