import net from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'ssh2'
import { VpaiError } from '../base/error.ts'
import type { Connection } from '../engine/ports.ts'
import { signAtOnce } from './fast.ts'
import { prepareHostKeyCheck } from './host-key-check.ts'
import { gatherKeys, SshAuth } from './ssh-auth.ts'
import { openChannel } from './ssh-channel.ts'
import { type Dial, dialTcp } from './ssh-dial.ts'
import { connectionLost, isWorthRetrying, sshProblem } from './ssh-error.ts'
import { type Handshake, startHandshake } from './ssh-handshake.ts'
import { describeTarget, type SshTarget } from './ssh-target.ts'

export interface ConnectOptions {
  /** 0..1, spreads retries of many hosts. */
  readonly random?: () => number
  /** Ends a login that is not done yet. */
  readonly signal?: AbortSignal
  /** Called when all is prepared and the first dial begins. */
  readonly dials?: () => void
}

/**
 * Logs in, through the jump hosts of the target if it has any. Throws SSH_REFUSED, SSH_TIMEOUT, SSH_DNS,
 * SSH_UNREACHABLE, SSH_HOST_KEY_UNKNOWN, SSH_HOST_KEY_CHANGED, SSH_HOST_KEY_REVOKED, SSH_AUTH_FAILED,
 * SSH_KEY_UNREADABLE, SSH_PASSPHRASE_WRONG, SSH_NO_ALGORITHM, SSH_CONNECTION_LOST.
 */
export async function connectSsh(target: SshTarget, options: ConnectOptions = {}): Promise<Connection> {
  const way = await openWay(target.proxyJump ?? [], options)
  try {
    const login = await withRetries(() => logIn(target, way.dial, options), options)
    return sshConnection(target, login, way.close)
  } catch (error) {
    await way.close()
    throw error
  }
}

/** How to reach the port of a target, and how to let go of what lies between. */
export interface Way {
  readonly dial: Dial
  readonly close: () => Promise<void>
}

export async function openWay(hops: readonly SshTarget[], options: ConnectOptions = {}): Promise<Way> {
  const { signal, dials } = options
  const dial: Dial = target => {
    const dialling = dialTcp(target, signal)
    dials?.()
    return dialling
  }
  let way: Way = { dial, close: async () => undefined }
  for (const hop of hops) {
    const before = way
    try {
      const login = await withRetries(() => logIn(hop, before.dial, options), options)
      const connection = sshConnection(hop, login, before.close)
      way = { dial: target => forward(login.client, hop, target), close: () => connection.close() }
    } catch (error) {
      await before.close()
      throw error
    }
  }
  return way
}

interface Login {
  readonly client: Client
  readonly socket: Duplex
}

async function logIn(target: SshTarget, dial: Dial, { signal }: ConnectOptions): Promise<Login> {
  const [check, keys] = await Promise.all([prepareHostKeyCheck(target), gatherKeys(target)])
  const socket = await dial(target)
  const whileAsking = async <T>(question: () => Promise<T>): Promise<T> => {
    handshake.pauseTimeout()
    try {
      return await question()
    } finally {
      handshake.resumeTimeout()
    }
  }
  const auth = new SshAuth(target, keys, whileAsking)
  const candidates = keys.identities.length + keys.agentKeys.length
  const handshake: Handshake = startHandshake({
    target,
    socket,
    hostKeyAlgorithms: check.algorithms,
    verifyHostKey: key => check.verify(key),
    authHandler: auth.handler,
    authProblem: () => auth.problem(),
    ...(signal ? { signal } : {}),
    prepare: client => {
      if (candidates === 1) signAtOnce(client)
    },
  })
  return { client: await handshake.ready, socket }
}

function sshConnection(
  target: SshTarget,
  { client, socket }: Login,
  closeWay: () => Promise<void>,
): Connection {
  let cause: unknown = null
  let isClosing = false
  client.on('error', error => {
    cause = error
  })
  let isClosed = false
  const closed = new Promise<void>(resolve =>
    client.once('close', () => {
      isClosed = true
      resolve()
    }),
  )
  const lost = new Promise<never>((_, reject) => {
    void closed.then(async () => {
      if (isClosing) return
      reject(connectionLost(target, cause))
      await closeWay()
    })
  })
  lost.catch(() => undefined)
  return {
    lost,
    async open(commandLine, options = {}) {
      try {
        return await openChannel(client, commandLine, options)
      } catch (error) {
        throw isClosed ? connectionLost(target, cause) : sshProblem(target, error)
      }
    },
    forward: (host, port) => forward(client, target, { host, port }),
    async close() {
      isClosing = true
      client.end()
      // Once the goodbye is on its way, the host's own is not waited for; a host in between has to pass it on.
      if (socket instanceof net.Socket) socket.once('finish', () => client.destroy())
      const giveUp = setTimeout(() => client.destroy(), 1000)
      await closed
      clearTimeout(giveUp)
      await closeWay()
    },
  }
}

function forward(
  client: Client,
  via: SshTarget,
  to: { readonly host: string; readonly port: number },
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, channel: Duplex) => {
      if (error === undefined || error === null) resolve(channel)
      else {
        const message = `${describeTarget(via)} cannot reach ${to.host}:${to.port}: ${error.message}.`
        const hint =
          'Is the address right as seen from there, and does its sshd_config allow AllowTcpForwarding?'
        reject(new VpaiError('SSH_JUMP_REFUSED', message, { hint, cause: error }))
      }
    }
    try {
      client.forwardOut('127.0.0.1', 0, to.host, to.port, done)
    } catch (error) {
      reject(sshProblem(via, error))
    }
  })
}

const RETRY_PAUSES_MS = [100, 300, 900]

async function withRetries<T>(
  action: () => Promise<T>,
  { random = Math.random, signal }: ConnectOptions,
): Promise<T> {
  for (const pauseMs of RETRY_PAUSES_MS) {
    try {
      return await action()
    } catch (error) {
      if (!isWorthRetrying(error) || signal?.aborted === true) throw error
      await sleep(pauseMs * (0.5 + random()), undefined, { signal })
    }
  }
  return action()
}
