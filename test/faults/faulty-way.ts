/**
 * A TCP way to a port of this machine that breaks once: after so many bytes, counted over all its connections. Then
 * those that are there are done for, and new ones go through.
 *
 *  - reset: both ends get an RST
 *  - close: both ends get a FIN
 *  - stall: nothing goes through any more and nobody is told
 *  - half-close: who receives in that direction gets a FIN, the other direction goes on
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export type Breakage = 'reset' | 'close' | 'stall' | 'half-close'

/** up: to the host. */
export type Direction = 'up' | 'down'

export interface Break {
  readonly how: Breakage
  readonly direction: Direction
  readonly afterBytes: number
}

export class FaultyWay {
  readonly carried = { up: 0, down: 0 }
  readonly port: number
  #isBroken = false
  readonly #server: Server
  readonly #break: Break | null
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, toPort: number, given: Break | null) {
    this.#server = server
    this.#break = given
    this.port = (server.address() as AddressInfo).port
    server.on('connection', near => this.#join(near, connect(toPort, '127.0.0.1')))
  }

  /** `given`: how it breaks; null: it only counts. */
  static async open(toPort: number, given: Break | null): Promise<FaultyWay> {
    const server = createServer({ allowHalfOpen: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new FaultyWay(server, toPort, given)
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  #join(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.allowHalfOpen = true
      socket.on('error', () => undefined)
      socket.on('close', () => this.#sockets.delete(socket))
    }
    const pair = { near, far, isDead: false }
    this.#carry(pair, 'up')
    this.#carry(pair, 'down')
  }

  #carry(pair: Pair, direction: Direction): void {
    const [from, to] = direction === 'up' ? [pair.near, pair.far] : [pair.far, pair.near]
    let isCut = false
    from.on('data', (bytes: Buffer) => {
      if (isCut || pair.isDead) return
      const left = this.#leftIn(direction)
      this.carried[direction] += Math.min(bytes.length, left)
      if (left > 0) to.write(bytes.subarray(0, left))
      if (bytes.length < left) return
      isCut = true
      this.#isBroken = true
      this.#breakNow(pair, to)
    })
    from.on('end', () => {
      if (!isCut && !pair.isDead) to.end()
    })
    from.on('close', () => {
      if (!pair.isDead) to.destroy()
    })
  }

  #leftIn(direction: Direction): number {
    if (this.#isBroken || this.#break?.direction !== direction) return Number.POSITIVE_INFINITY
    return Math.max(0, this.#break.afterBytes - this.carried[direction])
  }

  #breakNow(pair: Pair, receiver: Socket): void {
    const { near, far } = pair
    switch (this.#break?.how) {
      case 'half-close':
        receiver.end()
        return
      case 'stall':
        pair.isDead = true
        return
      case 'close':
        pair.isDead = true
        for (const socket of [near, far]) socket.end()
        return
      case 'reset':
        pair.isDead = true
        // What was written last goes out before.
        receiver.write('', () => {
          for (const socket of [near, far]) socket.resetAndDestroy()
        })
    }
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }
}

interface Pair {
  readonly near: Socket
  readonly far: Socket
  isDead: boolean
}
