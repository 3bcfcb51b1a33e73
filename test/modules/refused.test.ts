/** Arguments with values that cannot be honoured are errors, never without effect. */
import { expect, test } from 'vitest'
import { findModule } from '../../src/modules/index.ts'

test.each([
  ['template', { src: 'a', dest: '/a', output_encoding: 'latin-1' }],
  ['include_vars', { file: 'a', hash_behaviour: 'merge' }],
  ['find', { paths: '/a', encoding: 'latin-1' }],
  ['get_url', { url: 'http://a', dest: '/a', unredirected_headers: ['X-Token'] }],
])('%s refuses %j', (name, args) => {
  const parsed = findModule(name)?.args().safeParse(args)
  expect(JSON.stringify(parsed?.error?.issues)).toContain('cannot be honoured')
})

test.each([
  ['template', { src: 'a', dest: '/a', output_encoding: 'UTF-8' }],
  ['include_vars', { file: 'a', hash_behaviour: 'replace' }],
  ['find', { paths: '/a', encoding: 'utf-8' }],
  ['get_url', { url: 'http://a', dest: '/a', unredirected_headers: ['Authorization'] }],
])('%s takes %j', (name, args) => {
  expect(findModule(name)?.args().safeParse(args).success).toBe(true)
})
