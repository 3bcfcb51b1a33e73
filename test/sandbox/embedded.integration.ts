import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { down, list, type SandboxInfo, status, up } from '../../src/sandbox/index.ts'
import { identify } from '../../src/sandbox/process-identity.ts'
import { findProgram, findTier } from '../../src/sandbox/tier.ts'
import { ATTEMPTS, lookAtMachine } from './escape-attempts.ts'
import { runOnSandbox } from './run-on-sandbox.ts'

const finding = await findTier('root').catch((error: Error) => error)
const isPossible = !(finding instanceof Error)
if (finding instanceof Error) console.warn(`embedded root sandbox not tested: ${finding.message}`)

describe.skipIf(!isPossible)('an embedded host of root', () => {
  const parent = mkdtempSync(join(tmpdir(), 'vpai-sandbox-'))
  const dir = join(parent, 'one')
  const options = { name: 'one', backend: 'embedded', dir } as const
  let info: SandboxInfo

  beforeAll(async () => {
    info = await up(options)
  })

  afterAll(async () => {
    await down('one', dir)
    rmSync(parent, { recursive: true })
  })

  it('answers as root over ssh with the pinned host key', async () => {
    const answer = await runOnSandbox(info, 'id -u; hostname; cat; echo "to stderr" >&2; exit 3')
    expect(answer).toEqual({ code: 3, stdout: '0\none\n', stderr: 'to stderr\n' })
    expect(readFileSync(info.knownHostsPath, 'utf8')).toBe(`[127.0.0.1]:${info.port} ${info.hostKey}\n`)
  })

  it('gives a terminal to who asks for one', async () => {
    expect((await runOnSandbox(info, 'tty', { pty: true })).stdout).toMatch(/^\/dev\/pts\//)
  })

  it('shows neither homes, nor the project, nor other places of the machine', async () => {
    const places = `/home /mnt /media /srv /tmp /root/* ${process.cwd()} ${dir}`
    const { stdout } = await runOnSandbox(info, `for d in ${places}; do ls -A "$d" 2>/dev/null; done`)
    expect(stdout).toBe('')
  })

  it.each(ATTEMPTS)('keeps $title away from the machine', async ({ command, ends, needs }) => {
    if (needs !== undefined && findProgram(needs) === null) {
      console.warn(`${needs} is not on this machine`)
      return
    }
    const before = lookAtMachine()
    const { code } = await runOnSandbox(info, `sh -c '${command}'`)
    expect(lookAtMachine()).toEqual(before)
    if (ends !== 'either') expect(code === 0 ? 'inside' : 'refused').toBe(ends)
  })

  it('cannot reach a unix socket or a port of the machine', async () => {
    const path = '/var/lib/vpai-escape.sock'
    const onPath = createServer().listen(path)
    const onPort = createServer().listen(0, '127.0.0.1')
    await Promise.all([once(onPath, 'listening'), once(onPort, 'listening')])
    try {
      const port = (onPort.address() as { port: number }).port
      const socketAttempt = `perl -MIO::Socket::UNIX -e 'exit(IO::Socket::UNIX->new("${path}") ? 0 : 9)'`
      const portAttempt = `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'`
      expect((await runOnSandbox(info, socketAttempt)).code).not.toBe(0)
      expect((await runOnSandbox(info, portAttempt)).code).not.toBe(0)
    } finally {
      onPath.close()
      onPort.close()
    }
  })

  it('is given back by a second up', async () => {
    expect(await up(options)).toEqual(info)
    expect(await list(parent)).toEqual([{ kind: 'running', info }])
  })
})

describe.skipIf(!isPossible)('the end of an embedded host', () => {
  const parent = mkdtempSync(join(tmpdir(), 'vpai-sandbox-'))
  const dir = join(parent, 'two')
  const options = { name: 'two', backend: 'embedded', dir } as const
  afterAll(() => rmSync(parent, { recursive: true }))

  it('leaves no process and no file', async () => {
    const info = await up(options)
    expect(await down('two', dir)).toBe(true)
    expect(info.pids.filter(pid => identify(pid) !== null)).toEqual([])
    expect(readdirSync(parent)).toEqual([])
    expect(await status('two', dir)).toEqual({ kind: 'absent' })
  })

  it('is noticed after a crash, and cleaned by the next up', async () => {
    const crashed = await up(options)
    process.kill(crashed.pids[1] ?? 0, 'SIGKILL')
    await expect.poll(async () => (await status('two', dir)).kind).toBe('broken')
    const next = await up(options)
    expect(crashed.pids.filter(pid => identify(pid) !== null)).toEqual([])
    expect((await runOnSandbox(next, 'echo up')).stdout).toBe('up\n')
    await down('two', dir)
  })
})
