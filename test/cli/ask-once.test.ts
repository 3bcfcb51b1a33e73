import { expect, it } from 'vitest'
import { Answers } from '../../src/cli/saved-plan/ask-once.ts'

it('what was answered while planning is not asked again, and other questions are asked each time', async () => {
  const asked: string[] = []
  const ask = async (text: string) => {
    asked.push(text)
    return `${text} ${asked.length}`
  }
  const answers = new Answers()
  expect(await answers.keeping(ask)('Release?', true)).toBe('Release? 1')
  expect(await answers.keeping(ask)('Release?', true)).toBe('Release? 1')
  const giving = answers.giving(ask)
  expect(await giving('Release?', true)).toBe('Release? 1')
  await giving('Go on?', true)
  await giving('Go on?', true)
  expect(asked).toEqual(['Release?', 'Go on?', 'Go on?'])
})
