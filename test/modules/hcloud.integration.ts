/** The modules of Hetzner Cloud by the curl of this machine, against a stand-in on loopback. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Dict } from '../../src/base/value.ts'
import type { Module } from '../../src/modules/contract.ts'
import { hcloudFirewall } from '../../src/modules/hcloud_firewall.ts'
import { hcloudServer } from '../../src/modules/hcloud_server.ts'
import { hcloudSshKey } from '../../src/modules/hcloud_ssh_key.ts'
import { converge, decideOn } from './harness.ts'
import { type HcloudFake, startHcloud, TOKEN } from './hcloud-fake.ts'
import { brief } from './tables.ts'

let cloud: HcloudFake
beforeAll(async () => {
  cloud = await startHcloud()
})
afterAll(() => cloud.stop())

const run = <Args>(module: Module<Args>, args: object) =>
  converge(module, { api_token: TOKEN, endpoint: cloud.endpoint, ...args })
const look = <Args>(module: Module<Args>, args: object) =>
  brief(decideOn(module, { api_token: TOKEN, endpoint: cloud.endpoint, ...args }))

/** It does something, and then there is nothing left to do. */
function settles<Args>(module: Module<Args>, args: object) {
  const done = run(module, args)
  expect(done.failed, String(done.result.msg)).toBe(false)
  expect(done).toMatchObject({ changed: true, after: { kind: 'ok' } })
  return done
}

test('a key is made, labelled, renamed and deleted', () => {
  const key = 'ssh-ed25519 AAAA ada'
  const made = settles(hcloudSshKey, { name: 'ada & co', public_key: key, labels: { n: 1 } })
  expect(made.result.hcloud_ssh_key).toMatchObject({ name: 'ada & co', public_key: key, labels: { n: '1' } })
  expect(look(hcloudSshKey, { name: 'ada & co', public_key: 'ssh-ed25519 AAAA other words' })).toBe('ok')
  expect(look(hcloudSshKey, { name: 'ada & co', public_key: 'ssh-ed25519 BBBB' })).toContain('say force')
  settles(hcloudSshKey, { name: 'ada & co', public_key: 'ssh-ed25519 BBBB', force: true })
  const { id, fingerprint } = run(hcloudSshKey, { name: 'ada & co' }).result.hcloud_ssh_key as Dict
  settles(hcloudSshKey, { name: 'ada & co', labels: {} })
  settles(hcloudSshKey, { fingerprint, name: 'bob' })
  settles(hcloudSshKey, { id, name: 'ada' })
  settles(hcloudSshKey, { name: 'ada', state: 'absent' })
  expect(look(hcloudSshKey, { id, state: 'absent' })).toBe('ok')
  expect(look(hcloudSshKey, { name: 'ada' })).toContain('public_key')
})

test('a firewall gets its rules', () => {
  const rule = { direction: 'in', protocol: 'tcp', port: 22, source_ips: ['0.0.0.0/0', '::/0'] }
  const made = settles(hcloudFirewall, { name: 'web', rules: [rule] })
  expect(made.result.hcloud_firewall).toMatchObject({
    name: 'web',
    rules: [{ ...rule, port: '22', destination_ips: [], description: null }],
  })
  expect(look(hcloudFirewall, { name: 'web' })).toBe('ok')
  settles(hcloudFirewall, { name: 'web', rules: [{ ...rule, description: 'ssh' }], labels: { a: 'b' } })
  settles(hcloudFirewall, { name: 'web', rules: [] })
  settles(hcloudFirewall, { name: 'web', state: 'absent' })
})

describe('a server', () => {
  const args = { name: 'web1', server_type: 'cx22', image: 'debian-13', location: 'nbg1' }

  test('is made with all that belongs to it', () => {
    run(hcloudFirewall, { name: 'web', rules: [] })
    const more = {
      firewalls: ['web'],
      private_networks: ['inner'],
      backups: true,
      labels: { role: 'web' },
      user_data: '#cloud-config\n',
      delete_protection: true,
      rebuild_protection: true,
    }
    const made = settles(hcloudServer, { ...args, ...more })
    expect(made.result).toMatchObject({
      root_password: 'chosen-by-the-fake',
      hcloud_server: {
        name: 'web1',
        ipv4_address: '203.0.113.4',
        private_networks: ['inner'],
        private_networks_info: [{ name: 'inner', ip: '10.0.0.2' }],
        image: 'debian-13',
        server_type: 'cx22',
        datacenter: 'nbg1-dc14',
        location: 'nbg1',
        backup_window: '22-02',
        delete_protection: true,
        status: 'running',
      },
    })
  })

  test.each([
    ['loses its firewalls', { firewalls: [] }],
    ['gets a firewall', { firewalls: ['web'] }],
    ['loses its networks', { private_networks: [] }],
    ['gets other labels', { labels: { role: 'db' } }],
    ['needs no backups', { backups: false }],
    ['loses its protection', { delete_protection: false, rebuild_protection: false }],
    ['is in rescue mode', { rescue_mode: 'linux64' }],
    ['leaves rescue mode', {}],
    ['is turned off', { state: 'stopped' }],
    ['is turned on', { state: 'started' }],
    ['becomes larger by force', { server_type: 'cx32', force: true }],
    ['stands apart', { server_type: 'cx32', placement_group: 'spread', force: true }],
  ])('%s', (_what, change) => {
    const done = settles(hcloudServer, { ...args, ...change })
    const { status } = done.result.hcloud_server as { status: string }
    expect(status).toBe('state' in change && change.state === 'stopped' ? 'off' : 'running')
  })

  test('is restarted and rebuilt each time', () => {
    const same = { name: 'web1', placement_group: 'spread' }
    expect(look(hcloudServer, { ...same, state: 'restarted' })).toBe('power web1 on>off; power web1 off>on')
    const rebuilt = run(hcloudServer, { ...same, image: 'debian-13', state: 'rebuild' })
    expect(rebuilt).toMatchObject({ failed: false, changed: true, after: { kind: 'change' } })
    const broken = run(hcloudServer, { ...same, image: 'broken', state: 'rebuild' })
    expect(broken.result.msg).toBe('Hetzner Cloud: rebuild failed: the image is broken')
  })

  test.each([
    [{ name: 'web1', server_type: 'cx99' }, 'server must be off (server_not_stopped)'],
    [{ name: 'new', server_type: 'cx22', image: 'none' }, 'images none was not found'],
    [{ name: 'new', server_type: 'cx22', image: 'debian-9' }, 'deprecated'],
    [{ name: 'new' }, 'missing required arguments: server_type, image'],
    [{ name: 'web1', firewalls: ['none'] }, 'firewalls none was not found'],
    [{ name: 'web1', api_token: 'wrong' }, 'unable to authenticate'],
    [{ name: 'web1', endpoint: 'http://127.0.0.1:1' }, 'Hetzner Cloud: curl'],
  ])('%j fails', (wrong, says) => {
    const done = run(hcloudServer, { placement_group: 'spread', ...wrong })
    expect(done.failed).toBe(true)
    const verdict = done.verdict.kind === 'fail' ? done.verdict.message : ''
    expect(`${verdict}${String(done.result.msg ?? '')}`).toContain(says)
  })

  test('is made without being started', () => {
    const made = settles(hcloudServer, { ...args, name: 'web2', state: 'created', firewalls: ['web'] })
    expect(made.result.hcloud_server).toMatchObject({ status: 'off' })
  })

  test('keeps its firewall from being deleted, but by force', () => {
    expect(run(hcloudFirewall, { name: 'web', state: 'absent' }).result.msg).toContain('still in use')
    settles(hcloudFirewall, { name: 'web', state: 'absent', force: true })
  })

  test('goes', () => {
    settles(hcloudServer, { name: 'web2', state: 'absent' })
    settles(hcloudServer, { name: 'web1', state: 'absent' })
  })
})

test('neither the token nor user data is an argument or stands in a script', () => {
  const verdict = decideOn(hcloudServer, {
    api_token: TOKEN,
    endpoint: cloud.endpoint,
    name: 'x',
    server_type: 'cx22',
    image: 'debian-13',
    user_data: 'secret-data',
  })
  if (verdict.kind !== 'change' || typeof verdict.apply !== 'function') throw new Error(brief(verdict))
  const first = verdict.apply().next()
  if (first.done || first.value.do !== 'run') throw new Error('no request')
  const { script, argv } = first.value
  expect(JSON.stringify({ script, argv })).not.toMatch(/token-of-the-fake|secret-data/)
})
