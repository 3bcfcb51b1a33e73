import net from 'node:net'
import type { Duplex } from 'node:stream'
import { sshProblem, timedOut } from './ssh-error.ts'
import type { SshTarget } from './ssh-target.ts'

/** A way to a host's port: TCP from here, or through the host before it. */
export type Dial = (target: SshTarget) => Promise<Duplex>

/** Without Nagle's algorithm, which would hold back every second small packet for 40 ms. */
export const dialTcp = (target: SshTarget, signal?: AbortSignal): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ host: target.host, port: target.port, noDelay: true })
    const leave = () => socket.destroy(new Error('it is not needed any more'))
    signal?.addEventListener('abort', leave, { once: true })
    const timer = setTimeout(() => {
      socket.destroy()
      reject(timedOut(target, `no connection within ${connectTimeoutMs(target) / 1000} s`))
    }, connectTimeoutMs(target))
    socket.once('connect', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
      socket.removeAllListeners('error')
      resolve(socket)
    })
    if (signal?.aborted === true) leave()
    socket.once('error', error => {
      clearTimeout(timer)
      reject(sshProblem(target, error))
    })
  })

export function connectTimeoutMs(target: SshTarget): number {
  return target.connectTimeoutMs ?? 15_000
}
