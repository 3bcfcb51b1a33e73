import { expect, it } from 'vitest'
import { dockerHostInfo } from '../../src/modules/docker_host_info.ts'
import { brief, decideWith } from './tables.ts'

it.each([
  ['tells of an engine', { ServerErrors: null, ID: 'x' }, 'ok'],
  [
    'fails without one, though docker ends well',
    { ServerErrors: ['Cannot connect'] },
    'fail: docker does not tell about host_info: Cannot connect',
  ],
])('%s', (_why, info, says) => {
  const answer = () => ({ code: 0, stdout: `${JSON.stringify(info)}\n`, stderr: '' })
  expect(brief(decideWith(dockerHostInfo, {}, answer))).toBe(says)
})
