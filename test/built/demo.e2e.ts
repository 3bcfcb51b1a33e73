/** `make demo` as different people of this machine, and what it leaves. */
import { spawn, spawnSync } from 'node:child_process'
import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const isRoot = process.getuid?.() === 0
/** Has no account, like people in many containers. */
const STRANGER = 54321

let scratch: string

/** What the demo needs of a clone, where everybody can read it. */
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'vpai-demo-test-'))
  for (const part of ['dist', 'examples', 'scripts/demo.mjs'])
    cpSync(path.join(root, part), path.join(scratch, 'clone', part), { recursive: true })
  for (const name of ['home', 'tmp']) mkdirSync(path.join(scratch, name))
  if (!isRoot) return
  for (const name of ['.', 'home', 'tmp']) chownSync(path.join(scratch, name), STRANGER, STRANGER)
})
afterEach(() => rmSync(scratch, { recursive: true, force: true }))

const asStranger = ['setpriv', '--reuid', String(STRANGER), '--regid', String(STRANGER), '--clear-groups']

function demo(before: readonly string[]) {
  const [program = '', ...args] = [...before, process.execPath, path.join(scratch, 'clone/scripts/demo.mjs')]
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: path.join(scratch, 'tmp'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: path.join(scratch, 'home'), TMPDIR: path.join(scratch, 'tmp') },
  })
  const left = ['home', 'tmp'].flatMap(name => readdirSync(path.join(scratch, name)))
  return { status, text: stdout + stderr, left }
}

it.each([
  ['the user at hand', [] as string[]],
  ...(isRoot ? [['a user without an account', asStranger] as [string, string[]]] : []),
])(
  'as %s it comes to its end and leaves nothing behind',
  (_who, before) => {
    const { status, text, left } = demo(before)
    expect({ status, left }, text).toEqual({ status: 0, left: [] })
    expect(text).toMatch(/^Tier: /m)
    expect(text).toContain('+greeting=Welcome to demo.example.org')
  },
  120_000,
)

it.skipIf(!isRoot)(
  'where namespaces are forbidden it says so and what to do instead',
  async () => {
    const holder = spawn('unshare', ['-U', 'sleep', '600'], { stdio: 'ignore' })
    try {
      const own = readlinkSync('/proc/self/ns/user')
      await vi.waitFor(() => expect(readlinkSync(`/proc/${holder.pid}/ns/user`)).not.toBe(own))
      for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${holder.pid}/${map}`, '0 0 65536')
      const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
      const before = ['nsenter', '-U', '-t', String(holder.pid), 'sh', '-c', forbid, 'sh', ...asStranger]
      const { status, text, left } = demo(before)
      expect({ status, left }, text).toEqual({ status: 1, left: [] })
      expect(text).toContain('SANDBOX_NAMESPACES_FORBIDDEN')
      expect(text).toContain('vpai sandbox up --backend docker')
      expect(text).toContain('BACKEND=docker make demo')
    } finally {
      holder.kill('SIGKILL')
    }
  },
  60_000,
)
