/** Starts the namespaces of an embedded host and waits until its ssh answers. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { execa } from 'execa'
import { VpaiError } from '../base/error.ts'
import { quoteAll } from '../base/quote.ts'
import { ownHome } from '../connections/own-account.ts'
import { BUILD_SCRIPT, CLONE_SCRIPT, MAP_SCRIPT, START_SCRIPT } from './embedded-script.ts'
import { childrenOf } from './process-identity.ts'
import type { UpOptions } from './sandbox-info.ts'
import type { SandboxKeys } from './sandbox-keys.ts'
import { findProgram, type SubordinateIds, type TierFinding } from './tier.ts'

export interface HostRequest {
  readonly options: UpOptions
  readonly finding: TierFinding
  readonly keys: SandboxKeys
  readonly sshEnd: 'sshd' | 'ssh2'
}

export interface StartedHost {
  /** `unshare`, which waits for PID 1 of the host. */
  readonly outer: number
  /** PID 1 of the host, as the machine numbers it. */
  readonly init: number
  /** The process that serves ssh; it lives in the innermost namespaces. */
  readonly ssh: number
}

/** Port of the ssh end inside the host's own network namespace. */
export const INNER_PORT = 22

/** Folder of the ssh end's files inside the host. */
const RUN_DIR = '/run/vpai-sandbox'

const SSHD_CONFIG = [
  `ListenAddress 127.0.0.1:${INNER_PORT}`,
  `HostKey ${RUN_DIR}/host_key`,
  'PidFile none',
  'AuthorizedKeysFile .ssh/authorized_keys',
  'PermitRootLogin prohibit-password',
  'PasswordAuthentication no',
  'KbdInteractiveAuthentication no',
  'UsePAM no',
  'UseDNS no',
  'StrictModes no',
  'PrintMotd no',
  'MaxSessions 100',
  'Subsystem sftp internal-sftp',
].join('\n')

/** `started` is told the first pid as soon as there is one, so that a crash from there on leaves a trace. */
export async function startHost(request: HostRequest, started: (pid: number) => void): Promise<StartedHost> {
  const { dir } = request.options
  mkdirSync(join(dir, 'mnt'), { recursive: true })
  const log = openSync(join(dir, 'sandbox.log'), 'w', 0o600)
  const isRoot = request.finding.tier === 'root'
  const namespaces = isRoot ? ['-m', '-p', '-n', '-f'] : ['-U', '-m', '-p', '-n', '-f']
  const child = spawn(
    findProgram('unshare') ?? 'unshare',
    [...namespaces, 'sh', '-c', isRoot ? CLONE_SCRIPT : MAP_SCRIPT],
    { detached: true, stdio: ['pipe', 'pipe', log], cwd: '/', env: environment(request) },
  )
  closeSync(log)
  try {
    await once(child, 'spawn')
    const outer = child.pid ?? 0
    started(outer)
    await converse(child, () => mapIds(outer, request.finding), dir)
    return { outer, ...descendants(outer, dir) }
  } finally {
    child.stdin?.destroy()
    child.stdout?.destroy()
    child.unref()
  }
}

function environment({ options, finding, keys, sshEnd }: HostRequest): Record<string, string> {
  const served = sshCommand(options, sshEnd)
  return {
    TIER: finding.tier,
    NESTED: finding.nested ? '1' : '0',
    NAME: options.name,
    STATE: options.dir,
    HIDE: hiddenFolders(options).join('\n'),
    SSH_END: sshEnd,
    SSH_COMMAND: served.command,
    NODE: served.node,
    APP: served.app,
    CLIENT_KEY: keys.clientKey,
    HOST_KEY: keys.hostPrivateKey.trimEnd(),
    SSHD_CONFIG,
    RUN_DIR,
    START: START_SCRIPT,
    BUILD: BUILD_SCRIPT,
  }
}

/** The folders of the machine whose places in the host are empty. */
function hiddenFolders(options: UpOptions): string[] {
  const state = [
    '/var/lib/docker',
    '/var/lib/containerd',
    '/var/lib/containers',
    '/var/lib/vpai',
    '/var/lib/incus',
  ]
  const own = [ownHome(process.env), process.cwd(), options.dir, ...(options.hide ?? [])]
  return [...own, ...state, '/var/lib/machines', '/var/spool/cron', '/etc/ssl/private', '/etc/letsencrypt']
}

/** For ssh2 the script and its neighbours are bound into the host, so that it runs as on the machine. */
function sshCommand(
  options: UpOptions,
  sshEnd: 'sshd' | 'ssh2',
): { command: string; node: string; app: string } {
  if (sshEnd === 'sshd') {
    return {
      command: quoteAll([findProgram('sshd') ?? 'sshd', '-D', '-e', '-f', `${RUN_DIR}/sshd_config`]),
      node: '',
      app: '',
    }
  }
  const [node = '', script = '', ...rest] = options.selfCommand ?? []
  if (node === '' || script === '') {
    throw new VpaiError(
      'SANDBOX_NO_SSH_END',
      'No usable sshd is here and no command was given that serves ssh instead.',
      {
        hint: 'Install openssh-server, or use `--backend docker`.',
      },
    )
  }
  const serve = [
    `--port=${INNER_PORT}`,
    `--host-key=${RUN_DIR}/host_key`,
    `--authorized-keys=${RUN_DIR}/authorized_keys`,
  ]
  const command = quoteAll([`${RUN_DIR}/node`, `${RUN_DIR}/app/${basename(script)}`, ...rest, ...serve])
  return { command, node, app: dirname(script) }
}

/** Answers the script's lines until it says `up`; throws with its last words when it ends before that. */
async function converse(child: ChildProcess, map: () => Promise<void>, dir: string): Promise<void> {
  const lines: Interface = createInterface({ input: child.stdout! })
  for await (const line of lines) {
    if (line === 'up') return
    if (line === 'map-me') {
      await map()
      child.stdin?.write('go\n')
    }
  }
  throw failedStart(dir)
}

export function failedStart(dir: string): VpaiError {
  const log = join(dir, 'sandbox.log')
  const words = existsSync(log) ? readFileSync(log, 'utf8').trim() : ''
  return new VpaiError(
    'SANDBOX_START_FAILED',
    `The sandbox did not start: ${words === '' ? 'no reason was given.' : words}`,
    {
      hint: 'Use `--backend docker`, or point the inventory at a host of your own.',
    },
  )
}

async function mapIds(pid: number, { tier, subordinate }: TierFinding): Promise<void> {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  if (tier === 'subuid' && subordinate !== null) {
    await mapSubordinate(pid, subordinate)
    return
  }
  writeFileSync(`/proc/${pid}/setgroups`, 'deny')
  writeFileSync(`/proc/${pid}/gid_map`, `0 ${gid} 1\n`)
  writeFileSync(`/proc/${pid}/uid_map`, `0 ${uid} 1\n`)
}

async function mapSubordinate(pid: number, ids: SubordinateIds): Promise<void> {
  const ranges = (own: number, start: number) => [pid, 0, own, 1, 1, start, ids.count].map(String)
  await execa(findProgram('newgidmap') ?? 'newgidmap', ranges(process.getgid?.() ?? 0, ids.gidStart))
  await execa(findProgram('newuidmap') ?? 'newuidmap', ranges(process.getuid?.() ?? 0, ids.uidStart))
}

function descendants(outer: number, dir: string): { init: number; ssh: number } {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  const init = childrenOf(outer, pids)[0]
  const ssh = init === undefined ? undefined : childrenOf(init, pids)[0]
  if (init === undefined || ssh === undefined) throw failedStart(dir)
  return { init, ssh }
}
