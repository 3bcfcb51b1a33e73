/** uri and wait_for from a real shell against a server on loopback, which runs as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { getUrl } from '../../src/modules/get_url.ts'
import { uri } from '../../src/modules/uri.ts'
import { waitFor } from '../../src/modules/wait_for.ts'
import { converge } from './harness.ts'
import { shells, temporaryDirectory } from './shells.ts'

const SERVER = `require('node:http').createServer((q, s) => {
  let body = ''
  q.on('data', d => (body += d)).on('end', () => {
    if (q.url === '/moved') { s.writeHead(302, { Location: '/echo' }); return s.end() }
    if (q.url === '/bytes') { s.writeHead(200); return s.end(Buffer.from([0, 255, 10, 13, 0])) }
    s.writeHead(q.url === '/bad' ? 500 : 200, { 'Content-Type': 'application/json', 'Set-Cookie': 'a=b; Path=/' })
    s.end(JSON.stringify({ method: q.method, body, auth: q.headers.authorization, key: q.headers['x-key'], type: q.headers['content-type'] }))
  })
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

let server: ChildProcess
let port = 0
let dir = ''
const url = (path: string) => `http://127.0.0.1:${port}${path}`

beforeAll(async () => {
  dir = temporaryDirectory()
  server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] })
  port = await new Promise(resolve => server.stdout?.once('data', data => resolve(Number(data))))
})
afterAll(() => {
  server.kill()
  rmSync(dir, { recursive: true, force: true })
})

describe('uri on a real shell', () => {
  it('reads json, headers and cookies', () => {
    const { result, failed } = converge(uri, { url: url('/echo') })
    expect(failed).toBe(false)
    expect(result).toMatchObject({
      status: 200,
      json: { method: 'GET' },
      content_type: 'application/json',
      cookies: { a: 'b' },
    })
  })

  it('sends login, header and body with all their quotes', () => {
    const body = { text: 'a "b" \\ é\n' }
    const { result } = converge(uri, {
      url: url('/echo'),
      method: 'PUT',
      body,
      body_format: 'json',
      headers: { 'X-Key': 'q"\\q' },
      url_username: 'ada',
      url_password: 'p"\\:w',
    })
    const auth = `Basic ${Buffer.from('ada:p"\\:w').toString('base64')}`
    expect(result.json).toEqual({
      method: 'PUT',
      // With a blank behind each colon, as Python writes it.
      body: JSON.stringify(body).replace(':', ': '),
      auth,
      key: 'q"\\q',
      type: 'application/json',
    })
  })

  it.each<[string, object, object]>([
    ['follows a redirect', { url: '/moved' }, { status: 200, redirected: true }],
    [
      'stays when told so',
      { url: '/moved', follow_redirects: 'none', status_code: 302 },
      { status: 302, location: '/echo' },
    ],
    ['fails for another status', { url: '/bad' }, { failed: true, status: 500 }],
    ['passes a status asked for', { url: '/bad', status_code: [200, 500] }, { status: 500 }],
  ])('%s', (_why, args, result) => {
    const given = args as { url: string }
    expect(converge(uri, { ...args, url: url(given.url) }).result).toMatchObject(result)
  })

  it('says when nobody answers', () => {
    expect(converge(uri, { url: 'http://127.0.0.1:1/' }).result).toMatchObject({ failed: true, status: -1 })
  })

  it('saves bytes as they are, and the second time changes nothing', () => {
    const dest = join(dir, 'bytes')
    expect(converge(uri, { url: url('/bytes'), dest, mode: '0600' })).toMatchObject({ changed: true })
    expect([...readFileSync(dest)]).toEqual([0, 255, 10, 13, 0])
    expect(converge(uri, { url: url('/bytes'), dest })).toMatchObject({ changed: false })
  })
})

describe('wait_for on a real shell', () => {
  it.each<[string, () => object, boolean]>([
    ['an open port', () => ({ port }), false],
    ['a closed port', () => ({ port: 1, timeout: 1 }), true],
    ['a port that stopped', () => ({ port: 1, state: 'stopped' }), false],
    ['a port that does not stop', () => ({ port, state: 'stopped', timeout: 1 }), true],
    ['a drained port', () => ({ port: 1, state: 'drained' }), false],
    ['a file', () => ({ path: join(dir, 'log') }), false],
    ['a missing file', () => ({ path: join(dir, 'none'), timeout: 1 }), true],
    ['a file that is gone', () => ({ path: join(dir, 'none'), state: 'absent' }), false],
    ['a text', () => ({ path: join(dir, 'log'), search_regex: 'ready \\d+' }), false],
    [
      'a text that does not come',
      () => ({ path: join(dir, 'log'), search_regex: 'never', timeout: 1 }),
      true,
    ],
  ])('%s', (_why, args, fails) => {
    if (!existsSync(join(dir, 'log'))) writeFileSync(join(dir, 'log'), 'ready 12\n')
    expect(converge(waitFor, args()).failed).toBe(fails)
  })
})

it('a .curlrc of whoever asks has no say', () => {
  writeFileSync(join(dir, '.curlrc'), 'user-agent = "mine"\nfail\n')
  vi.stubEnv('HOME', dir)
  const { result } = converge(uri, { url: url('/bad'), status_code: 500, return_content: true })
  vi.unstubAllEnvs()
  expect(result).toMatchObject({ status: 500, json: { method: 'GET' } })
})

it.each<[string, typeof uri | typeof getUrl, () => object]>([
  ['uri', uri, () => ({})],
  ['get_url', getUrl, () => ({ dest: join(dir, 'never-there') })],
])('%s refuses a URL with a secret where only busybox wget could take it', (_name, module, args) => {
  const shell = shells().find(one => one.name === 'busybox')
  if (shell === undefined) return
  const given = { url: url('/hunter2'), ...args() }
  const { failed, result, outputs } = converge<never>(module as never, given, { shell })
  expect(failed).toBe(true)
  const said = [result.msg, ...outputs.map(output => output.stderr)].join('\n')
  expect(said).toContain('busybox wget takes the URL')
})

describe.each(shells())('with what $name has', shell => {
  it('a plain request works', () => {
    const { result } = converge(uri, { url: url('/echo'), return_content: true }, { shell })
    expect(result).toMatchObject({ status: 200, json: { method: 'GET' } })
  })

  it.each<[string, () => object, boolean]>([
    ['an open port is seen', () => ({ port, timeout: 3 }), false],
    ['a closed port is seen', () => ({ port: 1, timeout: 1 }), true],
    ['digits are found', () => ({ path: join(dir, 'log'), search_regex: 'ready \\d+$', timeout: 2 }), false],
  ])('%s', (_why, args, fails) => {
    writeFileSync(join(dir, 'log'), 'ready 12\n')
    expect(converge(waitFor, args(), { shell }).failed).toBe(fails)
  })

  it('what the pattern caught is told', () => {
    writeFileSync(join(dir, 'log'), 'begins\nready 12 of 13\nready 14 of 15\n')
    const search_regex = 'ready (\\d+) of (?P<all>\\d+)( more)?'
    const { result } = converge(waitFor, { path: join(dir, 'log'), search_regex }, { shell })
    expect(result).toMatchObject({ match_groups: ['12', '13', null], match_groupdict: { all: '13' } })
  })
})
