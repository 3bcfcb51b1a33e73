/** A project in a folder of its own, and the built program, in another, that runs in it as its users run it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Sshd } from '../connections/sshd.ts'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunChanges {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

export class BuiltProject {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'vpai-built-project-'))
  readonly #program: string

  /** `program`: the path of vpai.mjs. */
  constructor(program: string) {
    this.#program = program
  }

  write(name: string, text: string): void {
    const file = path.join(this.folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }

  /** hosts.yml with one host, the sshd; `more` are variables of it, or replace its own. */
  writeHosts(sshd: Pick<Sshd, 'port' | 'user' | 'privateKeyPath' | 'knownHostsPath'>, more = {}): void {
    const web1 = {
      ansible_host: '127.0.0.1',
      vpai_host_state: path.join(this.folder, 'record'),
      ansible_port: sshd.port,
      ansible_user: sshd.user,
      ansible_ssh_private_key_file: sshd.privateKeyPath,
      vpai_known_hosts_file: sshd.knownHostsPath,
      ...more,
    }
    this.write('hosts.yml', JSON.stringify({ all: { hosts: { web1 } } }))
  }

  vpai(args: readonly string[], changes: RunChanges = {}): Promise<Finished> {
    return finished(this.start(args, changes))
  }

  start(args: readonly string[], { stdin, env }: RunChanges = {}): ChildProcess {
    const child = spawn(process.execPath, [this.#program, ...args], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        HOME: path.join(this.folder, 'home'),
        VPAI_HOST_STATE: path.join(this.folder, 'record'),
        TZ: 'UTC',
        ...env,
      },
    })
    child.stdin.end(stdin ?? '')
    return child
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export function finished(child: ChildProcess): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout?.on('data', (data: Buffer) => stdout.push(data))
    child.stderr?.on('data', (data: Buffer) => stderr.push(data))
    child.once('error', reject)
    child.once('close', code =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    )
  })
}
