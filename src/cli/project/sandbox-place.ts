/** Where the throw-away hosts of a project are kept, and how its runs find them. */
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SandboxInfo } from '../../sandbox/sandbox-info.ts'
import type { Io } from '../io.ts'
import { findRoot } from './find-root.ts'

/** `.vpai/sandbox` of the project. */
export function sandboxesOf(io: Io): string {
  return path.join(findRoot(io.cwd), '.vpai', 'sandbox')
}

export function sandboxFolder(io: Io, name: unknown): string {
  return path.join(sandboxesOf(io), String(name))
}

const FILE = 'inventory.yml'

/** Writes an inventory with the one host `sandbox`; gives back its path. */
export function writeSandboxInventory(folder: string, info: SandboxInfo): string {
  const file = path.join(folder, FILE)
  writeFileSync(file, sandboxInventory(info), { mode: 0o600 })
  return file
}

export function removeSandboxInventory(folder: string): void {
  rmSync(path.join(folder, FILE), { force: true })
}

/** Values as JSON, which is YAML: names of folders may hold anything. */
export function sandboxInventory(info: SandboxInfo): string {
  return `# The sandbox ${info.name}. Written by \`vpai sandbox up\`, removed by \`vpai sandbox down\`.
all:
  hosts:
    sandbox:
      ansible_host: ${info.host}
      ansible_port: ${info.port}
      ansible_user: ${info.user}
      ansible_ssh_private_key_file: ${JSON.stringify(info.privateKeyPath)}
      vpai_known_hosts_file: ${JSON.stringify(info.knownHostsPath)}
`
}
