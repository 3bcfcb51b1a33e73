import { describe, expect, it } from 'vitest'
import { group } from '../../src/modules/group.ts'
import { user } from '../../src/modules/user.ts'
import { type Answers, aFile, brief, decideWith, drive, lines, textContent } from './tables.ts'

const ada = {
  exists: true,
  name: 'ada',
  uid: 1000,
  gid: 1000,
  comment: 'Ada',
  home: '/home/ada',
  shell: '/bin/bash',
  groups: ['docker'],
  primaryGroup: 'ada',
  passwordHash: '$6$x',
  expires: null,
}

function host({ account = ada as object, small = false, home = true, key = false } = {}): Answers {
  return asked => {
    if (asked.kind === 'user') return account
    if (asked.kind === 'group')
      return ['nobodyhere', 'ada'].includes(asked.name)
        ? undefined
        : { exists: true, name: asked.name, gid: 7, members: [] }
    if (asked.kind === 'which') return { path: small ? null : '/usr/sbin/x' }
    if (asked.kind === 'path') return (asked.path.includes('.ssh') ? key : home) ? aFile() : undefined
    if (asked.kind === 'content') return key ? textContent('ssh-ed25519 AAA\n') : undefined
    if (asked.kind === 'read') return { code: 0, stdout: '0:99999:7:\n', stderr: '' }
    return undefined
  }
}

describe('user.decide', () => {
  it.each<[string, object, Parameters<typeof host>[0], string]>([
    [
      'is done when nothing differs',
      { comment: 'Ada', shell: '/bin/bash', groups: ['docker'], password: '$6$x' },
      {},
      'ok',
    ],
    ['creates', {}, { account: { exists: false } }, 'user ada >present'],
    ['appends groups', { groups: 'sudo', append: true }, {}, 'groups ada ["docker"]>["docker","sudo"]'],
    ['is done when the appended group is there', { groups: 'docker', append: true }, {}, 'ok'],
    ['replaces groups', { groups: ['sudo'] }, {}, 'groups ada ["docker"]>["sudo"]'],
    ['empties groups', { groups: [] }, {}, 'groups ada ["docker"]>[]'],
    [
      'changes single attributes',
      { shell: '/bin/sh', uid: 1001, comment: '' },
      {},
      'uid ada 1000>1001; comment ada Ada>; shell ada /bin/bash>/bin/sh',
    ],
    ['changes the primary group', { group: 'staff' }, {}, 'group ada ada>staff'],
    ['takes a gid for the primary group', { group: 1000 }, {}, 'ok'],
    ['changes a password without showing it', { password: '$6$y' }, {}, 'password ada (hash)>(hash)'],
    ['leaves a password set on creation', { password: '$6$y', update_password: 'on_create' }, {}, 'ok'],
    ['locks', { password_lock: true }, {}, 'lock ada false>true'],
    [
      'knows a locked account',
      { password: '$6$x', password_lock: true },
      { account: { ...ada, passwordHash: '!$6$x' } },
      'ok',
    ],
    ['sets an end', { expires: 1_700_000_000 }, {}, 'expires ada never>2023-11-14'],
    [
      'takes the end away',
      { expires: -1 },
      { account: { ...ada, expires: 1_699_920_000 } },
      'expires ada 2023-11-14>never',
    ],
    ['is done when it never ended', { expires: -1 }, {}, 'ok'],
    ['makes a home that is missing', {}, { home: false }, 'home directory ada >/home/ada'],
    ['makes no home when told so', { create_home: false }, { home: false }, 'ok'],
    ['sets password ages', { password_expire_max: 90 }, {}, 'password_expire_max ada 99999>90'],
    ['warns of password ages', { password_expire_warn: 9 }, {}, 'password_expire_warn ada 7>9'],
    ['ends accounts', { password_expire_account_disable: 3 }, {}, 'password_expire_account_disable ada >3'],
    [
      'makes an ssh key',
      { generate_ssh_key: true, ssh_key_type: 'ed25519' },
      {},
      'ssh key /home/ada/.ssh/id_ed25519 >ed25519',
    ],
    ['keeps an ssh key', { generate_ssh_key: true }, { key: true }, 'ok'],
    ['removes', { state: 'absent' }, {}, 'user ada present>'],
    ['is done when removed', { state: 'absent' }, { account: { exists: false } }, 'ok'],
    [
      'fails for a group that is not there',
      { groups: 'nobodyhere' },
      {},
      'fail: Group nobodyhere does not exist',
    ],
    [
      'fails when the hash may not be read',
      { password: '$6$x' },
      { account: { ...ada, passwordHash: null } },
      'fail: the password of ada cannot be compared: /etc/shadow is not readable (does the task need become?)',
    ],
  ])('%s', (_why, args, state, says) => {
    expect(brief(decideWith(user, { name: 'ada', ...args }, host(state)))).toBe(says)
  })

  it.each<[string, object, Parameters<typeof host>[0], string[]]>([
    [
      'create with everything',
      { uid: 7, groups: 'a,b', shell: '/bin/sh', system: true, create_home: false },
      { account: { exists: false } },
      ['useradd -u 7 -G a,b -s /bin/sh -M -r ada'],
    ],
    [
      'create on busybox',
      { shell: '/bin/ash', groups: 'a' },
      { account: { exists: false }, small: true },
      ['adduser -D -s /bin/ash ada', 'addgroup ada a'],
    ],
    [
      'modify',
      { groups: 'sudo', append: true, home: '/srv/ada', move_home: true },
      {},
      ['usermod -G docker,sudo -d /srv/ada -m ada'],
    ],
    ['groups on busybox', { groups: 'sudo' }, { small: true }, ['addgroup ada sudo', 'delgroup ada docker']],
    ['remove', { state: 'absent', remove: true }, {}, ['userdel -r ada']],
    ['lock', { password_lock: true }, {}, ['usermod -L ada']],
  ])('commands: %s', (_why, args, state, commands) => {
    const { actions } = drive(decideWith(user, { name: 'ada', ...args }, host(state)))
    expect(lines(actions).filter(line => !line.startsWith('grep'))).toEqual(commands)
  })

  it('hands the hash over on standard input only', () => {
    const verdict = decideWith(
      user,
      { name: 'ada', password: '$6$hunter2' },
      host({ account: { exists: false } }),
    )
    const { actions } = drive(verdict)
    expect(actions[1]).toMatchObject({ argv: ['chpasswd', '-e'], stdin: 'ada:$6$hunter2\n' })
    expect(lines(actions).join()).not.toContain('hunter2')
    expect(JSON.stringify(verdict)).not.toContain('hunter2')
  })

  it('hands a passphrase to ssh-keygen through the environment', () => {
    const { actions } = drive(
      decideWith(user, { name: 'ada', generate_ssh_key: true, ssh_key_passphrase: 'hunter2' }, host()),
    )
    expect(actions[0]).toMatchObject({ env: { VPAI_PASSPHRASE: 'hunter2' } })
    expect(lines(actions).join()).not.toContain('hunter2')
  })

  it('warns of a password that is no hash', () => {
    const verdict = decideWith(user, { name: 'ada', password: 'plain' }, host())
    expect('warnings' in verdict && verdict.warnings?.join()).toContain('password_hash')
  })
})

describe('group.decide', () => {
  const there: Answers = key =>
    key.kind === 'group' ? { exists: true, name: 'web', gid: 7, members: [] } : undefined
  it.each<[string, object, Answers, string]>([
    ['is done', {}, there, 'ok'],
    ['is done with the gid', { gid: '7' }, there, 'ok'],
    ['creates', { gid: 8 }, () => undefined, 'group web >present'],
    ['changes the gid', { gid: 8 }, there, 'gid web 7>8'],
    ['removes', { state: 'absent' }, there, 'group web present>'],
    ['is done when gone', { state: 'absent' }, () => undefined, 'ok'],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(group, { name: 'web', ...args }, answers))).toBe(says)
  })

  it.each<[string, boolean, string]>([
    ['shadow', false, 'groupadd -g 8 -r web'],
    ['busybox', true, 'addgroup -g 8 -S web'],
  ])('creates with %s', (_why, small, line) => {
    const answers: Answers = key => (key.kind === 'which' ? { path: small ? null : '/x' } : undefined)
    expect(lines(drive(decideWith(group, { name: 'web', gid: 8, system: true }, answers)).actions)).toEqual([
      line,
    ])
  })

  it.each([user, group])('$name refuses a key it does not know', module => {
    expect(module.args().safeParse({ name: 'x', colour: 'red' }).success).toBe(false)
  })
})
