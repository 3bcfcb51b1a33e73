import { describe, expect, it } from 'vitest'
import { alternatives } from '../../src/modules/alternatives.ts'
import { at } from '../../src/modules/at.ts'
import { debconf } from '../../src/modules/debconf.ts'
import { dpkgSelections } from '../../src/modules/dpkg_selections.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

/** Answers reads by a piece of their name. */
const reads =
  (texts: Record<string, string>): Answers =>
  key => {
    if (key.kind !== 'read') return undefined
    const found = Object.entries(texts).find(([name]) => key.name.includes(name))?.[1]
    return { code: 0, stdout: found ?? '', stderr: '' }
  }

const DEBIAN = `Name: editor
Link: /usr/bin/editor
Slaves:
 editor.1.gz /usr/share/man/man1/editor.1.gz
Status: auto
Best: /bin/nano
Value: /bin/nano

Alternative: /bin/nano
Priority: 40
Slaves:
 editor.1.gz /usr/share/man/man1/nano.1.gz

Alternative: /usr/bin/vim
Priority: 30
`
const RED_HAT = `java - status is manual.
 link currently points to /usr/lib/jvm/17/bin/java
/usr/lib/jvm/17/bin/java - family java-17.x86_64 priority 1700
 slave jre: /usr/lib/jvm/17
/usr/lib/jvm/21/bin/java - family java-21.x86_64 priority 2100
Current \`best' version is /usr/lib/jvm/21/bin/java.
 link of it: /usr/bin/java
`

describe('alternatives.decide', () => {
  const nano = { name: 'editor', path: '/bin/nano' }
  it.each<[string, object, string, string]>([
    ['is done', nano, DEBIAN, 'ok'],
    ['selects', { name: 'editor', path: '/usr/bin/vim' }, DEBIAN, 'selected editor /bin/nano>/usr/bin/vim'],
    [
      'installs by the link of the others',
      { name: 'editor', path: '/bin/ed', state: 'present' },
      DEBIAN,
      'alternative editor >/bin/ed (priority 50)',
    ],
    [
      'changes the priority',
      { ...nano, priority: 90 },
      DEBIAN,
      'alternative editor /bin/nano (priority 40)>/bin/nano (priority 90)',
    ],
    ['removes', { ...nano, state: 'absent' }, DEBIAN, 'alternative editor /bin/nano>'],
    ['is gone', { name: 'editor', path: '/bin/ed', state: 'absent' }, DEBIAN, 'ok'],
    [
      'needs a link for a new name',
      { name: 'x', path: '/bin/ed' },
      '',
      'fail: x is new to this host: a link is needed to install /bin/ed',
    ],
    [
      'goes back to the best',
      { name: 'java', path: '/usr/lib/jvm/21/bin/java', state: 'auto' },
      RED_HAT,
      'mode java manual>auto',
    ],
    [
      'selects a family',
      { name: 'java', family: 'java-21.x86_64' },
      RED_HAT,
      'selected java /usr/lib/jvm/17/bin/java>java-21.x86_64',
    ],
    ['has the family', { name: 'java', family: 'java-17.x86_64' }, RED_HAT, 'ok'],
  ])('%s', (_why, args, text, says) => {
    expect(brief(decideWith(alternatives, args, reads({ alternatives: text })))).toBe(says)
  })

  it('keeps the links that follow when only the priority changes', () => {
    const verdict = decideWith(alternatives, { ...nano, priority: 90 }, reads({ alternatives: DEBIAN }))
    expect(lines(drive(verdict).actions)).toEqual([
      'update-alternatives --install /usr/bin/editor editor /bin/nano 90 --slave /usr/share/man/man1/editor.1.gz editor.1.gz /usr/share/man/man1/nano.1.gz',
    ])
  })
})

describe('debconf.decide', () => {
  const area = { name: 'tzdata', question: 'tzdata/Areas', vtype: 'select', value: 'Etc' }
  it.each<[string, object, Record<string, string>, string]>([
    ['is done', area, { 'debconf tzdata': '* tzdata/Areas: Etc\n' }, 'ok'],
    ['changes', area, { 'debconf tzdata': '* tzdata/Areas: Asia\n' }, 'answer tzdata/Areas Asia>Etc'],
    ['answers what was not asked', area, {}, 'answer tzdata/Areas >Etc'],
    ['only tells', { name: 'tzdata' }, {}, 'ok'],
    ['knows a password', { ...area, vtype: 'password' }, { password: '0 Etc\n' }, 'ok'],
    [
      'shows no password',
      { ...area, vtype: 'password' },
      { password: '0 old\n' },
      'answer tzdata/Areas a password>a password',
    ],
  ])('%s', (_why, args, texts, says) => {
    expect(brief(decideWith(debconf, args, reads(texts)))).toBe(says)
  })

  it('hands the answer over on standard input', () => {
    expect(drive(decideWith(debconf, { ...area, unseen: true }, reads({}))).actions).toMatchObject([
      { argv: ['debconf-set-selections', '-u'], stdin: 'tzdata tzdata/Areas select Etc\n' },
    ])
  })
})

describe('dpkg_selections.decide', () => {
  it.each([
    ['is done', 'hold', 'dash\thold\n', 'ok'],
    ['holds', 'hold', 'dash\tinstall\n', 'selection dash install>hold'],
    ['does not know the package', 'hold', '', 'fail: dpkg knows no package dash to select'],
  ])('%s', (_why, selection, text, says) => {
    expect(brief(decideWith(dpkgSelections, { name: 'dash', selection }, reads({ selection: text })))).toBe(
      says,
    )
  })
})

describe('at.decide', () => {
  const job = { command: 'echo x', count: 2, units: 'hours' }
  const queued = '==job 7\n#!/bin/sh\ncd / || {\n}\necho x\n==job 9\n#!/bin/sh\necho y\n'
  it.each<[string, object, string, string]>([
    ['adds each time', job, queued, 'job echo x >now + 2 hours'],
    ['adds once', { ...job, unique: true }, queued, 'ok'],
    ['removes', { command: 'echo x', state: 'absent' }, queued, 'job echo x 7>'],
    ['has nothing to remove', { command: 'echo z', state: 'absent' }, queued, 'ok'],
  ])('%s', (_why, args, text, says) => {
    expect(brief(decideWith(at, args, reads({ 'at jobs': text })))).toBe(says)
  })
})

it.each([
  [alternatives, { name: 'x' }],
  [alternatives, { name: 'x', path: '/x', family: 'y' }],
  [debconf, { name: 'x', question: 'y' }],
  [dpkgSelections, { name: 'x', selection: 'no' }],
  [at, { command: 'x' }],
  [at, { command: 'x', script_file: '/y', count: 1, units: 'days' }],
])('$name refuses %j', (module, args) => {
  expect(module.args().safeParse(args).success).toBe(false)
})
