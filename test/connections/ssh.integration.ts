import { execFileSync, spawn } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchHostKey } from '../../src/connections/fetch-host-key.ts'
import { connectSsh } from '../../src/connections/ssh.ts'
import type { HostKeyPolicy, SshTarget } from '../../src/connections/ssh-target.ts'
import type { Channel } from '../../src/engine/ports.ts'
import { generateKey, type Sshd, sshdMissing, startSshd } from './sshd.ts'
import { targetOf } from './target.ts'

const reason = sshdMissing()
if (reason !== null) console.log(`skipped the ssh tests: ${reason}`)

const output = async (channel: Channel): Promise<string> => {
  let text = ''
  channel.stdout.on('data', chunk => {
    text += chunk
  })
  channel.stderr.resume()
  await channel.closed
  return text
}

const echo = async (target: SshTarget): Promise<string> => {
  const connection = await connectSsh(target)
  try {
    return await output(await connection.open('echo hello'))
  } finally {
    await connection.close()
  }
}

describe.skipIf(reason !== null)('connecting by ssh', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.stop())
  const hostKeys = (changes: Partial<HostKeyPolicy>): Partial<SshTarget> => ({
    hostKeys: { pinned: [], knownHostsFiles: [], policy: 'strict', ...changes },
  })
  const file = (name: string, text: string): string => {
    const full = path.join(sshd.directory, name)
    writeFileSync(full, text)
    return full
  }

  test.each(['privateKeyPath', 'rsaKeyPath'] as const)('logs in with the key of %s', async key => {
    expect(await echo(targetOf(sshd, { identityFiles: [sshd[key]] }))).toBe('hello\n')
  })

  test('logs in when several keys are there and the first is not accepted', async () => {
    const wrong = path.join(sshd.directory, 'id_first')
    generateKey(wrong, ['-t', 'rsa', '-b', '2048'])
    expect(await echo(targetOf(sshd, { identityFiles: [wrong, sshd.rsaKeyPath] }))).toBe('hello\n')
  })

  test('with compression, and with keepalive switched off', async () => {
    expect(await echo(targetOf(sshd, { compression: true, keepalive: null }))).toBe('hello\n')
  })

  test('reports exit codes and keeps stderr apart', async () => {
    const connection = await connectSsh(targetOf(sshd))
    const channel = await connection.open('echo oops >&2; exit 7')
    let errors = ''
    channel.stderr.on('data', chunk => {
      errors += chunk
    })
    channel.stdout.resume()
    expect(await channel.closed).toEqual({ code: 7, signal: null })
    expect(errors).toBe('oops\n')
    await connection.close()
  })

  test('waits for a channel when the server has none free for the moment', async () => {
    const narrow = await startSshd({ config: ['MaxSessions 1'] })
    try {
      const connection = await connectSsh(targetOf(narrow))
      const first = output(await connection.open('sleep 0.4; echo one'))
      expect(await output(await connection.open('echo two'))).toBe('two\n')
      expect(await first).toBe('one\n')
      const held = await connection.open('sleep 20')
      await expect(connection.open('echo three')).rejects.toMatchObject({ code: 'SSH_CHANNEL_REFUSED' })
      held.destroy()
      await connection.close()
    } finally {
      await narrow.stop()
    }
  })

  describe('host keys', () => {
    test('an unknown host is refused, with its fingerprint and what to do', async () => {
      const expected = execFileSync('ssh-keygen', ['-lf', path.join(sshd.directory, 'host_ed25519.pub')], {
        encoding: 'utf8',
      })
      await expect(connectSsh(targetOf(sshd, hostKeys({})))).rejects.toMatchObject({
        code: 'SSH_HOST_KEY_UNKNOWN',
        message: expect.stringContaining(expected.split(' ')[1] ?? '-'),
        hint: expect.stringContaining('vpai trust 127.0.0.1'),
      })
    })

    test('accept-new remembers an unknown host, readable for its owner only', async () => {
      const known = path.join(sshd.directory, 'new/known_hosts')
      const target = targetOf(
        sshd,
        hostKeys({ policy: 'accept-new', appendTo: known, knownHostsFiles: [known] }),
      )
      expect(await echo(target)).toBe('hello\n')
      expect(readFileSync(known, 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`)
      expect(statSync(known).mode & 0o777).toBe(0o600)
      expect(await echo(targetOf(sshd, hostKeys({ knownHostsFiles: [known] })))).toBe('hello\n')
    })

    test.each<[string, string, (sshd: Sshd, other: string) => string]>([
      [
        'another key is an error even under accept-new',
        'SSH_HOST_KEY_CHANGED',
        (s, other) => `[127.0.0.1]:${s.port} ${other}\n`,
      ],
      [
        'a revoked key is an error',
        'SSH_HOST_KEY_REVOKED',
        s => `[127.0.0.1]:${s.port} ${s.hostKey}\n@revoked * ${s.hostKey}\n`,
      ],
    ])('%s', async (_, code, text) => {
      const other = path.join(sshd.directory, `other-${code}`)
      generateKey(other, ['-t', 'ed25519'])
      const known = file(`known-${code}`, text(sshd, readFileSync(`${other}.pub`, 'utf8').trim()))
      const target = targetOf(sshd, hostKeys({ policy: 'accept-new', knownHostsFiles: [known] }))
      await expect(connectSsh(target)).rejects.toMatchObject({ code })
    })

    test('a hashed entry is found', async () => {
      const salt = Buffer.alloc(20, 7)
      const hash = createHmac('sha1', salt).update(`[127.0.0.1]:${sshd.port}`).digest('base64')
      const known = file('hashed', `|1|${salt.toString('base64')}|${hash} ${sshd.hostKey}\n`)
      expect(await echo(targetOf(sshd, hostKeys({ knownHostsFiles: [known] })))).toBe('hello\n')
    })

    test('a host known by its RSA key only shows that one', async () => {
      const rsa = readFileSync(path.join(sshd.directory, 'host_rsa.pub'), 'utf8').trim()
      const known = file('rsa-only', `[127.0.0.1]:${sshd.port} ${rsa}\n`)
      expect(await echo(targetOf(sshd, hostKeys({ knownHostsFiles: [known] })))).toBe('hello\n')
    })

    test('a pinned key or fingerprint is all that is accepted', async () => {
      const digest = createHash('sha256')
        .update(Buffer.from(sshd.hostKey.split(' ')[1] ?? '', 'base64'))
        .digest('base64')
      for (const pin of [sshd.hostKey, `SHA256:${digest.replace(/=+$/, '')}`]) {
        expect(await echo(targetOf(sshd, hostKeys({ pinned: [pin] })))).toBe('hello\n')
      }
      const target = targetOf(
        sshd,
        hostKeys({ pinned: ['SHA256:nope'], knownHostsFiles: [sshd.knownHostsPath] }),
      )
      await expect(connectSsh(target)).rejects.toMatchObject({ code: 'SSH_HOST_KEY_CHANGED' })
    })

    test('can be fetched without logging in', async () => {
      const fetched = await fetchHostKey(
        targetOf(sshd, { identityFiles: [], user: 'nobody-at-all', ...hostKeys({}) }),
      )
      expect(fetched.type).toBe('ssh-ed25519')
      expect(`${fetched.knownHostLine}\n`).toBe(readFileSync(sshd.knownHostsPath, 'utf8'))
    })
  })

  describe('errors', () => {
    test('a key that is not accepted names what was tried', async () => {
      const wrong = path.join(sshd.directory, 'id_wrong')
      generateKey(wrong, ['-t', 'ed25519'])
      await expect(connectSsh(targetOf(sshd, { identityFiles: [wrong] }))).rejects.toMatchObject({
        code: 'SSH_AUTH_FAILED',
        message: expect.stringMatching(/id_wrong \(SHA256:.*the host accepts publickey/),
      })
    })

    test('no password is asked for that the host would not take', async () => {
      const wrong = path.join(sshd.directory, 'id_wrong2')
      generateKey(wrong, ['-t', 'ed25519'])
      const password = () => Promise.reject(new Error('asked for nothing'))
      const target = targetOf(sshd, { identityFiles: [wrong], password })
      await expect(connectSsh(target)).rejects.toMatchObject({
        message: expect.stringContaining('tried key'),
      })
    })

    test('nothing to log in with is an authentication error', async () => {
      await expect(connectSsh(targetOf(sshd, { identityFiles: [] }))).rejects.toMatchObject({
        code: 'SSH_AUTH_FAILED',
      })
    })

    test.each<[string, Partial<SshTarget>, string]>([
      ['a port where nothing listens', { port: 1 }, 'SSH_REFUSED'],
      ['a name that cannot exist', { host: 'a'.repeat(64) }, 'SSH_DNS'],
      ['a key file that does not exist', { identityFiles: ['/nonexistent/id'] }, 'SSH_KEY_UNREADABLE'],
      ['a key file that is none', { identityFiles: ['/etc/hostname'] }, 'SSH_KEY_UNREADABLE'],
    ])('%s', async (_, changes, code) => {
      await expect(connectSsh(targetOf(sshd, changes))).rejects.toMatchObject({ code })
    })

    test('a server that says nothing is a time-out', async () => {
      const sockets: net.Socket[] = []
      const silent = net.createServer(socket => sockets.push(socket))
      await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
      const { port } = silent.address() as net.AddressInfo
      await expect(connectSsh(targetOf(sshd, { port, connectTimeoutMs: 300 }))).rejects.toMatchObject({
        code: 'SSH_TIMEOUT',
      })
      for (const socket of sockets) socket.destroy()
      silent.close()
    })

    test('a server that drops newcomers is tried again', async () => {
      let count = 0
      const proxy = net.createServer(socket => {
        count += 1
        if (count < 3) {
          socket.resetAndDestroy()
          return
        }
        const onward = net.connect(sshd.port, '127.0.0.1')
        // Whichever side closes first, the other may still have written.
        for (const side of [socket, onward]) side.on('error', () => side.destroy())
        socket.pipe(onward).pipe(socket)
      })
      await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
      const { port } = proxy.address() as net.AddressInfo
      const connection = await connectSsh(targetOf(sshd, { port, ...hostKeys({ pinned: [sshd.hostKey] }) }), {
        random: () => 0,
      })
      expect(count).toBe(3)
      await connection.close()
      proxy.close()
    })

    test('a connection that dies rejects `lost` and ends its channels', async () => {
      const connection = await connectSsh(targetOf(sshd))
      const channel = await connection.open('kill -9 $PPID; sleep 5')
      channel.stdout.resume()
      channel.stderr.resume()
      await expect(connection.lost).rejects.toMatchObject({ code: 'SSH_CONNECTION_LOST' })
      await channel.closed
      await expect(connection.open('true')).rejects.toMatchObject({ code: 'SSH_CONNECTION_LOST' })
    })
  })

  describe('encrypted keys and agents', () => {
    const encrypted = () => {
      const key = path.join(sshd.directory, 'id_encrypted')
      execFileSync('sh', [
        '-c',
        `cp ${sshd.privateKeyPath} ${key} && chmod 600 ${key} && ssh-keygen -q -p -P '' -N secret -f ${key}`,
      ])
      return key
    }

    test('a passphrase opens an encrypted key; a wrong one is said to be wrong', async () => {
      const identityFiles = [encrypted()]
      const asked: string[] = []
      const passphrase = (answer: string) => async (name: string) => {
        asked.push(name)
        return answer
      }
      expect(await echo(targetOf(sshd, { identityFiles, passphrase: passphrase('secret') }))).toBe('hello\n')
      expect(asked).toEqual(identityFiles)
      await expect(
        connectSsh(targetOf(sshd, { identityFiles, passphrase: passphrase('no') })),
      ).rejects.toMatchObject({
        code: 'SSH_PASSPHRASE_WRONG',
      })
    })

    test('a key in the agent needs no passphrase and no file', async () => {
      const socket = path.join(sshd.directory, 'agent.sock')
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
      try {
        const env = { ...process.env, SSH_AUTH_SOCK: socket }
        execFileSync(
          'sh',
          [
            '-c',
            'for i in 1 2 3 4 5 6 7 8 9; do ssh-add -l >/dev/null 2>&1; [ $? = 2 ] || exit 0; sleep 0.1; done',
          ],
          { env },
        )
        execFileSync('ssh-add', ['-q', sshd.privateKeyPath], { env })
        expect(await echo(targetOf(sshd, { identityFiles: [], agent: socket }))).toBe('hello\n')
        expect(
          await echo(targetOf(sshd, { identityFiles: [encrypted()], agent: socket, identitiesOnly: true })),
        ).toBe('hello\n')
        const only = targetOf(sshd, { identityFiles: [], agent: socket, identitiesOnly: true })
        await expect(connectSsh(only)).rejects.toMatchObject({ code: 'SSH_AUTH_FAILED' })
      } finally {
        agent.kill()
      }
    })
  })

  describe('jump hosts', () => {
    test('a host is reached through one and through two others', async () => {
      const jump = targetOf(sshd)
      expect(await echo(targetOf(sshd, { proxyJump: [jump] }))).toBe('hello\n')
      expect(await echo(targetOf(sshd, { proxyJump: [jump, jump] }))).toBe('hello\n')
      expect((await fetchHostKey(targetOf(sshd, { proxyJump: [jump] }))).type).toBe('ssh-ed25519')
    })

    test('a jump host that cannot reach the target says so', async () => {
      const target = targetOf(sshd, { port: 1, proxyJump: [targetOf(sshd)] })
      await expect(connectSsh(target)).rejects.toMatchObject({ code: 'SSH_JUMP_REFUSED' })
    })
  })
})
