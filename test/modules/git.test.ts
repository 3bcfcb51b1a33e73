import { describe, expect, it } from 'vitest'
import { git } from '../../src/modules/git.ts'
import { gitAddress } from '../../src/modules/shared/git-address.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const REMOTE = `ref: refs/heads/main\tHEAD\n${A}\tHEAD\n`

const host =
  (local: string, remote = REMOTE): Answers =>
  key => {
    if (key.kind !== 'read') return undefined
    return { code: 0, stdout: key.name.startsWith('git remote') ? remote : local, stderr: '' }
  }
const here = (commit: string, more = '') =>
  `present\ncommit ${commit}\nurl https://x/y.git\nwanted ${commit}\n${more}`

describe('git.decide', () => {
  it.each<[string, object, Answers, string]>([
    ['clones', {}, host('absent\n'), `clone /srv/y >${A}`],
    ['is done at the commit', {}, host(here(A, 'modified \n')), 'ok'],
    ['moves to the newer commit', {}, host(here(B)), `version /srv/y ${B}>${A}`],
    ['stays with update: no', { update: false }, host(here(B)), 'ok'],
    ['does not clone with clone: no', { clone: false }, host('absent\n'), 'ok'],
    [
      'takes a branch',
      { version: 'dev' },
      host(here(A), `${B}\trefs/heads/dev\n`),
      `version /srv/y ${A}>${B}`,
    ],
    [
      'takes what a tag stands for',
      { version: 'v1' },
      host(here(B), `${A}\trefs/tags/v1\n${B}\trefs/tags/v1^{}\n`),
      'ok',
    ],
    ['takes a commit without asking', { version: B }, host(here(B), ''), 'ok'],
    ['takes a short commit it has', { version: B.slice(0, 7) }, host(here(B), ''), 'ok'],
    [
      'changes the address',
      { repo: 'https://u:hunter2@z/y.git' },
      host(here(A)),
      'remote address /srv/y https://x/y.git>https://z/y.git',
    ],
    [
      'refuses local changes',
      {},
      host(here(A, 'modified M a\n')),
      'fail: Local modifications exist in the destination: /srv/y (force=no).',
    ],
    [
      'resets local changes with force',
      { force: true },
      host(here(A, 'modified M a\n')),
      'local changes /srv/y modified>reset',
    ],
    [
      'brings submodules up',
      {},
      host(here(A, 'submodules -abc sub\n')),
      'submodules /srv/y outdated>recorded',
    ],
    [
      'refuses a version nobody knows',
      { version: 'nope' },
      host(here(A), ''),
      'fail: the remote repository has no branch, tag or commit nope',
    ],
    [
      'refuses a directory of something else',
      {},
      host('foreign\n'),
      'fail: the destination exists, is not empty and is no git repository',
    ],
  ])('%s', (_why, args, answers, says) => {
    expect(brief(decideWith(git, { repo: 'https://x/y.git', dest: '/srv/y', ...args }, answers))).toBe(says)
  })

  it('keeps the address out of script and key name, for it may hold a login', () => {
    const args = {
      repo: 'https://u:hunter2@z/y.git',
      dest: '/srv/y',
      key_file: '/k',
      accept_newhostkey: true,
    }
    const { actions } = drive(decideWith(git, args, host('absent\n')))
    expect(lines(actions).join()).not.toContain('hunter2')
    expect(actions[0]).toMatchObject({
      env: {
        VPAI_GIT_USER: 'u',
        VPAI_GIT_PASSWORD: 'hunter2',
        GIT_SSH_COMMAND:
          'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -i /k -o IdentitiesOnly=yes',
      },
    })
  })

  it.each([
    ['ssh://git@host/x.git', 'ssh://git@host/x.git', null, ''],
    ['git@host:x.git', 'git@host:x.git', null, ''],
    ['https://host:8443/x@y.git', 'https://host:8443/x@y.git', null, ''],
    ['https://token@host:8443/x.git', 'https://host:8443/x.git', 'https://host:8443', ''],
    ['https://me:p%40ss@host/x.git', 'https://host/x.git', 'https://host', 'p@ss'],
  ])('of %s git sees %s', (repo, url, site, password) => {
    expect(gitAddress(repo)).toMatchObject({ url, site, password })
  })

  it('takes a login for no other address', () => {
    const args = { repo: 'https://u:hunter2@x/y.git', dest: '/srv/y' }
    expect(brief(decideWith(git, args, host(here(A))))).toBe('ok')
  })

  it('is done with an empty repository that is still empty', () => {
    const answers = host('present\ncommit \nurl https://x/y.git\nwanted \n', '')
    expect(brief(decideWith(git, { repo: 'https://x/y.git', dest: '/srv/y' }, answers))).toBe('ok')
  })

  it('refuses a key it does not know', () => {
    expect(git.args().safeParse({ repo: 'x', dest: '/x', colour: 'red' }).success).toBe(false)
  })
})
