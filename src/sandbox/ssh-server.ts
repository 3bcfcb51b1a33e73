/**
 * The ssh end of a host without sshd: ssh2's server with exec, shell, pty and forwarding, for one key and one user.
 * Runs inside the host's namespaces, as its root.
 */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ParsedKey, type Session } from 'ssh2'
import { VpaiError } from '../base/error.ts'
import { type Pty, runOnChannel } from './ssh-server-exec.ts'

interface ServerArguments {
  readonly port: number
  readonly hostKey: string
  readonly authorizedKeys: string
}

/** Arguments: `--port=N --host-key=FILE --authorized-keys=FILE`. Serves on 127.0.0.1 until it is ended. */
export async function runSshServer(args: readonly string[]): Promise<never> {
  const { port, hostKey, authorizedKeys } = parseArguments(args)
  const keys = authorizedKeys
    .split('\n')
    .map(line => ssh2.utils.parseKey(line))
    .filter((key): key is ParsedKey => !(key instanceof Error))
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: 'vpai_sandbox' }, (client, info) =>
    serve(client, { keys, connection: `${info.ip} ${info.port} 127.0.0.1 ${port}` }),
  )
  return new Promise((_resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1')
  })
}

function parseArguments(args: readonly string[]): ServerArguments {
  const value = (name: string): string => {
    const found = args.find(argument => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
    if (found === undefined)
      throw new VpaiError('SANDBOX_SERVER_ARGUMENT', `The ssh server needs --${name}=.`)
    return found
  }
  return {
    port: Number(value('port')),
    hostKey: readFileSync(value('host-key'), 'utf8'),
    authorizedKeys: readFileSync(value('authorized-keys'), 'utf8'),
  }
}

interface Client {
  readonly keys: readonly ParsedKey[]
  /** SSH_CONNECTION of its commands. */
  readonly connection: string
}

function serve(client: Connection, { keys, connection }: Client): void {
  client.on('authentication', context => authenticate(context, keys))
  client.on('session', accept => serveSession(accept(), connection))
  client.on('tcpip', (accept, reject, info) => {
    const socket = connect(info.destPort, info.destIP)
    socket.once('error', () => reject())
    socket.once('connect', () => {
      const channel = accept()
      socket.removeAllListeners('error')
      socket.on('error', () => channel.destroy())
      channel.on('error', () => socket.destroy())
      channel.pipe(socket).pipe(channel)
    })
  })
  // A client that vanishes is an everyday thing; its channels are closed by ssh2.
  client.on('error', () => undefined)
}

function authenticate(context: AuthContext, keys: readonly ParsedKey[]): void {
  if (context.method !== 'publickey' || context.username !== 'root') {
    context.reject(['publickey'])
    return
  }
  const key = keys.find(
    each => each.type === context.key.algo && each.getPublicSSH().equals(context.key.data),
  )
  const proven = key !== undefined && (context.signature === undefined || isSignedBy(key, context))
  if (proven) context.accept()
  else context.reject(['publickey'])
}

function isSignedBy(key: ParsedKey, context: Extract<AuthContext, { method: 'publickey' }>): boolean {
  const { blob, signature, hashAlgo } = context
  return blob !== undefined && signature !== undefined && key.verify(blob, signature, hashAlgo) === true
}

function serveSession(session: Session, connection: string): void {
  let pty: Pty | null = null
  let sendSignal: (signal: string) => void = () => undefined
  const environment: Record<string, string> = { SSH_CONNECTION: connection }
  session.on('env', (accept, _reject, info) => {
    if (/^(LANG|LC_\w+)$/.test(info.key)) environment[info.key] = info.val
    accept?.()
  })
  session.on('pty', (accept, _reject, info) => {
    pty = { rows: info.rows, columns: info.cols }
    accept?.()
  })
  session.on('window-change', accept => accept?.())
  session.on('exec', (accept, _reject, info) => {
    sendSignal = runOnChannel(accept(), { command: info.command, pty, environment })
  })
  session.on('shell', accept => {
    sendSignal = runOnChannel(accept(), { command: null, pty, environment })
  })
  session.on('signal', (accept, _reject, info) => {
    sendSignal(`SIG${info.name.replace(/^SIG/, '')}`)
    accept?.()
  })
}
