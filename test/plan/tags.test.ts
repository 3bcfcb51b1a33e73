import { describe, expect, it } from 'vitest'
import { tagFilter } from '../../src/plan/tags.ts'

const TASKS: Record<string, readonly string[]> = {
  a: ['one'],
  b: ['always'],
  c: ['never', 'one'],
  d: [],
  e: ['never'],
  f: ['always', 'two'],
}

function running(tags: string[], skip: string[] = []): string {
  const filter = tagFilter(tags, skip)
  return Object.keys(TASKS)
    .filter(name => filter.runs(TASKS[name] ?? []))
    .join('')
}

describe('tagFilter', () => {
  it.each<[situation: string, tags: string[], skip: string[], runs: string]>([
    ['nothing asked: all but never', [], [], 'abdf'],
    ['one tag: it, always, and never when named', ['one'], [], 'abcf'],
    ['all is like nothing asked', ['all'], [], 'abdf'],
    ['tagged leaves untagged out', ['tagged'], [], 'abf'],
    ['untagged takes always along', ['untagged'], [], 'bdf'],
    ['never can be asked for by name', ['never'], [], 'bcef'],
    ['skipping a tag', [], ['one'], 'bdf'],
    ['skipping wins over asking', ['one'], ['one'], 'bf'],
    ['always can be skipped by name', [], ['always'], 'ad'],
    ['skipping all leaves always', [], ['all'], 'bf'],
    ['skipping tagged leaves what must always run', [], ['tagged'], 'bdf'],
    ['skipping untagged', [], ['untagged'], 'abf'],
  ])('%s', (_situation, tags, skip, runs) => {
    expect(running(tags, skip)).toBe(runs)
  })
})
