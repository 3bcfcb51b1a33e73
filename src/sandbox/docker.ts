/** A full Debian 13 host in a container: systemd, sshd and an own Docker engine. */
import { createHash } from 'node:crypto'
import { demandEngine, docker } from './docker-engine.ts'
import { engineVolume, removeContainer, startContainer } from './docker-host.ts'
import { ensureTargetImage } from './docker-image.ts'
import { takeLoopbackPort } from './relay.ts'
import type { SandboxInfo, UpOptions } from './sandbox-info.ts'
import { writeKeys } from './sandbox-keys.ts'
import { removeState, type SandboxState, writeState } from './sandbox-state.ts'

/** What a caller may add to the host; the test bed does. */
export interface DockerExtras {
  /** Instead of the image of the recipe. */
  readonly image?: string
  readonly createArguments?: readonly string[]
  readonly accounts?: readonly string[]
}

const NOTES = [
  'Its kernel, memory and clock are those of this machine; kernel.* sysctls are refused.',
  'Every ssh connection comes from one address, the bridge of the engine: a ban of it shuts everybody out.',
]

/** The state folder exists and is empty of an earlier host. On failure nothing is left but images. */
export async function upDocker(options: UpOptions, extras: DockerExtras = {}): Promise<SandboxInfo> {
  await demandEngine()
  const image = extras.image ?? (await ensureTargetImage(options))
  const { server, port } = await takeLoopbackPort()
  server.close()
  const keys = writeKeys(options.dir, options.name, port)
  const container = containerName(options)
  const info: SandboxInfo = {
    ...{ name: options.name, backend: 'docker', tier: 'docker', host: '127.0.0.1', port, user: 'root' },
    ...{ privateKeyPath: keys.privateKeyPath, knownHostsPath: keys.knownHostsPath, hostKey: keys.hostKey },
    ...{ pids: [], sshEnd: 'sshd', notes: NOTES, container, volumes: [engineVolume(container)] },
  }
  writeState(options.dir, { version: 1, phase: 'starting', info, processes: [] })
  try {
    const { accounts, createArguments } = extras
    const request = { container, hostname: options.name, image, port, keys, dir: options.dir }
    await startContainer({ ...request, accounts, extraArguments: createArguments })
  } catch (error) {
    await removeContainer(container, [engineVolume(container)])
    removeState(options.dir)
    throw error
  }
  writeState(options.dir, { version: 1, phase: 'up', info, processes: [] })
  return info
}

export async function downDocker({ info }: SandboxState): Promise<void> {
  await demandEngine()
  if (info.container !== undefined) await removeContainer(info.container, info.volumes ?? [])
}

/** null when the container runs, otherwise what is wrong. */
export async function dockerTrouble({ phase, info }: SandboxState): Promise<string | null> {
  if (phase === 'starting') return 'its start was interrupted'
  const running = await docker(['inspect', '-f', '{{.State.Running}}', info.container ?? '']).catch(
    () => 'gone',
  )
  return running === 'true' ? null : `its container is ${running === 'gone' ? 'gone' : 'stopped'}`
}

/** Two projects may have a sandbox of the same name: the state folder tells them apart. */
function containerName({ name, dir }: UpOptions): string {
  return `vpai-sandbox-${name.toLowerCase()}-${createHash('sha256').update(dir).digest('hex').slice(0, 8)}`
}
