/** Arguments with values that cannot be honoured are errors, never without effect. */
import { expect, test } from 'vitest'
import { findModule } from '../../src/modules/index.ts'

test.each([
  ['template', { src: 'a', dest: '/a', output_encoding: 'latin-1' }],
  ['include_vars', { file: 'a', hash_behaviour: 'merge' }],
  ['find', { paths: '/a', encoding: 'latin-1' }],
  ['get_url', { url: 'http://a', dest: '/a', unredirected_headers: ['X-Token'] }],
  ['get_url', { url: 'http://a', dest: '/a', use_gssapi: true }],
  ['lineinfile', { path: '/a', line: 'x', encoding: 'latin-1' }],
  ['apt_repository', { repo: 'ppa:a/b' }],
  ['authorized_key', { user: 'a', key: 'https://x/ada.keys' }],
  ['hostname', { name: 'a', use: 'freebsd' }],
  ['package_facts', { manager: 'pacman' }],
  ['s3_object', { bucket: 'abc', object: 'o', mode: 'copy', copy_src: { bucket: 'abc', prefix: 'x' } }],
  ['docker_network', { name: 'a', tls_hostname: 'b' }],
])('%s refuses %j', (name, args) => {
  const parsed = findModule(name)?.args().safeParse(args)
  expect(JSON.stringify(parsed?.error?.issues)).toContain('cannot be honoured')
})

test.each([
  ['template', { src: 'a', dest: '/a', output_encoding: 'UTF-8' }],
  ['include_vars', { file: 'a', hash_behaviour: 'replace' }],
  ['find', { paths: '/a', encoding: 'utf-8' }],
  ['get_url', { url: 'http://a', dest: '/a', unredirected_headers: ['Authorization'] }],
  ['get_url', { url: 'http://a', dest: '/a', use_gssapi: false, force_basic_auth: true }],
  ['lineinfile', { path: '/a', line: 'x', encoding: 'UTF8' }],
  ['hostname', { name: 'a', use: 'systemd' }],
  ['s3_object', { bucket: 'A', object: 'o', mode: 'getstr', validate_bucket_name: false }],
  ['docker_compose_v2', { project_src: '/a', timeout: 5 }],
])('%s takes %j', (name, args) => {
  expect(findModule(name)?.args().safeParse(args).success).toBe(true)
})
