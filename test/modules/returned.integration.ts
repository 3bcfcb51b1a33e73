/** What Ansible documents as returned is in the result, of real programs on real files. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findModule } from '../../src/modules/index.ts'
import { converge } from './harness.ts'
import { temporaryDirectory } from './shells.ts'

let dir = ''
const at = (name: string): string => join(dir, name)

beforeAll(() => {
  dir = temporaryDirectory()
  for (const name of ['f', 'g', 'h', 'i.ini']) writeFileSync(at(name), 'a\n')
  mkdirSync(at('d'))
  mkdirSync(at('parts'))
  writeFileSync(at('parts/1'), 'x\n')
  execFileSync('tar', ['-czf', at('t.tgz'), '-C', dir, 'f'])
  const commit = 'git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x'
  execFileSync('sh', ['-c', `git init -q r && cd r && ${commit}`], { cwd: dir })
})

afterAll(() => rmSync(dir, { recursive: true, force: true }))

const FILE = 'dest gid group mode owner size state uid'
const RUN = 'cmd delta end msg rc start stderr stderr_lines stdout stdout_lines'
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGKukA5zG7b1x1mTzJxQYQ2cQw7H5rC0mS6hQ2mFQv0h a'

/** `@/` stands for the folder of the test. The third column is for the first run, the fourth for one with nothing to do. */
test.each<[string, object, string, string?]>([
  ['copy', { src: 'a', dest: '@/c1' }, `${FILE} src checksum md5sum`, `${FILE} src checksum`],
  ['copy', { content: 'b', dest: '@/c1', backup: true }, `${FILE} checksum md5sum backup_file`],
  [
    'copy',
    { src: '@/f', dest: '@/c2', remote_src: true },
    `${FILE} src checksum md5sum`,
    `${FILE} src checksum`,
  ],
  ['template', { src: 'a', dest: '@/c3' }, `${FILE} src checksum md5sum`, `${FILE} src checksum`],
  ['assemble', { src: '@/parts', dest: '@/c4', remote_src: true }, `${FILE} src checksum md5sum`],
  ['file', { path: '@/n', state: 'touch' }, FILE],
  ['file', { path: '@/n2', state: 'directory' }, 'path gid group mode owner state uid'],
  ['lineinfile', { path: '@/g', line: 'b', backup: true }, 'msg backup', 'msg'],
  ['blockinfile', { path: '@/g', block: 'b', backup: true }, 'msg backup_file', 'msg'],
  ['replace', { path: '@/g', regexp: 'a', replace: 'c', backup: true }, 'msg backup_file', 'msg'],
  [
    'ini_file',
    { path: '@/i.ini', section: 'a', option: 'b', value: 'c', backup: true },
    'msg path backup_file',
    'msg path',
  ],
  ['find', { paths: '@/' }, 'examined files matched msg skipped_paths'],
  ['stat', { path: '@/f' }, 'stat'],
  ['slurp', { src: '@/f' }, 'content encoding source'],
  ['tempfile', { path: '@/' }, 'path state mode'],
  [
    'get_url',
    { url: 'file://@/f', dest: '@/got' },
    `${FILE} checksum_dest checksum_src elapsed md5sum msg src status_code url`,
    `${FILE} msg url`,
  ],
  [
    'unarchive',
    { src: '@/t.tgz', dest: '@/d', remote_src: true, list_files: true },
    `${FILE} files handler src`,
    `${FILE} files src`,
  ],
  [
    'archive',
    { path: ['@/h'], dest: '@/h.gz' },
    'archived arcroot dest dest_state expanded_exclude_paths expanded_paths missing state',
  ],
  [
    'git',
    { repo: '@/r', dest: '@/r2' },
    'after before remote_url_changed',
    'after before remote_url_changed',
  ],
  [
    'fetch',
    { src: '@/f', dest: '@/fetched', flat: true },
    'checksum dest md5sum remote_checksum remote_md5sum src',
  ],
  [
    'wait_for',
    { path: '@/f', search_regex: 'a' },
    'elapsed match_groupdict match_groups path port search_regex state',
  ],
  [
    'authorized_key',
    { user: 'root', path: '@/keys', manage_dir: false, key: KEY },
    'exclusive key key_option key_options keyfile manage_dir path state unique user validate_certs',
  ],
  ['cron', { name: 'x', job: 'true', cron_file: '@/cron', user: 'root' }, 'cron_file envs jobs', 'envs jobs'],
  [
    'mount',
    { path: '/mnt/x', src: 'tmpfs', fstype: 'tmpfs', state: 'present', fstab: '@/fstab' },
    'boot dump fstab fstype name opts passno src',
  ],
  ['command', { cmd: 'true' }, RUN],
  ['shell', { cmd: 'true' }, RUN],
  ['expect', { command: 'true', responses: { a: 'b' } }, 'cmd delta end rc start stdout stdout_lines'],
  ['getent', { database: 'passwd', key: 'root' }, 'ansible_facts'],
  ['user', { name: 'root' }, 'append comment create_home group home move_home name shell state system uid'],
  ['group', { name: 'root' }, 'gid name state system'],
  ['openssl_privatekey', { path: '@/k.pem', type: 'Ed25519' }, 'filename fingerprint size type'],
  ['openssh_keypair', { path: '@/sk', type: 'ed25519' }, 'comment filename fingerprint public_key size type'],
])('%s %j returns %s', (name, args, first, then = first) => {
  const given = JSON.parse(JSON.stringify(args).replaceAll('@/', `${dir}/`)) as object
  const content = new TextEncoder().encode('hi\n')
  const local = () => ({ kind: 'file', path: '/x/a', content, mode: 0o644 }) as const
  const module = findModule(name)
  if (module === null) throw new Error(`there is no module ${name}`)
  const done = converge(module, given, { context: { local } })
  const { after } = done
  expect(done.failed, JSON.stringify(done.result)).toBe(false)
  expect(Object.keys(done.result)).toEqual(expect.arrayContaining(first.split(' ')))
  if (after.kind === 'ok')
    expect(Object.keys(after.result ?? {})).toEqual(
      expect.arrayContaining(then.split(' ').filter(key => then !== first || !ONLY_CHANGED.has(key))),
    )
})

/** Not where nothing was done, and no column says otherwise. */
const ONLY_CHANGED = new Set(['md5sum', 'backup_file', 'size'])
