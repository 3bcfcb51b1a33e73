/**
 * A process that carries TCP connections with a delay: half of the round-trip time each way, and one and a half
 * before the other side is dialled, as a handshake over such a line would take. Both sides of a comparison go
 * through it. Bandwidth is not limited. Counts connections, bytes, and turns: how often the client sent
 * something after it had heard something, which is the number of its round trips.
 */
import { connect, createServer, type Socket } from 'node:net'

export interface RelayRequest {
  readonly rtt: number
  readonly ports: readonly number[]
}
export interface RelayCounts {
  connections: number
  turns: number
  sent: number
  received: number
}

let counts: RelayCounts = nothing()

process.on('message', async (message: RelayRequest | 'counts') => {
  if (message === 'counts') {
    process.send?.(counts)
    counts = nothing()
    return
  }
  const listening = await Promise.all(message.ports.map(port => listen(port, message.rtt)))
  process.send?.(listening)
})
process.on('disconnect', () => process.exit(0))

function nothing(): RelayCounts {
  return { connections: 0, turns: 0, sent: 0, received: 0 }
}

function listen(port: number, rtt: number): Promise<number> {
  const server = createServer({ noDelay: true }, client => carry(client, port, rtt))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', 1024, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

function carry(client: Socket, port: number, rtt: number): void {
  counts.connections++
  let heard = true
  const dialled = performance.now() + rtt * 1.5
  const host = new Promise<Socket>(resolve => {
    const dial = () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.on('error', () => client.destroy())
      socket.on('close', () => client.destroySoon())
      resolve(socket)
      delay(socket, client, { wait: rtt / 2, notBefore: 0 }, bytes => {
        counts.received += bytes
        heard = true
      })
    }
    if (rtt === 0) dial()
    else setTimeout(dial, rtt * 1.5)
  })
  client.on('error', () => undefined)
  client.on('close', () => host.then(socket => socket.destroySoon()))
  delay(client, host, { wait: rtt / 2, notBefore: dialled }, bytes => {
    counts.sent += bytes
    if (heard) counts.turns++
    heard = false
  })
}

interface Line {
  readonly wait: number
  readonly notBefore: number
}

/** Order is kept: everything that is due is written by one timer at a time. */
function delay(from: Socket, to: Socket | Promise<Socket>, line: Line, count: (bytes: number) => void): void {
  const queue: { readonly due: number; readonly data: Buffer | null }[] = []
  let target: Socket | null = to instanceof Promise ? null : to
  let waiting = false
  const flush = () => {
    waiting = false
    while (target !== null && queue.length > 0 && queue[0]!.due <= performance.now() + 0.3) {
      const { data } = queue.shift()!
      if (data === null) target.end()
      else target.write(data)
    }
    if (queue.length === 0 || target === null) return
    waiting = true
    setTimeout(flush, Math.max(0, queue[0]!.due - performance.now() - 0.3))
  }
  const put = (data: Buffer | null) => {
    queue.push({ due: line.wait === 0 ? 0 : Math.max(line.notBefore, performance.now() + line.wait), data })
    if (!waiting) flush()
  }
  if (to instanceof Promise)
    to.then(socket => {
      target = socket
      if (!waiting) flush()
    })
  from.on('data', data => {
    count(data.length)
    put(data)
  })
  from.on('end', () => put(null))
}
