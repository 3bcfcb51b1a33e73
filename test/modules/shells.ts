/** The shells that scripts must run under, and a way to run one script there. Start real programs: integration only. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pieces } from '../../src/base/pieces.ts'

export interface Shell {
  readonly name: string
  readonly command: readonly string[]
  readonly path: string
}

export interface Ran {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: Buffer
}

/** sh with coreutils, and busybox ash with nothing but busybox on its PATH. Prints why one is left out. */
export function shells(): readonly Shell[] {
  const found: Shell[] = [{ name: 'sh', command: ['/bin/sh'], path: process.env.PATH ?? '/usr/bin:/bin' }]
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync)
  if (busybox === undefined) {
    console.log('skipped: busybox is not installed')
    return found
  }
  return [...found, { name: 'busybox', command: [busybox, 'sh'], path: busyboxPath(busybox) }]
}

export function runScript(shell: Shell, script: string, stdin: Uint8Array | string | Pieces = ''): Ran {
  const [program = '', ...args] = shell.command
  const file = join(scriptDirectory(), 'script')
  writeFileSync(file, `umask 022\n${script}`)
  // One word of an argument list holds 128 KB at most; a session too sources a file.
  const done = spawnSync(program, [...args, '-c', '( . "$0" )', file], {
    input: typeof stdin === 'object' && 'pieces' in stdin ? Buffer.concat([...stdin.pieces()]) : stdin,
    env: { PATH: shell.path, LC_ALL: 'C', HOME: process.env.HOME ?? '/' },
    maxBuffer: 256 * 1024 * 1024,
    timeout: 30_000,
  })
  return { code: done.status ?? 255, stdout: done.stdout, stderr: done.stderr }
}

/** The real path: macOS and some containers have a link at /tmp. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'vpai-test-'))
}

let scripts: string | null = null

function scriptDirectory(): string {
  scripts ??= temporaryDirectory()
  return scripts
}

let applets: string | null = null

function busyboxPath(busybox: string): string {
  if (applets !== null) return applets
  applets = join(temporaryDirectory(), 'bin')
  mkdirSync(applets)
  const list = spawnSync(busybox, ['--list'], { encoding: 'utf8' }).stdout.trim().split('\n')
  // setfacl, getent and the like are missing there on purpose.
  for (const applet of list) symlinkSync(busybox, join(applets, applet))
  return applets
}
