import { expect, it } from 'vitest'
import { Meter, pursuitOf } from '../../src/engine/meter.ts'

it('counts what is within something for itself, and the rest as deciding', async () => {
  let now = 0
  const meter = new Meter(() => now)
  const after = (ms: number) =>
    Promise.resolve().then(() => {
      now += ms
    })
  now += 5
  await meter.spend(
    'probe',
    after(10).then(() => meter.spend('connect', after(30))),
  )
  now += 1
  await expect(
    meter.spend(
      'act',
      after(7).then(() => Promise.reject(new Error('lost'))),
    ),
  ).rejects.toThrow('lost')
  expect(meter.read()).toEqual({ connect: 30, probe: 10, upload: 0, act: 7, wait: 0, decide: 6 })
})

it.each([
  [{ do: 'put', path: '/a', content: new Uint8Array() }, 'upload'],
  [{ do: 'run', script: 'x', files: {} }, 'upload'],
  [{ do: 'run', script: 'x' }, 'act'],
  [{ do: 'run', script: 'x', readOnly: true }, 'probe'],
  [{ do: 'read', path: '/a' }, 'probe'],
  [{ do: 'pause', seconds: 1 }, 'wait'],
  [{ do: 'remove', path: '/a' }, 'act'],
] as const)('%j is %s', (action, pursuit) => {
  expect(pursuitOf(action)).toBe(pursuit)
})
