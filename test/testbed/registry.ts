/**
 * Images for the hosts: one volume holds the registry's storage, every host serves it on its own 127.0.0.1:5000 as
 * a mirror of Docker Hub, and a writer container outside takes the pushes.
 */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { docker, dockerSays } from '../../src/sandbox/docker-engine.ts'
import { ownedByThisProcess } from './leftovers.ts'

export const REGISTRY_VOLUME = 'vpai-testbed-registry'

export interface Registry {
  /** Makes the local image `image` known to the hosts as `reference` (`postgres:17`, `name/app:1`). */
  push(image: string, reference: string): Promise<void>
  stop(): Promise<void>
}

const WRITER_SCRIPT = [
  'owner=$(id -u docker-registry):$(id -g docker-registry)',
  'chown -R $owner /var/lib/docker-registry',
  'sed s/127.0.0.1:5000/0.0.0.0:5001/ /etc/docker/registry/config.yml > /tmp/writer.yml',
  'exec setpriv --reuid ${owner%:*} --regid ${owner#*:} --clear-groups docker-registry serve /tmp/writer.yml',
].join('\n')

/** `stamps`: a file that remembers what was pushed, so that a second start pushes nothing. */
export async function startRegistry(hostImage: string, stamps: string): Promise<Registry> {
  const name = `vpai-testbed-writer-${process.pid}-${Date.now()}`
  const port = await freePort()
  await docker([
    ...[
      'run',
      '-d',
      '--rm',
      ...ownedByThisProcess(),
      '--name',
      name,
      '--user',
      '0',
      '-v',
      `${REGISTRY_VOLUME}:/var/lib/docker-registry`,
    ],
    ...['-p', `127.0.0.1:${port}:5001`, '--entrypoint', 'sh', hostImage, '-c', WRITER_SCRIPT],
  ])
  await waitForRegistry(port)
  return {
    push: (image, reference) => push({ image, reference, port, stamps }),
    stop: async () => {
      await dockerSays(['rm', '-f', name])
    },
  }
}

async function push(request: {
  image: string
  reference: string
  port: number
  stamps: string
}): Promise<void> {
  const { image, reference, port, stamps } = request
  const id = await docker(['image', 'inspect', '-f', '{{.Id}}', image])
  const known = readStamps(stamps)
  if (known[reference] === id) return
  const path = reference.includes('/') ? reference : `library/${reference}`
  const remote = `127.0.0.1:${port}/${path}`
  await docker(['tag', image, remote])
  await docker(['push', '-q', remote])
  await docker(['rmi', remote])
  writeFileSync(stamps, JSON.stringify({ ...readStamps(stamps), [reference]: id }))
}

function readStamps(path: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}

async function waitForRegistry(port: number): Promise<void> {
  // docker answers for the container before that listens, and may keep such a connection open for good.
  const url = `http://127.0.0.1:${port}/v2/`
  for (let waited = 0; waited < 20_000; waited += 100) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => null)
    if (answer?.ok) return
    await sleep(100)
  }
  throw new Error(`the registry does not answer on 127.0.0.1:${port}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
