import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { driftDocument } from '../../src/drift/document.ts'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { statusDocumentSchema } from '../../src/status/document.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'
import { aPlace, type Place } from './io.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`no drift is looked for on a host with Docker: ${reason}`)

const IMAGE = 'caddy:2.10.2-alpine'
const OTHER = 'redis:8.0-bookworm'
const COMPOSE = `services:
  web:
    image: shop/web:latest
    entrypoint: [sh, -c, "sleep 100000 & wait"]
    stop_grace_period: 1s
    ports: ["8081:80", "127.0.0.1:8082:80"]
  sick:
    image: ${IMAGE}
    entrypoint: [sh, -c, "sleep 100000 & wait"]
    stop_grace_period: 1s
    volumes: ["/srv/state:/state:ro"]
    healthcheck: { test: ["CMD", "test", "-e", "/state/well"], interval: 1s, timeout: 5s, retries: 1 }
  job:
    image: ${IMAGE}
    entrypoint: [sh, -c, "until [ -e /state/end ]; do sleep 0.2; done"]
    volumes: ["/srv/state:/state:ro"]
`
const UNIT = (command: string) => `[Service]
ExecStart=${command}
[Install]
WantedBy=multi-user.target
`
const SITE = `
- hosts: prod
  gather_facts: false
  become: true
  tasks:
    - file: { path: /opt/shop, state: directory }
    - copy: { src: compose.yml, dest: /opt/shop/compose.yml, mode: "0644" }
    - copy: { src: plain.service, dest: /etc/systemd/system/plain.service }
    - copy: { src: late.service, dest: /etc/systemd/system/late.service }
    - systemd: { name: plain, state: started, enabled: true, daemon_reload: true }
    - docker_compose_v2: { project_src: /opt/shop, project_name: shop, pull: missing, files: [compose.yml] }
    - docker_container_health: { name: shop-sick-1, delay: 1, max_delay: 1 }
    - systemd: { name: late, state: started, enabled: true }
`

interface Found {
  readonly kind: string
  readonly subject: string
  readonly problem: string
  readonly isDrift: boolean
  readonly evidence: readonly string[]
}

describe.skipIf(reason !== null)('on a host with Docker', () => {
  let testbed: Testbed
  let host: SandboxInfo
  let place: Place
  const on = async (command: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const drift = async () => {
    const { code, out, err } = await place.run(['drift', 'prod', '--output', 'json'])
    const document = JSON.parse(out)
    expect([driftDocument.parse(document), err]).toEqual([document, ''])
    const findings: readonly Found[] = document.hosts.one.findings
    return { code, findings, unseen: document.hosts.one.notLookedAt }
  }
  const counted = (findings: readonly Found[]) =>
    findings.filter(({ isDrift }) => isDrift).map(one => `${one.kind} ${one.subject} ${one.problem}`)

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0] as SandboxInfo
    place = aPlace({
      'vpai.yml': 'name: shop\n',
      'playbooks/site.yml': SITE,
      'playbooks/files/compose.yml': COMPOSE,
      'playbooks/files/plain.service': UNIT('/bin/sleep infinity'),
      'playbooks/files/late.service': UNIT(
        '/bin/sh -c "until [ -e /srv/open ]; do sleep 0.2; done; exec systemd-socket-activate -l 8090 /bin/cat"',
      ),
    })
    const one = {
      ansible_host: '127.0.0.1',
      ansible_port: host.port,
      ansible_user: 'deploy',
      ansible_ssh_private_key_file: host.privateKeyPath,
      vpai_known_hosts_file: host.knownHostsPath,
    }
    place.write('inventory/hosts.yml', JSON.stringify({ all: { children: { prod: { hosts: { one } } } } }))
    await on(`docker pull -q ${IMAGE} && docker pull -q ${OTHER}; docker tag ${IMAGE} shop/web:latest
mkdir -p /srv/state; touch /srv/state/well`)
  })
  afterAll(async () => {
    place?.remove()
    await testbed?.stop()
  })

  it('there is no drift right after a deploy, nor when jobs end and units come to their ports later', async () => {
    const deployed = await place.run(['deploy', 'prod', '--yes'])
    expect(deployed.code, deployed.out + deployed.err).toBe(0)
    const record =
      'cd /var/lib/vpai; find . -printf "%p %m %T@ %C@\\n" | sort; find . -type f -exec sha256sum {} + | sort'
    const before = await on(record)
    expect(await drift()).toMatchObject({ code: 0, unseen: [] })
    await on(
      'touch /srv/open /srv/state/end; until ss -Htln | grep -q :8090; do sleep 0.2; done; docker wait shop-job-1',
    )
    const { code, findings } = await drift()
    expect(findings.map(({ subject, problem, isDrift }) => [subject, problem, isDrift])).toEqual([
      ['shop-job-1', 'ended', false],
      ['8090/tcp', 'came', false],
    ])
    expect(code).toBe(0)
    const status = await place.run(['status', 'prod', '--output', 'json'])
    const document = JSON.parse(status.out)
    expect(statusDocumentSchema.parse(document)).toEqual(document)
    expect([document.hosts.one.ills, document.hosts.one.notLookedAt, status.code]).toEqual([[], [], 0])
    expect(await on(record)).toBe(before)
  })

  it('a unit that is stopped and disabled is drift, with when', async () => {
    await on('systemctl stop plain')
    const [stopped] = (await drift()).findings.filter(({ isDrift }) => isDrift)
    expect(stopped?.evidence.join()).toMatch(/not active since \d{4}-/)
    // Without a terminal: as all runs, and this test's own commands.
    expect(stopped?.evidence.join()).toMatch(/logged in about then: .*root from \S+ \(/)
    await on('systemctl disable plain')
    const { code, findings } = await drift()
    expect([code, counted(findings)]).toEqual([
      2,
      ['unit plain.service stopped', 'unit plain.service enabling'],
    ])
    await on('systemctl enable --now plain')
    expect(counted((await drift()).findings)).toEqual([])
  })

  it('so is a container of another image, a sick one, a stopped one, one that is gone and one that nobody declared', async () => {
    await on(`docker tag ${OTHER} shop/web:latest; cd /opt/shop; docker compose -p shop up -d web; rm /srv/state/well
docker rm shop-job-1; docker run -d --name stray --label com.docker.compose.project=shop --entrypoint sleep ${IMAGE} 100000
until [ "$(docker inspect -f '{{.State.Health.Status}}' shop-sick-1)" = unhealthy ]; do sleep 0.2; done`)
    const { code, findings } = await drift()
    expect([code, counted(findings).sort()]).toEqual([
      2,
      [
        'container shop-job-1 gone',
        'container shop-sick-1 unhealthy',
        'container shop-web-1 image',
        'container stray undeclared',
      ],
    ])
    const status = await place.run(['status', 'prod'])
    expect([status.code, status.out]).toEqual([
      2,
      expect.stringContaining('the container shop-sick-1 is unhealthy'),
    ])
    await on('docker rm -f stray; docker stop -t 0 shop-web-1; touch /srv/state/well')
    expect(counted((await drift()).findings)).toContain('container shop-web-1 stopped')
  })

  it('so is a port that somebody opened, and one that Docker publishes past the firewall', async () => {
    await on(`systemd-run --unit foreign systemd-socket-activate -l 8099 /bin/cat
docker run -d --name published -p 8085:80 --entrypoint sleep ${IMAGE} 100000
until ss -Htln | grep -q :8099; do sleep 0.2; done`)
    const { findings } = await drift()
    const ports = findings.filter(({ kind, isDrift }) => kind === 'port' && isDrift)
    expect(counted(ports)).toEqual(['port 8099/tcp came', 'port 8085/tcp came'])
    expect(ports[0]?.evidence).toContain('of foreign.service')
    expect(ports[1]?.evidence.join()).toContain('goes past ufw')
  })

  it('status names units that failed', async () => {
    await on('systemd-run --unit broken false; until systemctl is-failed broken; do sleep 0.1; done')
    const { code, out } = await place.run(['status', 'prod'])
    expect([code, out]).toEqual([2, expect.stringContaining('the unit broken.service failed')])
  })

  it('an engine that does not run is not started by looking, and that it cannot be asked is no good news', async () => {
    await on('systemctl stop docker.service')
    const { code, unseen } = await drift()
    expect([code, unseen]).toEqual([3, [{ what: 'containers', why: 'docker does not run', isFailure: true }]])
    expect((await place.run(['status', 'prod'])).out).toContain(
      'not looked at: containers: docker does not run',
    )
    expect(await on('systemctl is-active docker.service || true')).toBe('inactive')
    await on('systemctl start docker.service')
  })

  it('a deploy and its release put an end to it', async () => {
    await on(
      'systemctl stop foreign; systemctl reset-failed; docker rm -f published; docker tag caddy:2.10.2-alpine shop/web:latest',
    )
    expect((await place.run(['deploy', 'prod', '--yes'])).code).toBe(0)
    expect(counted((await drift()).findings)).toEqual([])
  })
})
