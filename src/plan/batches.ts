/** `serial`: a play's hosts in batches. A number, a percentage, or a list of them (the last repeats). */
import { VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'

export function batches(hosts: readonly string[], serial: Value | undefined): string[][] {
  const sizes = (Array.isArray(serial) ? serial : [serial]).filter(
    size => size !== undefined && size !== null,
  )
  if (hosts.length === 0) return []
  const result: string[][] = []
  let start = 0
  for (let turn = 0; start < hosts.length; turn++) {
    const size =
      sizes.length === 0
        ? hosts.length
        : sizeOf(sizes[Math.min(turn, sizes.length - 1)] as Value, hosts.length)
    result.push(hosts.slice(start, start + size))
    start += size
  }
  return result
}

/** 0 and less mean all at once; a percentage is rounded down, but is at least one host. */
function sizeOf(size: Value, total: number): number {
  const text = String(size).trim()
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)
  const number = percent ? Math.max(1, Math.floor((Number(percent[1]) / 100) * total)) : Number(text)
  if (!Number.isInteger(number)) {
    throw new VpaiError('PLAY_SERIAL', `serial: ${text} is neither a number of hosts nor a percentage`)
  }
  return number <= 0 ? total : number
}
