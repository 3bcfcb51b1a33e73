/** git against repositories in a temporary directory, and a password-protected web server on loopback. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { git } from '../../src/modules/git.ts'
import { converge, decideOn } from './harness.ts'
import { temporaryDirectory } from './shells.ts'
import { brief } from './tables.ts'

let dir = ''
const at = (name: string): string => join(dir, name)
const SETTINGS = `export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b; `
const sh = (script: string) =>
  execFileSync('/bin/sh', ['-ec', SETTINGS + script], { cwd: dir, encoding: 'utf8' }).trim()

/** origin.git with main (two commits, tag v1 on the first) and dev. */
beforeEach(() => {
  dir = temporaryDirectory()
  sh(`git init -q -b main work; cd work; echo 1 >file; git add .; git commit -qm 1; git tag -a v1 -m v1
echo 2 >file; git commit -qam 2; git checkout -q -b dev; echo dev >file; git commit -qam dev; git checkout -q main
git clone -q --bare . ../origin.git; git remote add origin ../origin.git`)
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

const run = (args: object = {}) =>
  converge(git, { repo: `file://${at('origin.git')}`, dest: at('a/copy'), ...args })
const content = () => readFileSync(at('a/copy/file'), 'utf8').trim()
const commit = (rev: string) => sh(`git -C origin.git rev-parse '${rev}^{commit}'`)

describe('git', () => {
  test.each([
    ['the main branch', {}, '2', 'main'],
    ['a branch', { version: 'dev' }, 'dev', 'dev'],
    ['a tag', { version: 'v1' }, '1', 'v1'],
    ['a branch without its past', { version: 'dev', depth: 1 }, 'dev', 'dev'],
    ['one branch alone', { single_branch: true }, '2', 'main'],
    ['under another remote name', { remote: 'up' }, '2', 'main'],
  ])('clones %s, settles, and says where it is', (_title, args, text, rev) => {
    const done = run(args)
    expect(done).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(done.result).toMatchObject({ before: null, after: commit(rev) })
    expect(content()).toBe(text)
  })

  test('clones a commit by its whole and its short id', () => {
    const id = commit('v1')
    expect(run({ version: id }).after.kind).toBe('ok')
    expect(run({ version: commit('main').slice(0, 8) })).toMatchObject({
      changed: true,
      after: { kind: 'ok' },
    })
    expect(content()).toBe('2')
    expect(run({ version: id.slice(0, 8) })).toMatchObject({ changed: true, after: { kind: 'ok' } })
    expect(content()).toBe('1')
  })

  test.each([
    ['whole', {}],
    ['shallow', { depth: 1 }],
    ['single', { single_branch: true }],
  ])('moves a %s copy on, to a branch, a tag and back', (_title, args) => {
    run(args)
    sh('cd work; echo 3 >file; git commit -qam 3; git push -q origin main')
    expect(run(args)).toMatchObject({ changed: true, failed: false, after: { kind: 'ok' } })
    expect(content()).toBe('3')
    for (const [version, text] of [
      ['dev', 'dev'],
      ['v1', '1'],
      ['main', '3'],
    ]) {
      expect(run({ ...args, version })).toMatchObject({ changed: true, failed: false, after: { kind: 'ok' } })
      expect(content()).toBe(text)
    }
  })

  test('takes a shallow copy to a commit from its past', () => {
    run({ depth: 1 })
    expect(run({ version: commit('v1') })).toMatchObject({ failed: false, after: { kind: 'ok' } })
    expect(content()).toBe('1')
  })

  test('follows a branch that was rewritten', () => {
    run()
    sh('cd work; git commit -q --amend -m other; echo x >file; git commit -qam x; git push -qf origin main')
    expect(run()).toMatchObject({ changed: true, failed: false, after: { kind: 'ok' } })
    expect(content()).toBe('x')
  })

  test('keeps edits unless forced, and files it does not know in any case', () => {
    run()
    sh('cd a/copy; echo mine >file; echo new >new')
    expect(brief(run().verdict)).toContain('Local modifications exist')
    expect(run({ force: true })).toMatchObject({ changed: true, failed: false, after: { kind: 'ok' } })
    expect(content()).toBe('2')
    expect(existsSync(at('a/copy/new'))).toBe(true)
  })

  test('keeps a bare repository at the remote', () => {
    expect(run({ bare: true })).toMatchObject({ changed: true, failed: false, after: { kind: 'ok' } })
    sh('cd work; echo 3 >file; git commit -qam 3; git push -q origin main')
    expect(run({ bare: true })).toMatchObject({ changed: true, failed: false, after: { kind: 'ok' } })
    expect(sh('git -C a/copy rev-parse main')).toBe(commit('main'))
  })

  test('moves to another remote', () => {
    run()
    sh('cp -r origin.git second.git')
    const done = run({ repo: at('second.git') })
    expect(done).toMatchObject({ changed: true, failed: false, after: { kind: 'ok' } })
    expect(done.result.remote_url_changed).toBe(true)
    expect(sh('git -C a/copy remote get-url origin')).toBe(`file://${at('second.git')}`)
  })

  test('clones an empty repository', () => {
    sh('git init -q --bare empty.git')
    expect(run({ repo: at('empty.git') })).toMatchObject({
      failed: false,
      result: { after: null },
      after: { kind: 'ok' },
    })
  })

  test('fetches a refspec that is no branch', () => {
    sh(`git -C origin.git update-ref refs/pull/7 ${commit('dev')}`)
    const done = run({ refspec: '+refs/pull/7:refs/heads/seven', version: 'seven' })
    expect(done).toMatchObject({ failed: false, result: { after: commit('dev') } })
    expect(content()).toBe('dev')
  })

  test('looks without writing', () => {
    run()
    // Makes git look into the file, and write that down unless told not to.
    sh('touch -d 2001-01-01 a/copy/file')
    const mark = () => sh('find a/copy -exec stat -c "%n %y %z" {} + | sort')
    const before = mark()
    decideOn(git, { repo: `file://${at('origin.git')}`, dest: at('a/copy') })
    expect(mark()).toBe(before)
  })

  test('says what is wrong with a repository it cannot read', () => {
    expect(brief(run({ repo: at('none.git') }).verdict)).toMatch(
      /none.git' does not appear to be a git repository/,
    )
  })
})

test('git hands a login to its site without storing it', async context => {
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync)
  if (busybox === undefined) return context.skip('busybox is not installed: no web server')
  sh('git -C origin.git update-server-info')
  writeFileSync(at('httpd.conf'), '/:me:s3cret\n')
  const port = String(20_000 + (process.pid % 20_000))
  const server = spawn(busybox, ['httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', dir, '-c', at('httpd.conf')])
  try {
    execFileSync('curl', [
      '-s',
      '--retry',
      '20',
      '--retry-connrefused',
      '--retry-delay',
      '1',
      `http://127.0.0.1:${port}/`,
    ])
    const dest = at('a/copy')
    const wrong = decideOn(git, { repo: `http://me:no@127.0.0.1:${port}/origin.git`, dest })
    expect(brief(wrong)).toMatch(/Authentication failed/)
    const done = run({ repo: `http://me:s3cret@127.0.0.1:${port}/origin.git` })
    expect(done).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(content()).toBe('2')
    expect(readFileSync(at('a/copy/.git/config'), 'utf8')).not.toContain('s3cret')
  } finally {
    server.kill()
  }
})
