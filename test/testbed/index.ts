/** Whole Debian 13 hosts for end-to-end tests: systemd, sshd, an own Docker engine, images to pull, no outside network. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { upDocker } from '../../src/sandbox/docker.ts'
import { docker } from '../../src/sandbox/docker-engine.ts'
import { down, type SandboxInfo } from '../../src/sandbox/index.ts'
import { findProgram } from '../../src/sandbox/tier.ts'
import { type Output, runOnSandbox } from '../sandbox/run-on-sandbox.ts'
import { exclusively } from './exclusive.ts'
import { ownedByThisProcess, removeLeftovers } from './leftovers.ts'
import { useOuterEngine } from './outer-engine.ts'
import { REGISTRY_VOLUME, startRegistry } from './registry.ts'
import { ensureHostImage, ensureHostWith, ensureServiceImage, SERVICE_IMAGES } from './service-images.ts'

export interface Testbed {
  readonly hosts: readonly SandboxInfo[]
  /** Makes a local image of the outer engine known to the hosts under `reference`. */
  pushImage(image: string, reference: string): Promise<void>
  /** Runs a command as `user` (root when left out; deploy and admin2 take the same key). */
  exec(host: SandboxInfo, command: string, user?: string): Promise<Output>
  stop(): Promise<void>
}

/** sudo password of admin2; deploy needs none. */
export const ADMIN2_PASSWORD = 's3cret'

/** Why no test bed can be had here; null when it can. For `describe.skipIf`, which prints it. */
export function whyNoTestbed(): string | null {
  if (process.env.DOCKER_HOST === undefined && process.getuid?.() !== 0) return 'an own dockerd needs root'
  const missing = ['docker', 'dockerd', 'mmdebstrap', 'ip'].filter(program => findProgram(program) === null)
  return missing.length === 0 ? null : `${missing.join(', ')} missing: see test/packages/e2e.txt`
}

export interface TestbedOptions {
  /** 1 when left out. */
  readonly hosts?: number
  /** Folder with a Dockerfile whose ARG HOST is the image of a host: what these hosts have besides. */
  readonly recipe?: string
}

/** Built images stay in $VPAI_TESTBED_CACHE (default: a folder of the temp dir), so a second start takes seconds. */
export async function startTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const cache = process.env.VPAI_TESTBED_CACHE ?? join(tmpdir(), 'vpai-testbed')
  mkdirSync(cache, { recursive: true })
  const states = mkdtempSync(join(tmpdir(), 'vpai-testbed-hosts-'))
  const undo: (() => Promise<unknown>)[] = [async () => rmSync(states, { recursive: true, force: true })]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    undo.push(await useOuterEngine(cache))
    const engine = await docker(['info', '-f', '{{.ID}}'])
    const { image, registry } = await exclusively(join(cache, 'building'), async () => {
      await removeLeftovers()
      const plain = await ensureHostImage()
      const image = options.recipe === undefined ? plain : await ensureHostWith(options.recipe, plain)
      const registry = await startRegistry(plain, join(cache, `pushed-${engine.replaceAll(/\W/g, '')}.json`))
      undo.push(registry.stop)
      for (const service of SERVICE_IMAGES)
        await registry.push(await ensureServiceImage(service), service.reference)
      return { image, registry }
    })
    const hosts = await Promise.all(
      Array.from({ length: options.hosts ?? 1 }, (_, index) =>
        startHost({ states, image, name: `host${index + 1}`, undo }),
      ),
    )
    const exec: Testbed['exec'] = (host, command, user = 'root') => runOnSandbox(host, command, { user })
    return { hosts, pushImage: registry.push, exec, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface HostRequest {
  readonly states: string
  readonly image: string
  readonly name: string
  readonly undo: (() => Promise<unknown>)[]
}

async function startHost({ states, image, name, undo }: HostRequest): Promise<SandboxInfo> {
  const dir = join(states, name)
  mkdirSync(dir)
  undo.push(() => down(name, dir))
  return upDocker(
    { name, backend: 'docker', dir },
    {
      image,
      accounts: ['deploy', 'admin2'],
      createArguments: [...ownedByThisProcess(), '-v', `${REGISTRY_VOLUME}:/var/lib/docker-registry`],
    },
  )
}
