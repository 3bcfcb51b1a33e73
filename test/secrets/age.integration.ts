import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { decryptAge, encryptAge, generateIdentity, recipientOf } from '../../src/secrets/age.ts'
import { parseIdentities } from '../../src/secrets/key-text.ts'

const hasAge = spawnSync('age', ['--version']).status === 0
if (!hasAge) console.warn('skipped: no `age` program here (apt-get install age)')

const folder = mkdtempSync(path.join(tmpdir(), 'vpai-age-'))
const at = (name: string) => path.join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(command: string, args: readonly string[], input?: string | Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(command, args, { input })
  if (status !== 0) throw new Error(`${command} failed: ${stderr.toString()}`)
  return stdout
}

describe.skipIf(!hasAge)('interchange with the age program', () => {
  it.each([
    ['armored', false],
    ['binary', true],
  ])('age opens what vpai wrote, %s', async (_, binary) => {
    const identity = await generateIdentity()
    writeFileSync(at('key'), identity.reveal())
    const plain = Buffer.alloc(200_000, 'secret text\n')
    const sealed = await encryptAge(plain, { recipients: [await recipientOf(identity)] }, { binary })
    expect(run('age', ['-d', '-i', at('key')], sealed).equals(plain)).toBe(true)
  })

  it.each([
    ['armored', ['-a']],
    ['binary', []],
  ])('vpai opens what age wrote with a key of age-keygen, %s', async (_, options) => {
    rmSync(at('generated'), { force: true })
    run('age-keygen', ['-o', at('generated')])
    const recipient = run('age-keygen', ['-y', at('generated')])
      .toString()
      .trim()
    const sealed = run('age', ['-e', '-r', recipient, ...options], 'hello')
    const identities = parseIdentities(readFileSync(at('generated'), 'utf8'), 'generated')
    expect(await recipientOf(identities[0]!)).toBe(recipient)
    expect(Buffer.from(await decryptAge(sealed, { identities }, { file: 'f' })).toString()).toBe('hello')
  })

  it('opens a file for a native and an SSH recipient with the native key', async () => {
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('ssh')])
    const identity = await generateIdentity()
    const sealed = run('age', ['-e', '-r', await recipientOf(identity), '-R', at('ssh.pub')], 'both')
    expect(Buffer.from(await decryptAge(sealed, { identities: [identity] }, { file: 'f' })).toString()).toBe(
      'both',
    )
  })
})
