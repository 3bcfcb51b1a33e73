/** A folder that vpai and Ansible both run: the same play, inventory and files, and a configuration for each. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { stringify } from 'yaml'

export interface Host {
  readonly name: string
  readonly port: number
}

export interface Login {
  readonly keyFile: string
  readonly hostKey: string
}

export interface ProjectFiles {
  readonly plays: readonly object[]
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>
}

/** Writes all but the inventory. */
export function writeProject(folder: string, { plays, files }: ProjectFiles): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'vpai.yml'), 'name: bench\nshipped_roles: false\n')
  writeFileSync(
    path.join(folder, 'play.yml'),
    stringify(plays, { lineWidth: 0, aliasDuplicateObjects: false }),
  )
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  return folder
}

/** Writes an inventory of hosts on 127.0.0.1, and known_hosts with their key. Returns its path. */
export function writeInventory(folder: string, hosts: readonly Host[], login: Login): string {
  const known = path.join(folder, 'known_hosts')
  writeFileSync(known, hosts.map(({ port }) => `[127.0.0.1]:${port} ${login.hostKey}\n`).join(''))
  const vars = {
    ansible_host: '127.0.0.1',
    ansible_user: 'root',
    ansible_ssh_private_key_file: login.keyFile,
    vpai_known_hosts_file: known,
  }
  const all = {
    vars,
    hosts: Object.fromEntries(hosts.map(({ name, port }) => [name, { ansible_port: port }])),
  }
  const file = path.join(folder, 'inventory.yml')
  writeFileSync(file, stringify({ all }))
  return file
}

/** Settings that Ansible's documentation and its users name for speed; mitogen's strategy where asked for. */
export function writeAnsibleConfig(
  folder: string,
  name: string,
  options: { forks: number; mitogen: boolean },
): string {
  const file = path.join(folder, `${name}.cfg`)
  const lines = [
    '[defaults]',
    `forks = ${options.forks}`,
    'interpreter_python = /usr/bin/python3',
    'gathering = explicit',
    'timeout = 60',
    'retry_files_enabled = False',
    ...(options.mitogen
      ? [
          'strategy_plugins = /usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy',
          'strategy = mitogen_linear',
        ]
      : []),
    '[ssh_connection]',
    'pipelining = True',
    `ssh_args = -o ControlMaster=auto -o ControlPersist=60s -o UserKnownHostsFile=${path.join(folder, 'known_hosts')}`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}
