import { describe, expect, it } from 'vitest'
import { reboot } from '../../src/modules/reboot.ts'
import { uri } from '../../src/modules/uri.ts'
import { waitFor } from '../../src/modules/wait_for.ts'
import { waitForConnection } from '../../src/modules/wait_for_connection.ts'
import { aFile, brief, decideWith, drive, lines } from './tables.ts'

const answer = (head: string, body: string) => ({
  stdout: `200 http://x/\nHTTP/1.1 ${head}\n\n==body\n${body}`,
})
const JSON_HEAD =
  '200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 9\r\nSet-Cookie: a=b; Path=/\r'

describe('uri', () => {
  it('answers in the words of Ansible', () => {
    const { result } = drive(decideWith(uri, { url: 'http://x/', return_content: true }), () =>
      answer(JSON_HEAD, '{"ok":true}'),
    )
    expect(result).toMatchObject({
      status: 200,
      json: { ok: true },
      content: '{"ok":true}',
      content_type: 'application/json; charset=utf-8',
      cookies: { a: 'b' },
      msg: 'OK (9 bytes)',
      redirected: false,
      changed: false,
    })
  })

  it.each<[string, object, object, string]>([
    [
      'for another status',
      { url: 'http://x' },
      { stdout: `500 http://x\nHTTP/1.1 500 Oops\n\n==body\nbad ${'x'.repeat(400)}` },
      `Status code was 500 and not [200]: HTTP Error 500: Oops\nbad ${'x'.repeat(296)}…`,
    ],
    [
      'for another status, with a body that is no text',
      { url: 'http://x' },
      { stdout: '500 http://x\nHTTP/1.1 500 Oops\n\n==body\n\0\0' },
      'Status code was 500 and not [200]: HTTP Error 500: Oops',
    ],
    [
      'for another status, with a secret that would be cut in two',
      { url: 'http://x' },
      { stdout: `500 http://x\nHTTP/1.1 500 Oops\n\n==body\n${'x'.repeat(296)} hunter2` },
      'Status code was 500 and not [200]: HTTP Error 500: Oops',
    ],
    [
      'without an answer',
      { url: 'http://x', status_code: [200, 204] },
      { code: 7, stderr: 'curl: (7) refused' },
      'Status code was -1 and not [200, 204]: Request failed: curl: (7) refused',
    ],
  ])('fails %s', (_why, args, output, msg) => {
    expect(drive(decideWith(uri, args), () => output).result).toMatchObject({ failed: true, msg })
  })

  it('keeps logins, headers and bodies out of arguments and environment', () => {
    const args = {
      url: 'http://x',
      method: 'post',
      body_format: 'json',
      body: { k: 'hunter2' },
      url_username: 'u',
      url_password: 'hunter2',
      headers: { 'X-Key': 'hunter2"\\' },
    }
    const [action] = drive(decideWith(uri, args), () => answer('200 OK', '')).actions
    if (action?.do !== 'run') throw new Error('no run')
    const file = (name: string) => new TextDecoder().decode(action.files?.[name])
    expect(JSON.stringify([action.script, action.env])).not.toContain('hunter2')
    expect(file('curlrc')).toContain('header = "X-Key: hunter2\\"\\\\"\n')
    expect(file('curlrc')).toContain('request = "POST"')
    expect(file('curlrc')).toContain('header = "Content-Type: application/json"')
    expect(file('body')).toBe('{"k": "hunter2"}')
  })

  it.each<[string, object, string]>([
    ['a form', { body_format: 'form-urlencoded', body: { a: 'b c', d: ['1', '2'] } }, 'a=b+c&d=1&d=2'],
    ['a form of pairs', { body_format: 'form-urlencoded', body: [['a', 1]] }, 'a=1'],
    ['text', { body: 'x=1' }, 'x=1'],
    ['json given as text', { body_format: 'json', body: '[1]' }, '[1]'],
  ])('sends %s', (_why, args, body) => {
    const [action] = drive(decideWith(uri, { url: 'http://x', method: 'POST', ...args }), () =>
      answer('200 OK', ''),
    ).actions
    expect(action?.do === 'run' && new TextDecoder().decode(action.files?.body)).toBe(body)
  })

  it('is done when what it creates exists', () => {
    expect(
      brief(
        decideWith(uri, { url: 'http://x', creates: '/x' }, key =>
          key.kind === 'path' ? aFile() : undefined,
        ),
      ),
    ).toBe('ok')
  })
})

describe('wait_for', () => {
  it.each<[string, object, object, string | undefined]>([
    ['came true', { port: 80 }, {}, undefined],
    ['time is over', { port: 80 }, { code: 1 }, 'Timeout when waiting for 127.0.0.1:80'],
    ['time is over, own words', { port: 80, msg: 'no web' }, { code: 1 }, 'no web'],
    [
      'no text',
      { path: '/x', search_regex: 'ready' },
      { code: 1 },
      'Timeout when waiting for search string ready in /x',
    ],
    [
      'still there',
      { path: '/x', state: 'absent' },
      { code: 1 },
      'Timeout when waiting for file /x to be absent.',
    ],
    ['host cannot tell', { port: 80, host: 'db' }, { code: 3, stderr: 'neither bash' }, 'neither bash'],
  ])('%s', (_why, args, output, msg) => {
    const { result } = drive(decideWith(waitFor, args), () => output)
    expect(result.msg).toBe(msg)
    if (msg === undefined) expect(result).toMatchObject({ changed: false, state: 'started', port: 80 })
  })

  it('refuses port and path together', () => {
    expect(waitFor.args().safeParse({ port: 1, path: '/x' }).success).toBe(false)
  })
})

describe('wait_for_connection and reboot', () => {
  it('wait_for_connection hands its times on', () => {
    const { actions, result } = drive(decideWith(waitForConnection, { timeout: 9, delay: 1 }), () => ({
      elapsed: 3,
    }))
    expect(actions).toEqual([{ do: 'reconnect', timeoutS: 9, delayS: 1, sleepS: 1, connectTimeoutS: 5 }])
    expect(result).toEqual({ changed: false, elapsed: 3 })
  })

  /** Boot ids in the order they are read; whoami fails `failures` times. */
  function rebootWith(ids: string[], failures = 0) {
    let bad = failures
    return drive(decideWith(reboot, { reboot_timeout: 20, test_command: 'whoami' }), action => {
      if (action.do === 'reconnect') return { elapsed: 8 }
      if (action.do !== 'run') return {}
      if (action.script?.includes('boot_id')) return { stdout: ids.shift() ?? 'same' }
      return action.script === 'whoami' && bad-- > 0 ? { code: 1, stderr: 'booting' } : {}
    })
  }

  it('reboot waits for another boot id', () => {
    const { actions, result } = rebootWith(['a', 'a', 'b'])
    expect(lines(actions).filter(line => line === 'reconnect')).toHaveLength(2)
    expect(result).toEqual({ rebooted: true, elapsed: 16 })
  })

  it('reboot tries the test command again', () => {
    expect(rebootWith(['a', 'b'], 2).result).toMatchObject({ rebooted: true })
  })

  it('reboot fails when the host stays as it was', () => {
    expect(rebootWith(['a', 'a', 'a', 'a']).result).toMatchObject({ failed: true, rebooted: false })
  })

  it.each([
    [uri, { url: 'x' }],
    [waitFor, {}],
    [waitForConnection, {}],
    [reboot, {}],
  ] as const)('refuses a key it does not know', (module, args) => {
    expect(module.args().safeParse({ ...args, colour: 'red' }).success).toBe(false)
    expect(module.args().safeParse(args).success).toBe(true)
  })
})
