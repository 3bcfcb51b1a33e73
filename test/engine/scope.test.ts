import { describe, expect, it } from 'vitest'
import { limiter } from '../../src/engine/limit.ts'
import { dictScope, lazyScope, mapScope, stack } from '../../src/engine/scope.ts'

describe('stack', () => {
  const scope = stack([
    dictScope({ a: 1, n: null }),
    mapScope(new Map([['b', 2]])),
    dictScope({ a: 9, n: 9, c: 3 }),
  ])

  it('lets the first that knows a name win, null too', () => {
    expect(['a', 'b', 'c', 'n', 'd'].map(name => scope.get(name))).toEqual([1, 2, 3, null, undefined])
  })

  it('names each name once', () => {
    expect([...scope.names()]).toEqual(['a', 'n', 'b', 'c'])
  })

  it('does not find what every object has', () => {
    expect(scope.get('constructor')).toBeUndefined()
  })
})

describe('lazyScope', () => {
  it('computes a value once, when it is asked for', () => {
    let made = 0
    const scope = lazyScope({ a: () => ++made })
    expect([made, scope.get('a'), scope.get('a'), made]).toEqual([0, 1, 1, 1])
  })
})

describe('limiter', () => {
  it('runs no more than its width at a time, in order, also after a failure', async () => {
    const limit = limiter(2)
    let running = 0
    let most = 0
    const order: number[] = []
    const work = (n: number) => async () => {
      running++
      most = Math.max(most, running)
      await Promise.resolve()
      order.push(n)
      running--
      if (n === 1) throw new Error('one')
    }
    const all = await Promise.allSettled([0, 1, 2, 3].map(n => limit(work(n))))
    expect(all.map(one => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect([most, order]).toEqual([2, [0, 1, 2, 3]])
  })
})
