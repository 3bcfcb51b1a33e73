import { describe, expect, it } from 'vitest'
import { ageText, sizeText } from '../../src/cli/releases/tell-data.ts'

describe('what a snapshot is told by', () => {
  it.each([
    [0, '0 kB'],
    [4096, '4.1 kB'],
    [999_000, '1000 kB'],
    [12_400_000, '12 MB'],
    [3_000_000_000, '3 GB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text)
  })

  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [119, '1 minute'],
    [7200, '2 hours'],
    [200_000, '2 days'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(ageText(seconds)).toBe(text)
  })
})
