/** Who was measured, on what. */

import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { execa } from 'execa'
import type { Lab } from './lab.ts'
import { run } from './run.ts'

export interface Versions {
  readonly date: string
  readonly machine: string
  /** One-minute load average when the bench began: above 0.5 the numbers are for orientation only. */
  readonly load: number
  readonly programs: Readonly<Record<string, string>>
}

export async function versions(lab: Lab): Promise<Versions> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const commit = await first(['git', 'describe', '--always', '--dirty'])
  const programs: Record<string, string> = {
    vpai: `${version}, ${commit}`,
    node: process.version,
    ssh: await first(['ssh', '-V']),
    rsync: await first(['rsync', '--version']),
  }
  if (lab.has('ansible') || lab.has('mitogen')) Object.assign(programs, await ofControl(lab))
  const [cpu] = cpus()
  return {
    date: new Date().toISOString(),
    machine: `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    load: loadavg()[0] ?? 0,
    programs,
  }
}

async function ofControl(lab: Lab): Promise<Record<string, string>> {
  const names = ['ansible-core', 'ansible-mitogen', 'python3', 'openssh-client', 'rsync']
  const { stdout } = await run(
    lab.onControl('/', ['dpkg-query', '-W', '-f', '${Package} ${Version}\\n', ...names]),
  )
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map(line => [`${line.split(' ')[0]} (Debian 13)`, line.split(' ')[1] ?? '']),
  )
}

async function first([program = '', ...args]: readonly string[]): Promise<string> {
  const { all } = await execa(program, args, { all: true, reject: false })
  return (all ?? '').split('\n')[0]?.trim() ?? ''
}
