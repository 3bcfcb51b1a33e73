/** Containers of test runs that died: each carries the process it belongs to, and goes when that is gone. */
import { docker } from '../../src/sandbox/docker-engine.ts'
import { engineVolume, removeContainer } from '../../src/sandbox/docker-host.ts'
import { identify, isAlive } from '../../src/sandbox/process-identity.ts'

const LABEL = 'vpai.testbed.owner'

/** Arguments of `docker create` that mark a container as this process's. */
export function ownedByThisProcess(): string[] {
  return ['--label', `${LABEL}=${process.pid}-${identify(process.pid)?.startTime}`]
}

export async function removeLeftovers(): Promise<void> {
  const format = `{{.Names}} {{.Label "${LABEL}"}}`
  const listed = await docker(['ps', '-a', '--filter', `label=${LABEL}`, '--format', format])
  for (const line of listed.split('\n').filter(text => text !== '')) {
    const [name = '', owner = ''] = line.split(' ')
    const [pid = '', startTime = ''] = owner.split('-')
    if (isAlive({ pid: Number(pid), startTime })) continue
    await removeContainer(name, [engineVolume(name)])
  }
}
