/**
 * A Debian system with mounts and processes of its own and the network of this machine: a copy-on-write view of a
 * root folder, gone without a trace when it is stopped. Needs root.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

export interface Machine {
  /** The first process inside, as this machine numbers it. */
  readonly pid: number
  /** What is put before a command so that it runs inside, in the folder given. */
  inside(folder: string): readonly string[]
  stop(): Promise<void>
}

export interface MachineRequest {
  readonly root: string
  /** An empty folder of its own. */
  readonly scratch: string
  /** Folders of this machine that are seen inside under the same name. */
  readonly shared: readonly string[]
  /** sh: prints `up` when all is there, and goes on until it is ended. */
  readonly script: string
}

const BOOT = `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$SCRATCH"
mkdir "$SCRATCH/upper" "$SCRATCH/work" "$SCRATCH/all"
mount -t overlay overlay -o "lowerdir=$ROOT,upperdir=$SCRATCH/upper,workdir=$SCRATCH/work" "$SCRATCH/all"
cd "$SCRATCH/all"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
for folder in "$@"; do
  mkdir -p ".$folder"
  mount --bind "$folder" ".$folder"
done
exec chroot . /bin/sh -c "$SCRIPT"
`

export async function startMachine({ root, scratch, shared, script }: MachineRequest): Promise<Machine> {
  mkdirSync(scratch, { recursive: true })
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', BOOT, 'sh', ...shared],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...insideEnvironment(), ROOT: root, SCRATCH: scratch, SCRIPT: script },
    },
  )
  await isUp(child, root)
  const pid = firstInside(child.pid ?? 0)
  return {
    pid,
    inside: folder => [
      'nsenter',
      '-t',
      String(pid),
      '-m',
      '-p',
      `--root=/proc/${pid}/root`,
      `--wd=/proc/${pid}/root${folder}`,
    ],
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

export function insideEnvironment(): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
  }
}

async function isUp(child: ChildProcess, root: string): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! })) if (line === 'up') return
  throw new Error(`the system in ${path.basename(root)} did not start`)
}

function firstInside(outer: number): number {
  return Number(readFileSync(`/proc/${outer}/task/${outer}/children`, 'utf8').trim().split(' ')[0])
}
