import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Value } from '../../src/base/value.ts'
import { type ConnectSettings, connect } from '../../src/cli/wire/connect.ts'
import { type Sshd, sshdMissing, startSshd } from '../connections/sshd.ts'

const missing = sshdMissing()
if (missing) console.warn(`no login before the first deploy: ${missing}`)

describe.skipIf(missing)('bootstrap of a host', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.stop())

  const settings = (): ConnectSettings => ({
    io: { env: { HOME: '/nonexistent' } } as unknown as ConnectSettings['io'],
    project: { root: '/nonexistent', ansible: {}, stateDirectory: '/nonexistent/.vpai' },
    user: null,
    privateKey: sshd.privateKeyPath,
    connection: null,
    timeoutS: 5,
    loginPassword: null,
    becomePassword: null,
    passphrase: async () => '',
  })
  const target = (variables: Record<string, Value>) => ({
    name: 'h1',
    variables: (name: string) =>
      ({ ansible_host: '127.0.0.1', vpai_host_key: sshd.hostKey, ...variables })[name],
    connection: 'ssh',
    remoteUser: null,
    port: null,
  })

  it('is how to log in while the port of the inventory does not answer yet', async () => {
    const variables = {
      ansible_port: 1,
      ansible_user: 'nobody-yet',
      bootstrap: { port: sshd.port, user: sshd.user },
    }
    const { host, user } = await connect(target(variables), settings())
    expect(user).toBe(sshd.user)
    await host.close()
  })

  it('is not asked when the port of the inventory answers', async () => {
    const variables = {
      ansible_port: sshd.port,
      ansible_user: sshd.user,
      bootstrap: { port: 1, user: 'other' },
    }
    const { host, user } = await connect(target(variables), settings())
    expect(user).toBe(sshd.user)
    await host.close()
  })

  it('does not hide why a host without it cannot be reached (SSH_REFUSED)', async () => {
    await expect(
      connect(target({ ansible_port: 1, ansible_user: sshd.user }), settings()),
    ).rejects.toMatchObject({ code: 'SSH_REFUSED' })
  })
})
