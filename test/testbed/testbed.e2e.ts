import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { greets } from '../../src/sandbox/greeting.ts'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { ADMIN2_PASSWORD, startTestbed, type Testbed, whyNoTestbed } from './index.ts'
import { SERVICE_IMAGES } from './service-images.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`test bed not started: ${reason}`)

describe.skipIf(reason !== null)('the test bed', () => {
  let testbed: Testbed
  let host: SandboxInfo
  const run = async (command: string, user?: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command, user)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0]!
  })
  afterAll(() => testbed?.stop())

  it('gives a host whose systemd is running, with nothing failed', async () => {
    expect(await run('systemctl is-system-running --wait || systemctl --failed')).toBe('running')
  })

  it('gives a Docker engine and compose of the host itself', async () => {
    expect(await run('docker compose version --short')).toMatch(/^2\./)
  })

  it.each([
    ['deploy', 'sudo -n id -u'],
    ['admin2', `echo ${ADMIN2_PASSWORD} | sudo -S -p '' id -u`],
  ])('lets %s become root', async (user, command) => {
    expect(await run(command, user)).toBe('0')
  })

  it.each(SERVICE_IMAGES)('serves $reference as if from Docker Hub', async ({ reference }) => {
    expect(await run(`docker pull -q ${reference}`)).toBe(
      `docker.io/${/\//.test(reference) ? '' : 'library/'}${reference}`,
    )
  })

  it.each([
    [
      'postgres',
      '-e POSTGRES_USER=shop -e POSTGRES_PASSWORD=pw -v pg:/var/lib/postgresql postgres:18.1-bookworm',
      'pg_isready -U shop -h 127.0.0.1',
    ],
    ['redis', 'redis:8.0-bookworm --requirepass pw', 'redis-cli -a pw --no-auth-warning ping'],
    ['caddy', 'caddy:2.10.2-alpine', 'wget -q -O- http://127.0.0.1'],
    [
      'qdrant',
      '-e QDRANT__SERVICE__API_KEY=k qdrant/qdrant:v1.16.3',
      'curl -fsS -X PUT -H "api-key: k" http://127.0.0.1:6333/collections/docs',
    ],
  ])('runs %s, which says what it really is', async (name, options, question) => {
    await run(`docker run -d --name ${name} ${options}`)
    await run(
      `for i in $(seq 100); do docker exec ${name} ${question} && exit 0; sleep 0.2; done; docker logs ${name}; exit 1`,
    )
    expect(await run(`docker logs ${name} 2>&1`)).toMatch(/real version \S+.* under pinned name/)
  })

  it('has an image that turns unhealthy after forty lines of log', async () => {
    await run('docker run -d --name broken vpai-test/unhealthy:1.0')
    const state = "docker inspect -f '{{.State.Health.Status}}' broken"
    await run(`for i in $(seq 100); do [ "$(${state})" = unhealthy ] && exit 0; sleep 0.1; done; exit 1`)
    expect((await run('docker logs broken')).split('\n')).toHaveLength(40)
  })

  it('keeps its settings and those of the machine apart', async () => {
    expect(await run('sysctl -n -w vm.swappiness=13; cat /proc/sys/vm/swappiness')).toBe('13\n13')
    expect((await testbed.exec(host, 'sysctl -w kernel.panic=77')).code).not.toBe(0)
  })

  it('reboots into a new boot with its files and volumes', async () => {
    const before = await run(
      'touch /etc/kept; docker rm -f broken > /dev/null; cat /proc/sys/kernel/random/boot_id',
    )
    await testbed.exec(host, 'reboot').catch(() => undefined)
    let after = before
    for (let tries = 0; tries < 300 && after === before; tries++) {
      await sleep(100)
      if (await greets(host.port))
        after = await run('cat /proc/sys/kernel/random/boot_id').catch(() => before)
    }
    expect(after).not.toBe(before)
    expect(await run('ls /etc/kept; systemctl is-system-running --wait')).toBe('/etc/kept\nrunning')
    expect(await run('docker volume ls -q')).toContain('pg')
  })
})
