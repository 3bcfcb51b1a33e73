/** A project of the stack, made by the wizard, with the test bed's host in place of the production server. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { SandboxInfo } from '../../src/sandbox/index.ts'

const VPAI = path.resolve(import.meta.dirname, '../../dist/vpai.mjs')

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface TaskResult {
  readonly taskId: string
  readonly name: string
  readonly role: string | null
  readonly status: string
  readonly handler: boolean
  readonly reason: string | null
}

export interface Deployed {
  readonly code: number | null
  readonly stats: {
    readonly ok: number
    readonly changed: number
    readonly failed: number
    readonly late: number
  }
  readonly tasks: readonly TaskResult[]
  readonly text: string
}

/** Kernel settings and packages that a host in a container, without a way out, cannot have. */
export const FOR_THE_TESTBED = {
  docker_packages_from: 'present',
  docker_daemon_extra: { 'registry-mirrors': ['http://127.0.0.1:5000'] },
  common_packages: ['ca-certificates', 'curl', 'jq', 'rsync'],
  common_update_cache: false,
  common_sysctl: { 'vm.swappiness': 10, 'net.core.somaxconn': 65535 },
  caddy_tls_internal: true,
  // The registry of n8n has no mirror here.
  image_n8n: 'n8nio/n8n:2.7.3',
  n8n_health_interval: '1s',
  stack_health_delay: 1,
  stack_health_max_delay: 3,
  stack_health_interval: '1s',
  stack_start_period: '1s',
  // test/roles/hardening.long.ts has a host of its own.
  hardening_enabled: false,
}

/** Changed tasks, handlers among them, by name. */
export const changed = (run: Deployed) =>
  run.tasks.filter(task => task.status === 'changed').map(task => task.name)

export class StackProject {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'vpai-stack-'))

  vpai(args: readonly string[]): Promise<Finished> {
    const env = { ...process.env, VPAI_AGE_IDENTITY: path.join(this.folder, 'identity') }
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [VPAI, ...args], {
        cwd: this.folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (data: Buffer) => {
        stdout += data
      })
      child.stderr.on('data', (data: Buffer) => {
        stderr += data
      })
      child.once('error', reject)
      child.once('close', code => resolve({ code, stdout, stderr }))
    })
  }

  /** deploy or plan of the phases there are, as the JSON document tells it. */
  async deploy(more: readonly string[] = [], command: 'deploy' | 'plan' = 'deploy'): Promise<Deployed> {
    const yes = command === 'deploy' ? ['--yes'] : []
    const done = await this.vpai([
      command,
      'prod',
      ...yes,
      '-i',
      'inventory',
      '-i',
      'testbed.yml',
      '--output',
      'json',
      ...more,
    ])
    const text = done.stdout + done.stderr
    if (!done.stdout.startsWith('{')) throw new Error(`${command} ended with ${done.code}:\n${text}`)
    const { stats, tasks } = JSON.parse(done.stdout)
    return { code: done.code, stats: stats['vps-prod-01'], tasks, text }
  }

  async prepare(host: SandboxInfo, variables: Readonly<Record<string, unknown>>): Promise<void> {
    const answers = path.join(import.meta.dirname, 'stack', 'answers.yml')
    const made = await this.vpai(['wizard', '--answers', answers])
    if (made.code !== 0) throw new Error(`wizard: ${made.stdout}${made.stderr}`)
    const settings = path.join(this.folder, 'vpai.yml')
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}\nstrict_secrets: true\n`)
    const target = {
      ansible_host: host.host,
      ansible_port: host.port,
      ansible_user: 'deploy',
      ansible_ssh_private_key_file: host.privateKeyPath,
      vpai_known_hosts_file: host.knownHostsPath,
    }
    writeFileSync(
      path.join(this.folder, 'testbed.yml'),
      JSON.stringify({ all: { hosts: { 'vps-prod-01': { ...target, ...variables } } } }),
    )
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
