import { describe, expect, it } from 'vitest'
import { htpasswd } from '../../src/modules/htpasswd.ts'
import { npm } from '../../src/modules/npm.ts'
import { digest } from '../../src/modules/shared/digest.ts'
import { hashPassword } from '../../src/modules/shared/htpasswd-hash.ts'
import { type Answers, aFile, brief, decideWith, drive, lines, textContent } from './tables.ts'

const FILE = '/etc/web/users'

const host =
  (text: string | null, checks = 0): Answers =>
  key => {
    if (key.kind === 'content') return text === null ? { state: 'absent' } : textContent(text)
    if (key.kind === 'path')
      return key.path === FILE
        ? text === null
          ? { type: 'absent' }
          : aFile({ sha256: digest('sha256', text) })
        : { type: 'directory' }
    return key.kind === 'read' ? { code: checks, stdout: 'ada:$2y$05$made\n', stderr: '' } : undefined
  }

const written = (args: object, answers: Answers): string => {
  const { actions } = drive(
    decideWith(htpasswd, { path: FILE, name: 'ada', password: 'pw', ...args }, answers),
  )
  return actions.flatMap(one => (one.do === 'put' ? [new TextDecoder().decode(one.content)] : []))[0] ?? ''
}

describe('htpasswd.decide', () => {
  it.each<[string, object, string | null, string]>([
    ['adds', {}, 'bob:x\n', 'bob:x\nada:$apr1$abcdefgh$'],
    ['makes the file', { hash_scheme: 'plaintext' }, null, 'ada:pw\n'],
    [
      'changes the line in its place',
      { hash_scheme: 'ldap_sha1' },
      'ada:x\nbob:y\n',
      'ada:{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=\nbob:y\n',
    ],
    ['makes bcrypt on the host', { hash_scheme: 'bcrypt' }, '', 'ada:$2y$05$made\n'],
    ['removes', { state: 'absent' }, 'ada:x\nbob:y\n', 'bob:y\n'],
  ])('%s', (_why, args, text, after) => {
    expect(written(args, host(text))).toContain(after)
  })

  it.each([
    ['another kind of hash', `ada:${hashPassword('ldap_sha1', 'pw', '')}\n`],
    ['a hash that the host checks', 'ada:$2y$05$other\n'],
    ['the same kind', `ada:${hashPassword('apr_md5_crypt', 'pw', 'saltsalt')}\n`],
  ])('leaves %s that fits', (_what, text) => {
    expect(brief(decideWith(htpasswd, { path: FILE, name: 'ada', password: 'pw' }, host(text)))).toBe('ok')
  })

  it('replaces a hash that the host finds wrong', () => {
    expect(written({}, host('ada:$2y$05$other\n', 3))).toContain('ada:$apr1$')
  })

  it('never has the password in a command', () => {
    const asked: string[] = []
    const answers: Answers = key => {
      if (key.kind === 'read') asked.push(key.script + key.name)
      return host('ada:$2y$05$other\n', 3)(key)
    }
    written({ password: 'hunter2', hash_scheme: 'bcrypt' }, answers)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.join()).not.toContain('hunter2')
  })
})

describe('npm.decide', () => {
  const list =
    (dependencies: object, outdated: object = {}): Answers =>
    key =>
      key.kind === 'read'
        ? {
            code: 0,
            stdout: JSON.stringify(key.name.includes('outdated') ? outdated : { dependencies }),
            stderr: '',
          }
        : undefined
  const here = { path: '/srv/app' }
  it.each<[string, object, Answers, string]>([
    ['is done', { ...here, name: 'left-pad' }, list({ 'left-pad': { version: '1.0.0' } }), 'ok'],
    ['installs', { ...here, name: 'left-pad' }, list({}), 'package left-pad >installed'],
    [
      'installs a version',
      { ...here, name: 'x', version: '2.0.0' },
      list({ x: { version: '1.0.0' } }),
      'package x 1.0.0>2.0.0',
    ],
    ['installs what package.json asks for', here, list({ x: { missing: true } }), 'package x >installed'],
    [
      'removes',
      { global: true, name: 'x', state: 'absent' },
      list({ x: { version: '1.0.0' } }),
      'package x 1.0.0>',
    ],
    [
      'updates',
      { ...here, name: 'x', state: 'latest' },
      list({ x: { version: '1.0.0' } }, { x: { current: '1.0.0', wanted: '1.1.0' } }),
      'package x 1.0.0>1.1.0',
    ],
    ['has the latest', { ...here, name: 'x', state: 'latest' }, list({ x: { version: '1.0.0' } }), 'ok'],
    ['installs anew', { ...here, ci: true }, list({}), 'packages /srv/app >ci'],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(npm, args, answers))).toBe(says)
  })

  it('hands its options on', () => {
    const args = {
      ...here,
      name: 'x',
      version: '1',
      production: true,
      registry: 'http://r',
      ignore_scripts: true,
    }
    expect(lines(drive(decideWith(npm, args, list({}))).actions)).toEqual([
      'mkdir /srv/app',
      'npm --production --ignore-scripts --registry=http://r install x@1',
    ])
  })

  it.each([{ name: 'x' }, { ...here, state: 'absent' }, { ...here, version: '1' }])('refuses %j', args => {
    expect(npm.args().safeParse(args).success).toBe(false)
  })
})
