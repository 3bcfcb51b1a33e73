/**
 * A process that is many hosts: an ssh server on each of so many ports of 127.0.0.1, in place of sshd, which would take
 * megabytes and a process each. Commands run on this machine as they come, so the plays for it write below one folder.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type ssh2Types from 'ssh2'
import { runOnChannel } from '../../src/sandbox/ssh-server-exec.ts'

export interface EmbeddedRequest {
  readonly count: number
  readonly hostKeyFile: string
}

const ssh2 = createRequire(import.meta.url)('ssh2') as typeof ssh2Types

process.on('message', async ({ count, hostKeyFile }: EmbeddedRequest) => {
  const hostKey = readFileSync(hostKeyFile, 'utf8')
  process.send?.(await Promise.all(Array.from({ length: count }, () => listen(hostKey))))
})
process.on('disconnect', () => process.exit(0))

function listen(hostKey: string): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [hostKey] }, client => {
    // It listens on loopback for the minutes of a measure: any key will do.
    client.on('authentication', context =>
      context.method === 'publickey' ? context.accept() : context.reject(['publickey']),
    )
    client.on('session', accept => {
      accept().on('exec', (take, _reject, { command }) => {
        runOnChannel(take(), { command, pty: null, environment: {} })
      })
    })
    client.on('error', () => undefined)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}
