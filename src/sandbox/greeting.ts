import { connect } from 'node:net'

/** True when something on `port` of the loopback speaks ssh. Never rejects; gives up after two seconds. */
export function greets(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const answer = (value: boolean) => {
      socket.destroy()
      resolve(value)
    }
    socket.setTimeout(2000, () => answer(false))
    socket.once('data', data => answer(data.toString('latin1').startsWith('SSH-')))
    socket.once('error', () => answer(false))
    socket.once('close', () => resolve(false))
  })
}
