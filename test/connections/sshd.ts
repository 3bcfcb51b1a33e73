import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'

export interface Sshd {
  readonly port: number
  readonly host: string
  readonly user: string
  /** Private keys the server accepts; ed25519. */
  readonly privateKeyPath: string
  readonly rsaKeyPath: string
  readonly knownHostsPath: string
  /** The server's ed25519 public key: `ssh-ed25519 AAAA...`. */
  readonly hostKey: string
  /** The directory of all this, for more files of a test. */
  readonly directory: string
  stop(): Promise<void>
}

export interface SshdOptions {
  /** More lines of sshd_config; the first of a keyword wins, and these come first. */
  readonly config?: readonly string[]
  /** argv that runs the server, e.g. in a namespace. */
  readonly prefix?: readonly string[]
  /** Default: who runs the test. */
  readonly user?: string
}

/** Why no server can be started here, or null. */
export function sshdMissing(): string | null {
  return existsSync(SSHD) ? null : `${SSHD} is not installed (Debian: openssh-server)`
}

/** A throw-away OpenSSH server on a free loopback port, with its own keys. Resolves when it accepts connections. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const directory = mkdtempSync(path.join(tmpdir(), 'vpai-sshd-'))
  execFileSync('chmod', ['755', directory])
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const at = (name: string) => path.join(directory, name)
  generateKey(at('host_ed25519'), ['-t', 'ed25519'])
  generateKey(at('host_rsa'), ['-t', 'rsa', '-b', '2048'])
  generateKey(at('id_ed25519'), ['-t', 'ed25519'])
  generateKey(at('id_rsa'), ['-t', 'rsa', '-b', '2048'])
  writeFileSync(
    at('authorized_keys'),
    readFileSync(at('id_ed25519.pub'), 'utf8') + readFileSync(at('id_rsa.pub'), 'utf8'),
  )
  const port = await freePort()
  writeFileSync(at('sshd_config'), config(directory, port, options.config ?? []))
  const argv = [...(options.prefix ?? []), SSHD, '-D', '-e', '-f', at('sshd_config')]
  const server = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] })
  await untilListening(server)
  const hostKey = readFileSync(at('host_ed25519.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`)
  return {
    port,
    host: '127.0.0.1',
    user: options.user ?? userInfo().username,
    privateKeyPath: at('id_ed25519'),
    rsaKeyPath: at('id_rsa'),
    knownHostsPath: at('known_hosts'),
    hostKey,
    directory,
    stop: () => stop(server, directory),
  }
}

export function generateKey(file: string, args: readonly string[]): void {
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', path.basename(file), ...args, '-f', file])
}

const SSHD = '/usr/sbin/sshd'

function config(directory: string, port: number, more: readonly string[]): string {
  return [
    ...more,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${directory}/host_ed25519`,
    `HostKey ${directory}/host_rsa`,
    `AuthorizedKeysFile ${directory}/authorized_keys`,
    `PidFile ${directory}/pid`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxStartups 100',
    'LogLevel VERBOSE',
    '',
  ].join('\n')
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function untilListening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000)
      if (log.includes('Server listening')) resolve()
    })
    server.once('exit', code => reject(new Error(`sshd ended with ${code}: ${log}`)))
  })
}

async function stop(server: ChildProcess, directory: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise(resolve => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
  }
  rmSync(directory, { recursive: true, force: true })
}
