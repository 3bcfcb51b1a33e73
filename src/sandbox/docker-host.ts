/** One container that behaves as a host: created with its keys in place, started, waited for. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { VpaiError } from '../base/error.ts'
import { docker, dockerSays } from './docker-engine.ts'
import { greets } from './greeting.ts'
import type { SandboxKeys } from './sandbox-keys.ts'

export interface ContainerRequest {
  readonly container: string
  readonly hostname: string
  readonly image: string
  readonly port: number
  readonly keys: SandboxKeys
  /** State folder; the host key passes through it. */
  readonly dir: string
  /** More arguments of `docker create`. */
  readonly extraArguments?: readonly string[]
  /** Accounts besides root that take the client key. */
  readonly accounts?: readonly string[]
}

/** Enough for systemd, dockerd and firewalls inside; not --privileged, so the machine's devices stay out of reach. */
const PRIVILEGES = [
  ...['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'MKNOD', 'NET_RAW', 'SYS_CHROOT'].flatMap(name => [
    '--cap-add',
    name,
  ]),
  ...['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'].flatMap(name => [
    '--security-opt',
    name,
  ]),
  '--cgroupns=private',
]

/** Milliseconds from start to ssh greeting, on a busy machine. */
const START_LIMIT = 60_000

/** The volume of the engine inside: an overlay cannot lie on an overlay. */
export function engineVolume(container: string): string {
  return `${container}-engine`
}

export async function startContainer(request: ContainerRequest): Promise<void> {
  const { container, port } = request
  await docker(createArguments(request))
  const hostKey = join(request.dir, 'host_key')
  writeFileSync(hostKey, request.keys.hostPrivateKey, { mode: 0o600 })
  await docker(['cp', hostKey, `${container}:/etc/ssh/ssh_host_ed25519_key`])
  await docker(['start', container])
  await waitUntilGreets(container, port)
}

/** Also after a reboot: docker starts the container anew and keeps its port. */
export async function waitUntilGreets(container: string, port: number): Promise<void> {
  const limit = Date.now() + START_LIMIT
  while (Date.now() < limit) {
    if (await greets(port)) return
    await sleep(100)
  }
  const log = await docker(['logs', '--tail', '20', container]).catch(() => '')
  throw new VpaiError(
    'SANDBOX_START_FAILED',
    `The container ${container} started, but its ssh does not answer.\n${log}`,
  )
}

/** Removes the container and its volumes; what is not there is no error. */
export async function removeContainer(container: string, volumes: readonly string[]): Promise<void> {
  await dockerSays(['rm', '-f', '-v', container])
  if (await dockerSays(['container', 'inspect', container])) {
    throw new VpaiError('SANDBOX_DOWN_FAILED', `The container ${container} could not be removed.`, {
      hint: `See what docker says: docker rm -f ${container}`,
    })
  }
  for (const volume of volumes) await dockerSays(['volume', 'rm', volume])
}

function createArguments({ container, hostname, image, port, keys, ...more }: ContainerRequest): string[] {
  return [
    ...['create', '--name', container, '--hostname', hostname, '--label', `vpai.sandbox=${hostname}`],
    ...PRIVILEGES,
    ...['--tmpfs', '/run:exec,mode=755', '--tmpfs', '/run/lock', '--tmpfs', '/tmp:exec,mode=1777'],
    ...['-v', `${engineVolume(container)}:/var/lib/docker`, '-p', `127.0.0.1:${port}:22`],
    ...['-e', 'container=docker', '-e', `SANDBOX_AUTHORIZED_KEY=${keys.clientKey}`],
    ...['-e', `SANDBOX_ACCOUNTS=${['root', ...(more.accounts ?? [])].join(' ')}`],
    // So that `reboot` inside comes back.
    ...['--restart', 'unless-stopped'],
    ...(more.extraArguments ?? []),
    image,
  ]
}
