/** Faults on a whole host with Docker: the controller killed, the host restarted in mid-phase, a registry that refuses or is down, a container that is ill. */
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docker } from '../../src/sandbox/docker-engine.ts'
import { waitUntilGreets } from '../../src/sandbox/docker-host.ts'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'
import { atATime } from './at-a-time.ts'
import { DEPLOY, Deploys, journalOf } from './deploys.ts'
import { dockerProject, IMAGE, stateScript } from './docker-project.ts'
import type { FaultProject } from './project.ts'
import { keepResults } from './results.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`no fault is made on a host with Docker: ${reason}`)

const PATIENCE_MS = 1_200_000
const POINTS = 24
const FROM_STAND_IN = `127.0.0.1:5055/library/${IMAGE}`

describe.skipIf(reason !== null)('on a host with Docker', { timeout: PATIENCE_MS }, () => {
  let testbed: Testbed
  let host: SandboxInfo
  let deploys: Deploys
  let twin = ''
  let writes = 0
  const found: Record<string, unknown> = {}

  const on = async (command: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const project = (name: string, how: { image?: string; vars?: Readonly<Record<string, string>> } = {}) =>
    dockerProject(path.join(deploys.folder, 'docker'), host, { name, ...how })
  const deploy = (one: FaultProject, ...more: readonly string[]) => deploys.vpai(one, [...DEPLOY, ...more])
  const whole = async (one: FaultProject, ...more: readonly string[]) => {
    const { status, told } = await deploy(one, ...more)
    expect({ status, told: status === 0 ? '' : told }).toEqual({ status: 0, told: '' })
    return on(stateScript(one))
  }

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0] as SandboxInfo
    deploys = new Deploys(() => {
      throw new Error('places of these projects are on the host')
    })
    mkdirSync(path.join(deploys.folder, 'docker'))
    await on(`docker pull -q ${IMAGE}`)
    const undisturbed = project('twin')
    twin = await whole(undisturbed)
    writes = journalOf(undisturbed).length
  })
  afterAll(async () => {
    deploys?.remove()
    await testbed?.stop()
    keepResults('on-a-docker-host', found)
  })

  it('a controller that was killed at any of its writes leaves what one more deploy makes whole', async () => {
    const points = Array.from({ length: POINTS }, (_, index) => 1 + Math.floor((index * writes) / POINTS))
    await atATime(2, points, async at => {
      const one = project(`killed${at}`)
      const killed = await deploys.vpai(one, DEPLOY, { killAt: `after ${at}` })
      expect(killed.signal).toBe('SIGKILL')
      expect({ at, state: await whole(one) }).toEqual({ at, state: twin })
      await on(
        `docker compose --project-name killed${at} down -t 0 >/dev/null 2>&1; rm -rf ${one.place.target}`,
      )
      one.remove()
    })
    found.killed = { writes, points: points.length, whole: points.length }
  })

  it.each(['holds', 'holds_late'])(
    'a restart of the host in mid-phase (%s) is told of, and the next deploy makes it whole',
    async phase => {
      const name = `restarted${phase.replace('_', '')}`
      const one = project(name, { vars: { [phase]: `/srv/go-${name}` } })
      const run = deploys.start(one, DEPLOY)
      await on(`for n in $(seq 1200); do [ -e /srv/go-${name}.there ] && exit 0; sleep 0.1; done; exit 1`)
      const container = await outerName()
      await docker(['restart', '-t', '1', container])
      await waitUntilGreets(container, host.port)
      const { status, told } = await run.ended
      expect({ status, told }).toEqual({ status: 4, told: expect.stringMatching(/connection|answer/) })
      await on('for n in $(seq 1200); do docker info >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1')
      await on(`touch /srv/go-${name}`)
      expect(await whole(one)).toBe(twin)
      found[`restarted in ${phase}`] = { code: status, whole: 1 }
    },
  )

  it.each(['busy', 'down'])(
    'a registry that is %s is told of with the image, and the next deploy makes it whole',
    async how => {
      const standIn = readFileSync(path.join(import.meta.dirname, 'registry-stand-in.pl'), 'utf8')
      const serve = () =>
        on(`mkdir -p /srv/registry && cat >/srv/registry/stand-in.pl <<'PERL'
${standIn}
PERL
systemd-run --quiet --unit=stand-in perl /srv/registry/stand-in.pl
for n in $(seq 100); do (: </dev/tcp/127.0.0.1/5055) 2>/dev/null && exit 0; sleep 0.1; done; exit 1`)
      const one = project(`registry${how}`, { image: FROM_STAND_IN })
      if (how === 'busy') {
        await serve()
        await on('touch /srv/registry/busy')
      }
      const { status, told } = await deploy(one)
      expect({ status, told }).toEqual({
        status: 2,
        told: expect.stringContaining(FROM_STAND_IN),
      })
      expect(told).toMatch(how === 'busy' ? /429|toomanyrequests/i : /connection refused/)
      if (how === 'busy') await on('rm /srv/registry/busy')
      else await serve()
      const state = await whole(one)
      expect(state.replaceAll(FROM_STAND_IN, IMAGE).split('\n').filter(isFileOfImage)).toEqual(
        twin.split('\n').filter(isFileOfImage),
      )
      await on(
        `systemctl stop stand-in; docker compose --project-name registry${how} down -t 0 >/dev/null 2>&1; docker rmi ${FROM_STAND_IN}`,
      )
      found[`registry ${how}`] = { code: status, whole: 1 }
    },
  )

  it('a container that does not get well is told of with what it said, and the next deploy makes it whole', async () => {
    const one = project('unhealthy')
    const { status, told } = await deploy(one, '-e', 'well=/conf/none')
    expect({ status, told }).toEqual({
      status: 2,
      told: expect.stringMatching(/unhealthy-web-1.*unhealthy/s),
    })
    expect(await whole(one)).toBe(twin)
    found['unhealthy container'] = { code: status, whole: 1 }
  })

  async function outerName(): Promise<string> {
    const names = await docker(['ps', '--filter', `publish=${host.port}`, '--format', '{{.Names}}'])
    return names.split('\n')[0] ?? ''
  }
})

/** The Compose file names another reference: its content is another. */
function isFileOfImage(line: string): boolean {
  return !line.startsWith('./compose.yml ')
}
