/** Starts the process that is many hosts. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

export interface EmbeddedHosts {
  readonly ports: readonly number[]
  close(): void
}

export async function startEmbeddedHosts(count: number, hostKeyFile: string): Promise<EmbeddedHosts> {
  const child = fork(path.join(import.meta.dirname, 'embedded-hosts.mjs'), { stdio: 'inherit' })
  child.send({ count, hostKeyFile })
  const [ports] = (await once(child, 'message')) as [readonly number[]]
  return { ports, close: () => child.disconnect() }
}
