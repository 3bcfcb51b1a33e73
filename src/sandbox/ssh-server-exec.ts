/** One command of one ssh channel: started, wired to the channel, its ending reported as sshd does. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { ServerChannel } from 'ssh2'
import { quote } from '../base/quote.ts'

export interface Pty {
  readonly rows: number
  readonly columns: number
}

export interface ChannelRequest {
  /** null: a login shell. */
  readonly command: string | null
  readonly pty: Pty | null
  readonly environment: Readonly<Record<string, string>>
}

/** Gives back the way to signal the command's process group. */
export function runOnChannel(channel: ServerChannel, request: ChannelRequest): (signal: string) => void {
  const child = start(request)
  channel.pipe(child.stdin)
  child.stdout.pipe(channel, { end: false })
  child.stderr.pipe(channel.stderr, { end: false })
  // The command may close its input first; what the client still sends is dropped as sshd drops it.
  child.stdin.on('error', () => undefined)
  channel.on('error', () => undefined)
  channel.on('close', () => hangUp(child, request.pty !== null))
  child.on('error', () => finish(channel, 127, null))
  child.on('close', (code, signal) => finish(channel, code, signal))
  return signal => signalGroup(child, signal)
}

function start({ command, pty, environment }: ChannelRequest): ChildProcessWithoutNullStreams {
  const options = { env: { ...process.env, ...environment }, cwd: '/root', detached: true }
  if (pty === null) return spawn('/bin/sh', command === null ? ['-l'] : ['-c', command], options)
  const inner = command === null ? 'sh -l' : `sh -c ${quote(command)}`
  const sized = `stty rows ${pty.rows} cols ${pty.columns} 2>/dev/null; exec ${inner}`
  // `script` of util-linux is the pty: -e gives the command's own exit code back.
  return spawn('script', ['-qefc', sized, '/dev/null'], options)
}

function finish(channel: ServerChannel, code: number | null, signal: string | null): void {
  if (channel.destroyed) return
  if (signal !== null) channel.exit(signal.replace(/^SIG/, ''), false, '')
  else channel.exit(code ?? 255)
  channel.end()
}

/** The client is gone: a terminal is hung up, a command without one only sees its streams close. */
function hangUp(child: ChildProcessWithoutNullStreams, hadTerminal: boolean): void {
  child.stdin.destroy()
  child.stdout.destroy()
  child.stderr.destroy()
  if (hadTerminal) signalGroup(child, 'SIGHUP')
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: string): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, signal as NodeJS.Signals)
  } catch {
    // Ended already, or a signal this system does not know.
  }
}
