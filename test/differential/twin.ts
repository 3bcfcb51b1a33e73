/** One of two hosts that begin alike. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { downDocker, upDocker } from '../../src/sandbox/docker.ts'
import { docker, dockerSays } from '../../src/sandbox/docker-engine.ts'
import { ownedByThisProcess } from '../testbed/leftovers.ts'
import type { Case } from './cases.ts'
import { imageOf, type Stage } from './stage.ts'

export interface Twin {
  readonly container: string
  readonly address: string
  readonly port: number
  readonly privateKeyPath: string
  readonly knownHostsPath: string
  /** Its own address on the bridge: the one thing in which twins differ. */
  readonly ownAddress: string
  stop(): Promise<void>
}

/** `folder` is made; it keeps what the twin needs on this side. */
export async function startTwin(stage: Stage, folder: string, one: Case): Promise<Twin> {
  mkdirSync(folder, { recursive: true })
  const image = imageOf(stage, one)
  return one.systemd ? startWhole(image, folder) : startPlain({ stage, image, folder })
}

interface Plain {
  readonly stage: Stage
  readonly image: string
  readonly folder: string
}

async function startPlain({ stage, image, folder }: Plain): Promise<Twin> {
  const container = `${path.basename(stage.work)}-${path.basename(path.dirname(folder))}-${path.basename(folder)}`
  const stop = async () => {
    await dockerSays(['rm', '-f', '-v', container])
  }
  await docker([
    ...['run', '-d', '--name', container, '--hostname', 'target', ...ownedByThisProcess()],
    ...['-v', `${stage.keys}:/keys:ro`, '--entrypoint', '/usr/local/sbin/differential-init', image],
  ])
  const address = await addressOf(container)
  const knownHostsPath = path.join(folder, 'known_hosts')
  const hostKey = readFileSync(path.join(stage.keys, 'host_key.pub'), 'utf8')
  writeFileSync(knownHostsPath, `${address} ${hostKey}`)
  await until(() => dockerSays(['exec', container, 'test', '-e', '/run/sshd.pid']), container)
  return {
    ...{ container, address, port: 22, privateKeyPath: path.join(stage.keys, 'id') },
    ...{ knownHostsPath, ownAddress: address, stop },
  }
}

async function startWhole(image: string, folder: string): Promise<Twin> {
  const info = await upDocker(
    { name: 'target', backend: 'docker', dir: folder },
    { image, accounts: ['deploy', 'admin2'], createArguments: ownedByThisProcess() },
  )
  const container = info.container ?? ''
  const settled = ['exec', container, 'sh', '-c', 'systemctl is-system-running | grep -qE "running|degraded"']
  await until(() => dockerSays(settled), container)
  return {
    ...{ container, address: info.host, port: info.port, privateKeyPath: info.privateKeyPath },
    ...{ knownHostsPath: info.knownHostsPath, ownAddress: await addressOf(container) },
    stop: () => downDocker({ version: 1, phase: 'up', info, processes: [] }),
  }
}

function addressOf(container: string): Promise<string> {
  return docker(['inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', container])
}

async function until(holds: () => Promise<boolean>, container: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (await holds()) return
    await sleep(100)
  }
  throw new Error(`${container} is not ready after a minute`)
}
