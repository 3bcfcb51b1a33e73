import { expect, it } from 'vitest'
import { HostState } from '../../src/engine/host-state.ts'

const reaches = (host: HostState, times: number) => Array.from({ length: times }, () => host.nextReach())

it('looks at a host as a whole as long as nothing changes', () => {
  expect(reaches(new HostState('web1'), 2)).toEqual([1000, 1000])
})

it('looks a few tasks ahead after a change, then further each time', () => {
  const host = new HostState('web1')
  host.lookNear()
  expect(reaches(host, 6)).toEqual([4, 16, 64, 256, 1000, 1000])
  host.lookNear()
  expect(reaches(host, 2)).toEqual([4, 16])
})

it('looks at it as a whole again when a play begins', () => {
  const host = new HostState('web1')
  host.lookNear()
  host.lookFar()
  expect(host.nextReach()).toBe(1000)
})
