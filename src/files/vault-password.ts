/** A file that holds a password of ansible-vault, or a program that prints it. Throws VAULT_PASSWORD_FILE. */
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../base/error.ts'

export interface VaultPasswordQuery {
  /** Told to programs whose name ends in -client, as Ansible does. */
  readonly id: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** As Ansible: the right to execute makes it a program. */
export function isVaultProgram(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0
}

export function readVaultPassword(file: string, query: VaultPasswordQuery): string {
  try {
    return isVaultProgram(file) ? run(file, query) : readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new VpaiError(
      'VAULT_PASSWORD_FILE',
      `the vault password cannot be had from ${file}: ${why(cause)}`,
      {
        hint: 'It is a file with the password in its first line, or a program that prints it.',
        cause,
      },
    )
  }
}

function run(file: string, { id, env }: VaultPasswordQuery): string {
  const isClient = path.parse(file).name.endsWith('-client')
  const args = isClient ? ['--vault-id', id] : []
  const printed = execFileSync(file, args, {
    env: { ...env },
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'pipe'],
  })
  return printed.replace(/^[\r\n]+|[\r\n]+$/g, '')
}

/** Never what it printed to its output. */
function why(cause: unknown): string {
  const { code, status, stderr } = cause as { code?: string; status?: number; stderr?: string }
  if (typeof status === 'number') return `it ended with ${status}. ${(stderr ?? '').trim()}`.trim()
  return code ?? 'unknown'
}
