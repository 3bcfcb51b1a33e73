import { spawn } from 'node:child_process'
import { VpaiError } from '../base/error.ts'
import type { Channel, Connection } from '../engine/ports.ts'

export interface LocalOptions {
  /** The login shell that gets the command lines, with `-c`. Default /bin/sh. */
  readonly shell?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** This machine as a host. Commands get a process group of their own, so that Ctrl-C reaches vpai only. */
export function connectLocal(options: LocalOptions = {}): Connection {
  const open = new Set<Channel>()
  return {
    lost: new Promise<never>(() => undefined),
    async open(commandLine, { pty = false, first } = {}) {
      if (pty) throw new VpaiError('LOCAL_NO_TERMINAL', 'The local connection has no terminal to give.')
      const channel = await start(commandLine, options)
      if (first !== undefined) channel.stdin.write(first)
      open.add(channel)
      void channel.closed.then(() => open.delete(channel))
      return channel
    },
    async close() {
      for (const channel of open) channel.destroy()
    },
  }
}

function start(commandLine: string, options: LocalOptions): Promise<Channel> {
  const [program = '/bin/sh', ...args] = options.shell ?? ['/bin/sh']
  const child = spawn(program, [...args, '-c', commandLine], {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  child.stdin.on('error', () => undefined)
  let end: (result: { readonly code: number | null; readonly signal: string | null }) => void = () =>
    undefined
  const closed = new Promise<{ readonly code: number | null; readonly signal: string | null }>(resolve => {
    end = resolve
  })
  child.on('close', (code, signal) => end({ code, signal }))
  const channel: Channel = {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    closed,
    destroy() {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      child.unref()
      end({ code: null, signal: null })
    },
  }
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(channel))
    child.once('error', error =>
      reject(new VpaiError('LOCAL_NO_SHELL', `Cannot start ${program}: ${error.message}`, { cause: error })),
    )
  })
}
