/** The hosts: sshd processes of Debian's, in one system, each on a port of 127.0.0.1. All see the same files. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Machine, startMachine } from './machine.ts'

export interface Target {
  readonly machine: Machine
  readonly keyFile: string
  /** The line of known_hosts without its name. */
  readonly hostKey: string
  readonly ports: readonly number[]
  stop(): Promise<void>
}

/** Debian's sshd_config, but for what a login as root with a key needs. */
const CONFIG = `
Include /etc/ssh/sshd_config
HostKey /run/bench/host_key
PidFile none
ListenAddress 127.0.0.1
PermitRootLogin prohibit-password
`

export async function startTarget(
  root: string,
  { work, keys: folder }: { readonly work: string; readonly keys: string },
  ports: readonly number[],
): Promise<Target> {
  mkdirSync(folder, { recursive: true })
  const keyFile = makeKey(path.join(folder, 'client'))
  makeKey(path.join(folder, 'host_key'))
  writeFileSync(path.join(folder, 'sshd_config'), CONFIG)
  const machine = await startMachine({
    root,
    scratch: path.join(work, 'target'),
    shared: [folder],
    script: script(folder, ports),
  })
  const hostKey = readFileSync(path.join(folder, 'host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  return { machine, keyFile, hostKey, ports, stop: machine.stop }
}

/** PID 1 waits for its children, so that nothing stays behind as a zombie. */
function script(folder: string, ports: readonly number[]): string {
  return `
set -e
mkdir -p /run/bench /run/sshd /root/.ssh
cp ${folder}/host_key ${folder}/sshd_config /run/bench/
cp ${folder}/client.pub /root/.ssh/authorized_keys
for port in ${ports.join(' ')}; do /usr/sbin/sshd -f /run/bench/sshd_config -p $port; done
echo up
while :; do sleep 3600 & wait $!; done
`
}

function makeKey(file: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', file])
  return file
}
