import { describe, expect, it } from 'vitest'
import { Prediction } from '../../src/engine/prediction.ts'
import type { Action } from '../../src/modules/contract.ts'
import { keyId } from '../../src/probes/batch.ts'
import type { ContentSeen, Key, PathSeen, Seen } from '../../src/probes/contract.ts'

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
  get: ((key: Key): PathSeen | ContentSeen => {
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

  it('sees what is removed as gone, and cannot tell what was below', () => {
    const state = once({ do: 'remove', path: '/d' })
    expect(state.get(at('/d'))).toEqual({ type: 'absent' })
    expect(state.has(at('/d/f'))).toBe(false)
  })

  it.each<[string, Action, string]>([
    ['what a link leads to', { do: 'link', path: '/d/n', target: '/x' }, '/d/n'],
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
