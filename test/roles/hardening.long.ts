import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docker } from '../../src/sandbox/docker-engine.ts'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { aPlace, type Place } from '../cli/io.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`no host is hardened: ${reason}`)

const SITE = `
- hosts: prod
  become: true
  roles: [hardening]
`
/** The network of the test bed stands for the VPN: we come from it. */
const VPN = '10.213.88.0/24'
const ELSEWHERE = '192.0.2.0/24'

const FINE = { code: 0, failed: [], warnings: [] }
/** Stands in for the VPN's program: it says that the VPN is up. */
const TAILSCALE = `printf '#!/bin/sh\\necho {\\"BackendState\\":\\"Running\\"}\\n' >/usr/bin/tailscale; chmod 755 /usr/bin/tailscale`

interface Told {
  readonly name: string
  readonly status: string
}

describe.skipIf(reason !== null)('a hardened host', () => {
  let testbed: Testbed
  let host: SandboxInfo
  let place: Place
  let address: string
  const on = async (script: string) => docker(['exec', host.container ?? '', 'sh', '-c', script])
  const inventory = (variables: Readonly<Record<string, unknown>> = {}) => {
    const one = {
      ansible_host: address,
      ansible_port: 2222,
      ansible_user: 'deploy',
      bootstrap: { port: 22, user: 'root' },
      ansible_ssh_private_key_file: host.privateKeyPath,
      ansible_host_key_checking: false,
      ansible_timeout: 3,
      hardening_login_within: '12s',
      project_name: 'shop',
      hardening_crowdsec_packages_from: 'distribution',
      // Those that the package has: more would be fetched from outside.
      hardening_crowdsec_collections: ['linux', 'sshd', 'http-cve'].map(name => `crowdsecurity/${name}`),
      hardening_public_interface: 'eth0',
      // The kernel's audit is not a container's.
      hardening_audit: false,
      hardening_vpn_cidr: VPN,
      hardening_vpn_ip: address,
      ...variables,
    }
    place.write('inventory/hosts.yml', JSON.stringify({ all: { children: { prod: { hosts: { one } } } } }))
  }
  const run = async (...args: readonly string[]) => {
    const { code, out, err } = await place.run(['deploy', 'prod', '--yes', '--output', 'json', ...args])
    if (!out.startsWith('{')) throw new Error(out + err)
    const document = JSON.parse(out)
    const tasks: readonly Told[] = document.tasks
    const having = (status: string) => tasks.filter(one => one.status === status)
    const names = (status: string) => having(status).map(one => one.name)
    const { warnings } = document
    return { code, ok: names('ok'), changed: names('changed'), failed: having('failed'), warnings }
  }
  /** `22/tcp 192.0.2.0/24` */
  const letIn = async () => {
    const lines = await on(
      "ufw status | grep vpai | sed -e 's/  *# .*//' -e 's/  *ALLOW  */ /' | LC_ALL=C sort",
    )
    return lines.split('\n')
  }

  beforeAll(async () => {
    testbed = await startTestbed({ recipe: path.join(import.meta.dirname, 'hardening-host') })
    host = testbed.hosts[0] as SandboxInfo
    address = await docker([
      'inspect',
      '-f',
      '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
      host.container ?? '',
    ]).then(text => text.trim())
    place = aPlace({ 'vpai.yml': 'name: shop\n', 'playbooks/site.yml': SITE })
    await on('mkdir -p /opt/shop/logs/caddy && touch /opt/shop/logs/caddy/access.log')
  })
  afterAll(async () => {
    place?.remove()
    await testbed?.stop()
  })

  it('is made of one that root logs in to at port 22, without a word of trouble', async () => {
    inventory()
    const planned = await run('--check')
    const first = await run()
    expect(first).toMatchObject(FINE)
    expect(
      await on("sshd -T | grep -E '^(port|permitrootlogin|passwordauthentication|allowusers) ' | sort"),
    ).toBe('allowusers deploy\npasswordauthentication no\npermitrootlogin no\nport 2222')
    expect(await on("ss -Hltn | awk '{print $4}' | grep -E ':(22|2222)$' | sort")).toBe(
      '0.0.0.0:2222\n[::]:2222',
    )
    expect(planned.changed.length).toBeGreaterThan(8)
    expect(planned.ok.filter(name => first.changed.includes(name))).toEqual([])
    expect(planned.changed.filter(name => !first.changed.includes(name))).toEqual([])
  })

  it('has nothing left to be done', async () => {
    const again = await run()
    expect(again).toMatchObject({ ...FINE, changed: [] })
  })

  it('lets in what the rules say, and nothing else', async () => {
    const anywhere = ['2222/tcp', '41641/udp', '443/tcp', '443/udp', '80/tcp', '80/udp']
    expect(await letIn()).toEqual(
      anywhere.flatMap(port => [`${port} (v6) Anywhere (v6)`, `${port} Anywhere`]),
    )
    expect(await on('ufw status verbose | grep ^Default')).toBe(
      'Default: deny (incoming), allow (outgoing), deny (routed)',
    )
  })

  it('bans who is refused at the reverse proxy ten times, in the chain that packets to containers pass', async () => {
    const line = JSON.stringify({
      level: 'info',
      ts: 0,
      request: { remote_ip: '203.0.113.9', uri: '/admin' },
      status: 403,
    }).replace('"ts":0', '"ts":$now')
    await on(`now=$(date +%s); for time in 1 2 3 4 5 6 7 8 9 10; do
  echo "${line.replaceAll('"', '\\"')}" >>/opt/shop/logs/caddy/access.log
done
for time in $(seq 200); do iptables -S | grep -q 203.0.113.9 && break; sleep 0.2; done`)
    expect(await on('iptables -S DOCKER-USER; iptables -S | grep 203.0.113.9')).toMatch(
      /-A DOCKER-USER -j (f2b-\S+)\n[\s\S]*-A \1 -s 203.0.113.9\/32 -j REJECT/,
    )
    expect(await on('fail2ban-client status sshd | head -1')).toBe('Status for the jail: sshd')
  })

  it('watches with CrowdSec, which reads what the role names and bans nobody of the VPN', async () => {
    expect(await on('systemctl is-active crowdsec')).toBe('active')
    const log = await on(
      'crowdsec -t -debug -c /etc/crowdsec/config.yaml; grep -aE "vpai|caddy" /var/log/crowdsec.log',
    )
    expect(log).toContain('vpai-whitelist')
    expect(await on('systemctl is-active crowdsec-firewall-bouncer')).toBe('active')
    expect(log).toContain('/opt/shop/logs/caddy/access.log')
  })

  it('keeps the way of SSH open when a login by the VPN fails after it was closed elsewhere', async () => {
    await on(TAILSCALE)
    inventory({ hardening_ssh_force_open: false, hardening_vpn_cidr: ELSEWHERE })
    const before = await letIn()
    const cut = await run()
    expect(cut.code).toBe(2)
    expect(cut.failed).toMatchObject([{ name: 'SSH is no longer let in from everywhere' }])
    expect(JSON.stringify(cut.failed)).toContain('one can log in again')
    expect(await letIn()).toEqual(expect.arrayContaining(before.filter(rule => rule.startsWith('2222'))))
    // Rules for what was the VPN for a moment are nobody's any more.
    inventory()
    expect(await run('--prune')).toMatchObject(FINE)
  })

  it('is for the VPN alone when a login by it succeeds', async () => {
    inventory({ hardening_ssh_force_open: false, hardening_vpn_only_mode: true })
    const closed = await run()
    expect(closed).toMatchObject(FINE)
    expect(await letIn()).toEqual([
      `2222/tcp ${VPN}`,
      '41641/udp (v6) Anywhere (v6)',
      '41641/udp Anywhere',
      ...['443/tcp', '443/udp', '80/tcp', '80/udp'].map(port => `${port} ${VPN}`),
    ])
    expect(await on('iptables -S DOCKER-USER | grep -c DROP; ip6tables -S DOCKER-USER | grep -c DROP')).toBe(
      '4\n4',
    )
    const again = await run()
    expect(again).toMatchObject({ ...FINE, changed: [] })
  })
})
