import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { findProgram } from '../../src/sandbox/tier.ts'
import { ATTEMPTS, lookAtMachine } from './escape-attempts.ts'
import { runOnSandbox } from './run-on-sandbox.ts'
import { bundle } from './server-bundle.ts'

interface Person {
  readonly tier: 'subuid' | 'single-uid'
  readonly uid: number
  readonly sshEnd: 'sshd' | 'ssh2'
}

const script = await bundle(join(import.meta.dirname, 'sandbox-driver.ts'))
const people: Person[] = [
  { tier: 'single-uid', uid: process.getuid?.() === 0 ? 65534 : (process.getuid?.() ?? 0), sshEnd: 'ssh2' },
]
const uidWithRange = firstUidWithRange()
if (uidWithRange === null)
  console.warn('tier subuid not tested: no account has a range in /etc/subuid, or newuidmap is missing')
else
  people.push({ tier: 'subuid', uid: uidWithRange, sshEnd: findProgram('sshd') === null ? 'ssh2' : 'sshd' })

const refusal = await execa('setpriv', as(65534, ['unshare', '-U', '-m', '-p', '-n', '-f', 'true']), {
  reject: false,
})
if (refusal.failed) console.warn(`unprivileged sandbox not tested: ${refusal.stderr}`)

describe.skipIf(refusal.failed).each(people)(
  'an embedded host of uid $uid with the tier $tier',
  ({ tier, uid, sshEnd }) => {
    const parent = mkdtempSync(join(tmpdir(), 'vpai-sandbox-'))
    const dir = join(parent, 'plain')
    let info: SandboxInfo

    beforeAll(async () => {
      if (process.getuid?.() === 0) chownSync(parent, uid, uid)
      const options = {
        name: 'plain',
        backend: 'embedded',
        dir,
        tier,
        selfCommand: [process.execPath, script, 'ssh-server'],
      }
      const { stdout } = await execa(
        'setpriv',
        as(uid, [process.execPath, script, 'up', JSON.stringify(options)]),
        { cwd: '/' },
      )
      info = JSON.parse(stdout) as SandboxInfo
    })

    afterAll(async () => {
      await execa('setpriv', as(uid, [process.execPath, script, 'down', 'plain', dir]), { cwd: '/' })
      rmSync(parent, { recursive: true })
    })

    it('outlives the program that started it and answers as root', async () => {
      expect(info).toMatchObject({ tier, sshEnd })
      expect(await runOnSandbox(info, 'id -u; echo "to stderr" >&2; exit 3')).toEqual({
        code: 3,
        stdout: '0\n',
        stderr: 'to stderr\n',
      })
    })

    it('carries binary output and a terminal', async () => {
      const { stdout } = await runOnSandbox(info, 'head -c 3000000 /dev/zero | cksum')
      expect(stdout).toBe(
        (await execa('sh', ['-c', 'head -c 3000000 /dev/zero | cksum'])).stdout.concat('\n'),
      )
      expect(await runOnSandbox(info, 'tty; exit 4', { pty: true })).toMatchObject({
        code: 4,
        stdout: expect.stringContaining('/dev/pts/'),
      })
    })

    it.each(ATTEMPTS)('keeps $title away from the machine', async ({ command, ends, needs }) => {
      if (needs !== undefined && findProgram(needs) === null) return
      const before = lookAtMachine()
      const { code } = await runOnSandbox(info, `sh -c '${command}'`)
      expect(lookAtMachine()).toEqual(before)
      if (ends !== 'either') expect(code === 0 ? 'inside' : 'refused').toBe(ends)
    })
  },
)

afterAll(() => rmSync(dirname(script), { recursive: true }))

/** setpriv's arguments; root only, others run as they are. */
function as(uid: number, argv: readonly string[]): string[] {
  const ids =
    process.getuid?.() === 0 ? ['--reuid', String(uid), '--regid', String(uid), '--clear-groups'] : []
  return [...ids, 'env', '-u', 'HOME', ...argv]
}

function firstUidWithRange(): number | null {
  if (process.getuid?.() !== 0 || findProgram('newuidmap') === null || !existsSync('/etc/subuid')) return null
  const names = readFileSync('/etc/subuid', 'utf8')
    .split('\n')
    .map(line => line.split(':')[0])
  const account = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
    .find(fields => names.includes(fields[0]) && fields[0] !== '' && fields[0] !== 'root')
  return account === undefined ? null : Number(account[2])
}
