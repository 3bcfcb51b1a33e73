import { describe, expect, it } from 'vitest'
import { pip } from '../../src/modules/pip.ts'
import { parseRequirement, satisfies } from '../../src/modules/shared/python-version.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const HOST = '==pip /usr/bin/pip3\nDjango==4.2.1\nruamel.yaml==0.18\n'

const host =
  (state: string, dryRun = '', code = 0): Answers =>
  key => {
    if (key.kind !== 'read') return undefined
    return key.name.startsWith('pip dry run')
      ? { code, stdout: dryRun, stderr: '' }
      : { code: 0, stdout: state, stderr: '' }
  }

describe('pip.decide', () => {
  it.each<[string, object, Answers, string]>([
    ['is done', { name: ['django', 'ruamel-yaml'] }, host(HOST), 'ok'],
    ['is done with conditions', { name: 'django>=4,<5' }, host(HOST), 'ok'],
    ['installs', { name: 'flask' }, host(HOST), 'package flask >installed'],
    [
      'installs another version',
      { name: 'django', version: '5.0' },
      host(HOST),
      'package django 4.2.1>==5.0',
    ],
    ['removes', { name: 'Django', state: 'absent' }, host(HOST), 'package django 4.2.1>'],
    ['is gone', { name: 'flask', state: 'absent' }, host(HOST), 'ok'],
    [
      'asks pip for the newest',
      { name: 'django', state: 'latest' },
      host(HOST, 'Would install Django-5.0\n'),
      'package Django missing or older>5.0',
    ],
    ['has the newest', { name: 'django', state: 'latest' }, host(HOST), 'ok'],
    [
      'asks pip about a file',
      { requirements: '/r.txt' },
      host(HOST, 'Would install a-b-1 c-2\n'),
      'package a-b missing or older>1; package c missing or older>2',
    ],
    [
      'says what pip says',
      { requirements: '/r.txt' },
      host(HOST, 'ERROR: no\n', 1),
      'fail: pip says: ERROR: no',
    ],
    [
      'cannot ask an older pip',
      { requirements: '/r.txt' },
      host(HOST, 'no such option: --dry-run', 2),
      'opaque: pip install -r /r.txt',
    ],
    [
      'cannot tell an address',
      { name: 'git+https://x/y' },
      host(HOST),
      'opaque: pip install git+https://x/y',
    ],
    [
      'makes a virtual environment',
      { virtualenv: '/v', name: 'x' },
      host(''),
      'virtualenv /v >made; package x >present',
    ],
    ['has the virtual environment', { virtualenv: '/v' }, host('==virtualenv\n==pip /v/bin/pip\n'), 'ok'],
    ['needs pip', { name: 'x' }, host(''), 'fail: this host has no pip3: install the package python3-pip'],
    [
      'installs by force each time',
      { name: 'django', state: 'forcereinstall' },
      host(HOST),
      'package django installed>forcereinstall',
    ],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(pip, args, answers))).toBe(says)
  })

  it('makes the environment, then installs into it', () => {
    const args = {
      virtualenv: '/v',
      name: 'x>1',
      virtualenv_command: 'python3 -m venv',
      extra_args: '-i "a b"',
    }
    expect(lines(drive(decideWith(pip, args, host(''))).actions)).toEqual([
      'python3 -m venv /v',
      '/v/bin/pip install -i a b x>1',
    ])
  })

  it.each([
    {},
    { name: 'a', requirements: 'b' },
    { name: ['a', 'b'], version: '1' },
    { name: 'a', virtualenv: '/v', executable: 'pip3' },
  ])('refuses %j', args => {
    expect(pip.args().safeParse(args).success).toBe(false)
  })
})

describe('a version', () => {
  it.each<[string, string, boolean | null]>([
    ['4.2.1', '>=4,<5', true],
    ['4.2.1', '==4.2.*', true],
    ['4.2.1', '!=4.2.*', false],
    ['4.2.1', '~=4.1', true],
    ['5.0', '~=4.1', false],
    ['1.10', '>1.9', true],
    ['1.0', '==1', true],
    ['1.0rc1', '<1.0', true],
    ['1.0.post1', '>1.0', true],
    ['1.0+local', '==1.0', true],
    ['what', '>1', null],
  ])('%s %s: %s', (version, conditions, answer) => {
    expect(satisfies(version, parseRequirement(`x${conditions}`).conditions)).toBe(answer)
  })
})
