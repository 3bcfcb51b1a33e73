import type { Duplex } from 'node:stream'
import { type Algorithms, type AuthHandlerMiddleware, Client, type ServerHostKeyAlgorithm } from 'ssh2'
import type { VpaiError } from '../base/error.ts'
import { connectTimeoutMs } from './ssh-dial.ts'
import { sshProblem, timedOut } from './ssh-error.ts'
import type { SshTarget } from './ssh-target.ts'

export interface HandshakeOptions {
  readonly target: SshTarget
  readonly socket: Duplex
  readonly hostKeyAlgorithms: ServerHostKeyAlgorithm[]
  /** Throws for a key that is not accepted. There is no way to connect without it. */
  readonly verifyHostKey: (key: Buffer) => Promise<void>
  readonly authHandler: AuthHandlerMiddleware
  /** Why the login failed, if it is the login that failed. */
  readonly authProblem: () => VpaiError
  /** Called before the first packet, for the tricks of fast.ts. */
  readonly prepare?: (client: Client) => void
  /** Gives it up. */
  readonly signal?: AbortSignal
}

/** A handshake under way. `pauseTimeout` stops the clock while a person is asked something. */
export interface Handshake {
  readonly ready: Promise<Client>
  readonly pauseTimeout: () => void
  readonly resumeTimeout: () => void
}

/** Speaks SSH on a fresh socket until the login is done. Rejects with SSH_* errors. */
export function startHandshake(options: HandshakeOptions): Handshake {
  const { target, socket, signal } = options
  const client = new Client()
  const leave = () => settle(sshProblem(target, new Error('it is not needed any more')))
  let settle: (error: unknown) => void = () => undefined
  let timer: NodeJS.Timeout | undefined
  const pauseTimeout = () => clearTimeout(timer)
  const resumeTimeout = () => {
    clearTimeout(timer)
    timer = setTimeout(
      () => settle(timedOut(target, 'the SSH handshake takes too long')),
      connectTimeoutMs(target),
    )
  }
  let hostKeyProblem: unknown = null
  const ready = new Promise<Client>((resolve, reject) => {
    settle = error => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
      client.destroy()
      socket.destroy()
      reject(error)
    }
    const fail = (error: Error & { level?: string }) => {
      // One agent key that cannot sign is no reason to stop; the next attempt follows.
      if (error.level === 'agent') return
      if (hostKeyProblem !== null) settle(hostKeyProblem)
      else settle(isAuthError(error) ? options.authProblem() : sshProblem(target, error))
    }
    client.on('error', fail)
    client.once('close', () => fail(new Error('Connection lost before handshake')))
    client.once('ready', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
      client.removeListener('error', fail)
      client.removeAllListeners('close')
      resolve(client)
    })
  })
  resumeTimeout()
  signal?.addEventListener('abort', leave, { once: true })
  client.connect({
    sock: socket,
    username: target.user,
    readyTimeout: 0,
    keepaliveInterval: target.keepalive === null ? 0 : (target.keepalive?.intervalMs ?? 5000),
    keepaliveCountMax: target.keepalive?.countMax ?? 2,
    algorithms: algorithms(target, options.hostKeyAlgorithms),
    authHandler: options.authHandler,
    hostVerifier: (key: Buffer, verify: (isAccepted: boolean) => void) => {
      options.verifyHostKey(key).then(
        () => verify(true),
        (error: unknown) => {
          hostKeyProblem = error
          verify(false)
        },
      )
    },
  })
  options.prepare?.(client)
  return { ready, pauseTimeout, resumeTimeout }
}

function isAuthError(error: Error & { level?: string }): boolean {
  return error.level === 'client-authentication' || /too many authentication failures/i.test(error.message)
}

/** Group exchange is left out: it blocks for more than a second of computing. */
function algorithms(target: SshTarget, serverHostKey: ServerHostKeyAlgorithm[]): Algorithms {
  return {
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group14-sha256',
      'diffie-hellman-group16-sha512',
    ],
    cipher: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      'chacha20-poly1305@openssh.com',
      'aes128-ctr',
      'aes256-ctr',
    ],
    serverHostKey,
    compress: target.compression === true ? ['zlib@openssh.com', 'none'] : ['none'],
  }
}
