/**
 * The way in: a listening socket of the machine's loopback, served by a process that lives in the network
 * namespace of the host. A socket keeps the namespace it was made in, so no virtual cable between the two is needed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { VpaiError } from '../base/error.ts'
import { findProgram } from './tier.ts'

/** Self-contained text, because it is run by `node -e`: no file of ours has to be found again. */
const RELAY_PROGRAM = `
const net = require('node:net')
process.once('message', (port, server) => {
  server.on('connection', outer => {
    const inner = net.connect(port, '127.0.0.1')
    outer.setNoDelay(true)
    inner.setNoDelay(true)
    outer.on('error', () => inner.destroy())
    inner.on('error', () => outer.destroy())
    outer.on('close', () => inner.destroy())
    inner.on('close', () => outer.destroy())
    outer.pipe(inner).pipe(outer)
  })
  process.send('serving', () => process.disconnect())
})
process.on('SIGHUP', () => {})
`

/** Takes a free port of 127.0.0.1 and holds it. */
export async function takeLoopbackPort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/**
 * Hands `server` to a new process in the network namespace of `pid`, which carries every connection to `port` there.
 * The process outlives this one. Returns its pid.
 */
export async function startRelay(
  server: Server,
  target: { pid: number; port: number; userNamespace: boolean },
): Promise<number> {
  const nsenter = findProgram('nsenter') ?? 'nsenter'
  const userFlags = target.userNamespace ? ['-U', '--preserve-credentials'] : []
  const child = spawn(
    nsenter,
    ['-t', String(target.pid), ...userFlags, '-n', process.execPath, '-e', RELAY_PROGRAM],
    { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], cwd: '/', env: {} },
  )
  const ended = once(child, 'exit').then(([code]) => {
    throw new VpaiError(
      'SANDBOX_RELAY_FAILED',
      `The process that carries ssh into the sandbox ended with ${code}.`,
    )
  })
  child.send(target.port, server)
  await Promise.race([once(child, 'message'), ended])
  ended.catch(() => undefined)
  server.close()
  child.unref()
  return child.pid ?? 0
}
