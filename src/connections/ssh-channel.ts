import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, ClientChannel } from 'ssh2'
import { VpaiError } from '../base/error.ts'
import type { Channel, OpenOptions } from '../engine/ports.ts'
import { sendAlong } from './fast.ts'

/**
 * Runs a command line in a channel of its own. A server that has no channel free (MaxSessions; it frees them late) is
 * asked again for about two seconds. Throws SSH_CHANNEL_REFUSED; other errors are ssh2's.
 */
export async function openChannel(
  client: Client,
  commandLine: string,
  options: OpenOptions,
): Promise<Channel> {
  for (const pauseMs of [...PAUSES_MS, null]) {
    try {
      return asChannel(await exec(client, commandLine, options))
    } catch (error) {
      const reason = (error as { reason?: number }).reason
      if (reason === undefined) throw error
      if (reason !== NO_CHANNEL_FREE || pauseMs === null) throw refused(error)
      await sleep(pauseMs)
    }
  }
  throw refused(null)
}

const NO_CHANNEL_FREE = 2
const PAUSES_MS = [20, 60, 200, 500, 1000]

function refused(cause: unknown): VpaiError {
  return new VpaiError('SSH_CHANNEL_REFUSED', 'The host refuses one more channel on this connection.', {
    hint: 'Raise MaxSessions in sshd_config on the host (10 is the default).',
    cause,
  })
}

function exec(
  client: Client,
  commandLine: string,
  { pty = false, first }: OpenOptions,
): Promise<ClientChannel> {
  // A terminal has to be made ready before it takes bytes as they are.
  const along = first === undefined || pty ? null : sendAlong(client, commandLine, first)
  return new Promise((resolve, reject) => {
    client.exec(along?.command ?? commandLine, pty ? { pty: { term: 'dumb' } } : {}, (error, channel) => {
      if (error !== undefined && error !== null) {
        reject(error)
        return
      }
      if (first !== undefined && along?.settle(channel) !== true) channel.write(first)
      resolve(channel)
    })
  })
}

function asChannel(channel: ClientChannel): Channel {
  let end: (result: { readonly code: number | null; readonly signal: string | null }) => void = () =>
    undefined
  const closed = new Promise<{ readonly code: number | null; readonly signal: string | null }>(resolve => {
    end = resolve
  })
  let result: { readonly code: number | null; readonly signal: string | null } = { code: null, signal: null }
  // The exit code may come before the last data: only `close` is the end.
  channel.on('exit', (code: number | null, signal?: string) => {
    result = { code: code ?? null, signal: signal ?? null }
  })
  channel.on('close', () => end(result))
  channel.on('error', () => undefined)
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    closed,
    destroy() {
      channel.destroy()
      end(result)
    },
  }
}
