import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Client, type PublicKeyAuthMethod } from 'ssh2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sendAlong, signAtOnce } from '../../src/connections/fast.ts'
import { connectSsh } from '../../src/connections/ssh.ts'
import { dialTcp } from '../../src/connections/ssh-dial.ts'
import { generateKey, type Sshd, sshdMissing, startSshd } from './sshd.ts'
import { targetOf } from './target.ts'

const reason = sshdMissing()
if (reason !== null) console.log(`skipped the fast login tests: ${reason}`)

describe.skipIf(reason !== null)('sending along', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.stop())

  test('what a command reads first goes out before the host has said that it runs', async () => {
    const client = new Client()
    const said: string[] = []
    const note = (line: string) => {
      const found = /Sending CHANNEL_(REQUEST|DATA)/.exec(line)
      if (found?.[1] !== undefined) said.push(found[1])
    }
    const sock = await dialTcp(targetOf(sshd))
    const key = readFileSync(sshd.privateKeyPath)
    await new Promise<void>((resolve, reject) => {
      client.on('ready', () => resolve()).on('error', reject)
      client.connect({ sock, username: sshd.user, privateKey: key, hostVerifier: () => true, debug: note })
    })
    const along = sendAlong(client, 'cat', Buffer.from('first'))
    expect(along).not.toBeNull()
    const text = await new Promise<string>((resolve, reject) => {
      client.exec(along?.command ?? '', (error, channel) => {
        if (error) return reject(error)
        said.push('it runs')
        expect(along?.settle(channel)).toBe(true)
        let text = ''
        channel.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        channel.on('close', () => resolve(text)).end()
      })
    })
    client.destroy()
    expect(text).toBe('first')
    expect(said.slice(0, 3)).toEqual(['REQUEST', 'DATA', 'it runs'])
  })

  test('it counts among what the channel has taken, and each channel gets its own', async () => {
    const connection = await connectSsh(targetOf(sshd))
    const rest = Buffer.alloc(6 * 1024 * 1024, 'x')
    const both = ['one ', 'two '].map(async text => {
      const first = Buffer.from(text.repeat(3000))
      const channel = await connection.open('cat | sha256sum', { first })
      const chunks: Buffer[] = []
      channel.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk))
      channel.stdin.end(rest)
      await channel.closed
      const expected = createHash('sha256').update(first).update(rest).digest('hex')
      return [Buffer.concat(chunks).toString().slice(0, 64), expected]
    })
    for (const [found, expected] of await Promise.all(both)) expect(found).toBe(expected)
    await connection.close()
  })

  test('a client that looks different, or more than every channel takes, is left alone', () => {
    const bytes = Buffer.from('first')
    expect(sendAlong({} as Client, 'cat', bytes)).toBeNull()
    const odd = { _protocol: { exec: () => undefined, channelData: () => undefined } }
    expect(sendAlong(odd as unknown as Client, 'cat', bytes)).toBeNull()
    expect(sendAlong(new Client(), 'cat', Buffer.alloc(17 * 1024))).toBeNull()
  })
})

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
