import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Reply, Request, Session } from '../../src/engine/ports.ts'
import type { SessionHost } from '../../src/session/host.ts'
import { LOGIN, localHost } from './local-host.ts'
import { missing, SHELLS, withShell } from './shells.ts'

const WANTED = ['dash', 'bash', 'busybox', 'mksh']
console.log(`shells served by: ${SHELLS.join(', ')}; missing: ${missing(WANTED, SHELLS)}`)

type Done = Extract<Reply, { kind: 'done' }>

/** Some programs of older systems. */
const NO_COUNT_BYTES = `#!/bin/sh
case "$*" in *count_bytes*) echo 'dd: invalid input flag' >&2; exit 1;; esac
PATH=/usr/bin:/bin; exec dd "$@"
`
const GREEDY_HEAD = `#!/bin/sh
PATH=/usr/bin:/bin; dd bs=8192 count=1 2>/dev/null | dd bs=1 count="$2" 2>/dev/null
`

const scratch = mkdtempSync(path.join(tmpdir(), 'vpai-test-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe.each(SHELLS)('a session served by %s', shell => {
  const prefix = withShell(shell, scratch)
  const isPossible = prefix !== null
  if (!isPossible) console.log(`skipped ${shell}: mount namespaces are not available`)
  let host: SessionHost
  let session: Session

  beforeEach(async () => {
    if (prefix === null) return
    host = localHost({ local: { shell: prefix } })
    session = await host.session(LOGIN)
  })
  afterEach(async () => {
    await host?.close()
  })

  const run = async (request: Request): Promise<Done> => {
    const reply = await session.request(request)
    if (reply.kind !== 'done') throw new Error('skipped')
    return reply
  }
  const text = (reply: Done) => [reply.code, reply.stdout.toString(), reply.stderr.toString()]

  describe.runIf(isPossible)('served', () => {
    test.each([0, 30])('echoes a megabyte of random bytes exactly (timeout %s)', async timeoutS => {
      const bytes = randomBytes(1024 * 1024 + 13)
      const reply = await run({ script: 'cat; echo done >&2', stdin: bytes, timeoutS })
      expect(reply.stdout.equals(bytes)).toBe(true)
      expect(reply.stderr.toString()).toBe('done\n')
    })

    test.each([0, 5])('keeps stdout, stderr and the exit code apart (timeout %s)', async timeoutS => {
      expect(text(await run({ script: 'echo out; echo err >&2; exit 7', timeoutS }))).toEqual([
        7,
        'out\n',
        'err\n',
      ])
    })

    test.each([0, 5])('survives a syntax error (timeout %s)', async timeoutS => {
      const reply = await run({ script: 'if then (', timeoutS })
      expect(reply.code).not.toBe(0)
      expect(text(await run({ script: 'echo still here' }))).toEqual([0, 'still here\n', ''])
    })

    test.each([
      [0, 300_000],
      [5, 300_000],
      [0, 40_000],
      [5, 40_001],
    ])('drains stdin that a script does not read (timeout %s, %s bytes)', async (timeoutS, size) => {
      const bytes = Buffer.alloc(size, 'R 1 2 3\n')
      const first = session.request({ script: 'read -r a; echo "$a"', stdin: bytes, timeoutS })
      const second = session.request({ script: 'echo next' })
      expect(text((await first) as Done)[1]).toBe('R 1 2 3\n')
      expect(text((await second) as Done)[1]).toBe('next\n')
    })

    test.each([0, 5])('gives a script its stdin by a pipe (timeout %s)', async timeoutS => {
      const reply = await run({
        script: 'read -r a; [ -p /dev/stdin ] && cat',
        stdin: 'A=1\nrest\n',
        timeoutS,
      })
      expect(text(reply)).toEqual([0, 'rest\n', ''])
    })

    test('serves pipelined requests in order', async () => {
      const replies = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          run({ script: `echo ${index}`, stdin: index % 3 ? `${index}` : undefined }),
        ),
      )
      expect(replies.map(reply => Number(reply.stdout))).toEqual(
        Array.from({ length: 50 }, (_, index) => index),
      )
    })

    test('skips the rest of a failed chain and nothing else', async () => {
      const requests: Request[] = [
        { script: 'true', chain: 'a' },
        { script: 'exit 3', chain: 'a' },
        { script: 'exit 4', chain: 'b' },
        { script: 'echo never', chain: 'a', stdin: 'swallowed' },
        { script: 'echo never', chain: 'b', timeoutS: 5 },
        { script: 'echo free' },
        { script: 'echo new', chain: 'c' },
      ]
      const replies = await Promise.all(requests.map(request => session.request(request)))
      expect(replies.map(reply => (reply.kind === 'done' ? reply.code : reply.kind))).toEqual([
        0,
        3,
        4,
        'skipped',
        'skipped',
        0,
        0,
      ])
    })

    test('kills the whole process group at the deadline', async () => {
      const mark = path.join(scratch, `late-${shell}`)
      const reply = await run({ script: `(sleep 2; echo late >${mark}) & sleep 20; echo no`, timeoutS: 1 })
      expect(reply.timedOut).toBe(true)
      expect([124, 137, 143]).toContain(reply.code)
      await run({ script: 'sleep 2' })
      expect(existsSync(mark)).toBe(false)
    })

    test('does not call an early exit code 124 or 143 a time-out', async () => {
      expect((await run({ script: 'exit 124', timeoutS: 5 })).timedOut).toBe(false)
      expect((await run({ script: 'kill -TERM $$; sleep 3', timeoutS: 20 })).timedOut).toBe(false)
    })

    test('is not held up or disturbed by a process left behind', async () => {
      const started = Date.now()
      const first = await run({ script: '(sleep 1; echo stray; echo stray >&2) & echo out', timeoutS: 10 })
      expect(text(first)).toEqual([0, 'out\n', ''])
      expect(text(await run({ script: 'sleep 1.5; echo two' }))[1]).toBe('two\n')
      expect(Date.now() - started).toBeLessThan(9000)
    })

    test('kills what does not heed being cancelled', async () => {
      const begun = path.join(scratch, `deaf-${shell}`)
      const script = `trap '' TERM; : >'${begun}'; while :; do sleep 1; done`
      const running = session.request({ script, timeoutS: 60 })
      await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true)
      await session.cancel(running)
      expect((await running) as Done).toMatchObject({ code: 137, timedOut: false })
    })

    test('cancels the running command and serves the next one', async () => {
      const begun = path.join(scratch, `heeds-${shell}`)
      const script = `trap 'echo told; exit 9' TERM; : >'${begun}'; sleep 30 & wait; echo no`
      const running = session.request({ script, timeoutS: 60 })
      const next = session.request({ script: 'echo next' })
      await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true)
      await session.cancel(running)
      const reply = (await running) as Done
      // timeout passes the signal on, so that one may come twice.
      expect([reply.stdout.toString().replace(/^(told\n)+$/, 'told\n'), reply.timedOut]).toEqual([
        'told\n',
        false,
      ])
      expect(text((await next) as Done)[1]).toBe('next\n')
    })

    test('gives scripts a fixed environment', async () => {
      const reply = await run({
        script: 'umask; echo "$LC_ALL"; case $PATH in */usr/sbin*) echo sbin;; esac',
        timeoutS: 5,
      })
      expect(reply.stdout.toString()).toMatch(/^0*22\nC\nsbin\n$/)
    })

    test.each<[string, Record<string, string>]>([
      ['dd that cannot count bytes', { dd: NO_COUNT_BYTES }],
      ['dd that cannot count bytes and a head that reads too far', { dd: NO_COUNT_BYTES, head: GREEDY_HEAD }],
    ])('reads exactly with a %s', async (name, programs) => {
      const directory = mkdtempSync(path.join(scratch, 'bin-'))
      for (const [program, script] of Object.entries(programs)) {
        writeFileSync(path.join(directory, program), script, { mode: 0o755 })
      }
      const [first = '', ...rest] = prefix ?? []
      const local = { shell: [first, ...rest.map(word => word.replace('PATH=', `PATH=${directory}:`))] }
      const odd = localHost({ local })
      const bytes = randomBytes(name.includes('head') ? 3000 : 200_000)
      const replies = await odd
        .session(LOGIN)
        .then(one =>
          Promise.all([one.request({ script: 'cat', stdin: bytes }), one.request({ script: 'echo next' })]),
        )
      expect(replies.map(reply => (reply as Done).stdout.equals(bytes) || text(reply as Done)[1])).toEqual([
        true,
        'next\n',
      ])
      await odd.close()
    })

    test('leaves nothing on the host after a good-bye', async () => {
      await run({ script: 'echo x', timeoutS: 5 })
      const { tmp } = session.hello
      expect(existsSync(tmp)).toBe(true)
      await host.close()
      expect(existsSync(tmp)).toBe(false)
    })

    test.each([0, 5])('keeps nothing of what a request held or said (timeout %s)', async timeoutS => {
      await run({ script: 'cat; echo said; echo err >&2', stdin: 'held', timeoutS })
      await run({ script: ':' })
      const files = readdirSync(session.hello.tmp).filter(name => /^[a-z]1(\.|$)/.test(name))
      expect(files.length).toBeGreaterThan(3)
      expect(files.filter(name => statSync(path.join(session.hello.tmp, name)).size > 0)).toEqual([])
    })

    test('removes the empty files of many requests together', async () => {
      const counts: number[] = []
      for (let index = 0; index < 70; index++) {
        await run({ script: ':', timeoutS: 0 })
        counts.push(readdirSync(session.hello.tmp).length)
      }
      expect(Math.max(...counts)).toBeLessThan(4 * 64)
      expect(counts.at(-1)).toBeLessThan(3 * 10)
    })
  })
})
