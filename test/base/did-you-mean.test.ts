import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance, nearestName } from '../../src/base/did-you-mean.ts'

describe('editDistance', () => {
  it.each([
    ['the same word', 'copy', 'copy', 0],
    ['a letter left out', 'notfy', 'notify', 1],
    ['a letter too many', 'nottify', 'notify', 1],
    ['a wrong letter', 'notigy', 'notify', 1],
    ['two neighbours swapped', 'ntoify', 'notify', 1],
    ['nothing to something', '', 'abc', 3],
  ])('counts %s', (_, a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })
})

describe('nearestName', () => {
  const known = ['template', 'copy', 'file', 'systemd', 'when']
  it.each([
    ['tempalte', 'template'],
    ['copi', 'copy'],
    ['systmd', 'systemd'],
    ['wehn', 'when'],
    ['Template', 'template'],
    ['firewall', undefined],
    ['xy', undefined],
  ])('for %s is %s', (name, nearest) => {
    expect(nearestName(name, known)).toBe(nearest)
  })

  it('becomes a hint', () => {
    expect(didYouMean('flie', known)).toBe('Did you mean file?')
    expect(didYouMean('unrelated', known)).toBeUndefined()
  })
})
