/** Runs one command on a throw-away host through a new ssh connection that accepts the pinned key only. */
import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import type { SandboxInfo } from '../../src/sandbox/index.ts'

export interface Output {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export function runOnSandbox(
  info: SandboxInfo,
  command: string,
  options: { readonly pty?: boolean; readonly user?: string } = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    client.once('error', reject)
    client.once('ready', () => {
      client.exec(command, { pty: options.pty ?? false }, (error, channel) => {
        if (error) {
          reject(error)
          return
        }
        let stdout = ''
        let stderr = ''
        let code: number | null = null
        channel.on('data', (data: Buffer) => {
          stdout += data.toString()
        })
        channel.stderr.on('data', (data: Buffer) => {
          stderr += data.toString()
        })
        channel.on('exit', (exit: number | null) => {
          code = exit
        })
        channel.on('close', () => {
          client.end()
          resolve({ code, stdout, stderr })
        })
        channel.end()
      })
    })
    client.connect({
      host: info.host,
      port: info.port,
      username: options.user ?? info.user,
      privateKey: readFileSync(info.privateKeyPath),
      hostVerifier: (key: Buffer) => key.toString('base64') === info.hostKey.split(' ')[1],
    })
  })
}
