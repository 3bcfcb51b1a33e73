import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Client, type PublicKeyAuthMethod } from 'ssh2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signAtOnce } from '../../src/connections/fast.ts'
import { dialTcp } from '../../src/connections/ssh-dial.ts'
import { generateKey, type Sshd, sshdMissing, startSshd } from './sshd.ts'
import { targetOf } from './target.ts'

const reason = sshdMissing()
if (reason !== null) console.log(`skipped the fast login tests: ${reason}`)

describe.skipIf(reason !== null)('signing at once', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.stop())

  /** The authentication packets a login with this key sends, and how it ends. */
  async function logIn(key: string): Promise<{ readonly sent: string[]; readonly end: string }> {
    const client = new Client()
    const sent: string[] = []
    const method: PublicKeyAuthMethod = { type: 'publickey', username: sshd.user, key: readFileSync(key) }
    const sock = await dialTcp(targetOf(sshd))
    const end = await new Promise<string>(resolve => {
      client.on('ready', () => resolve('ready')).on('error', error => resolve(error.message))
      client.connect({
        sock,
        username: sshd.user,
        authHandler: [method],
        hostVerifier: () => true,
        debug: line =>
          void (line.includes('Sending USERAUTH_REQUEST') && sent.push(line.replace(/.*\(|\)$/g, ''))),
      })
      expect(signAtOnce(client)).toBe(true)
    })
    client.destroy()
    return { sent, end }
  }

  test.each(['privateKeyPath', 'rsaKeyPath'] as const)(
    'logs in with %s and sends no question first',
    async key => {
      expect(await logIn(sshd[key])).toEqual({ sent: ['publickey'], end: 'ready' })
    },
  )

  test.each(['ed25519', 'rsa', 'ecdsa'])('a refused %s key ends in an ordinary failure', async type => {
    const key = path.join(sshd.directory, `refused_${type}`)
    generateKey(key, ['-t', type])
    const { sent, end } = await logIn(key)
    expect(end).toBe('All configured authentication methods failed')
    expect(sent[0]).toBe('publickey')
  })

  test('a client that looks different is left alone', () => {
    expect(signAtOnce({} as Client)).toBe(false)
    expect(signAtOnce({ _protocol: { authPK: () => undefined } } as unknown as Client)).toBe(false)
  })
})
