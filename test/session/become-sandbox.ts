import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface BecomeSandbox {
  /** Runs argv as `user` of the sandbox: a prefix for a command line. */
  as(user: string): readonly string[]
  /** Runs argv as root with the sandbox's /etc. */
  readonly asRoot: readonly string[]
  stop(): void
}

/**
 * Users and sudoers that exist only for the processes of a test: a copy of /etc, bind-mounted in a private mount
 * namespace. Nothing of the machine changes. Needs root, unshare, setpriv, useradd and sudo; else a reason.
 *
 * Users, password `right`: `nopass` may all without, `pass` may all with a password, `onterm` without but on a terminal
 * only, `bothers` with a password and on a terminal, `noshell` cannot log in, `nobody2` may nothing, `app` is a target.
 */
export function startBecomeSandbox(): BecomeSandbox | string {
  if (process.getuid?.() !== 0) return 'needs root'
  for (const program of ['unshare', 'setpriv', 'useradd', 'sudo', 'su', 'chpasswd']) {
    try {
      execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    } catch {
      return `${program} is not installed`
    }
  }
  const root = mkdtempSync(path.join(tmpdir(), 'vpai-become-'))
  execFileSync('chmod', ['755', root])
  execFileSync('cp', ['-a', '/etc', path.join(root, 'etc')])
  mkdirSync(path.join(root, 'home'))
  writeFileSync(path.join(root, 'etc/sudoers'), SUDOERS, { mode: 0o440 })
  writeFileSync(path.join(root, 'etc/doas.conf'), DOAS, { mode: 0o400 })
  const mounts = `mount --bind ${root}/etc /etc && mkdir -p /run/sudo /var/lib/sudo && mount -t tmpfs none /run/sudo && mount -t tmpfs none /var/lib/sudo`
  const asRoot = [
    'unshare',
    '-m',
    '--propagation',
    'private',
    'sh',
    '-c',
    `${mounts} && exec "$@"`,
    'sandbox',
  ]
  try {
    const create = USERS.map(
      user =>
        `useradd -m -b ${root}/home -s ${user === 'noshell' ? '/usr/sbin/nologin' : '/bin/bash'} ${user} && echo ${user}:right | chpasswd`,
    ).join(' && ')
    execFileSync(asRoot[0]!, [...asRoot.slice(1), 'sh', '-c', create], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  } catch (error) {
    rmSync(root, { recursive: true, force: true })
    return `mount namespaces do not work here: ${String(error).slice(0, 200)}`
  }
  return {
    asRoot,
    as: user => [
      ...asRoot,
      'setpriv',
      `--reuid=${user}`,
      `--regid=${user}`,
      '--init-groups',
      'env',
      '-i',
      `HOME=${root}/home/${user}`,
      'PATH=/usr/local/bin:/usr/bin:/bin',
      '/bin/sh',
    ],
    stop: () => rmSync(root, { recursive: true, force: true }),
  }
}

const USERS = ['nopass', 'pass', 'onterm', 'nobody2', 'app', 'bothers', 'noshell']

const SUDOERS = `Defaults env_reset, timestamp_timeout=0, !syslog
Defaults:onterm,bothers requiretty
root ALL=(ALL:ALL) ALL
nopass ALL=(ALL:ALL) NOPASSWD: ALL
onterm ALL=(ALL:ALL) NOPASSWD: ALL
pass ALL=(ALL:ALL) ALL
bothers ALL=(ALL:ALL) ALL
`

const DOAS = `permit nopass "nopass"
permit "pass"
`
