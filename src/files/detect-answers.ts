/** What this machine can tell the wizard, and what of its answers this machine can check. */
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { sshPublicKey } from '../wizard/checks.ts'
import type { Finding } from '../wizard/cross-checks.ts'
import type { WizardResult } from '../wizard/settle.ts'
import type { Answers } from '../wizard/variable.ts'

/** The public keys in ~/.ssh, under whatever name, as the ones that may log in. */
export async function detectAnswers(homeDirectory: string): Promise<Answers> {
  const folder = path.join(homeDirectory, '.ssh')
  const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.pub')).sort()
  const texts = await Promise.all(
    names.map(name => readFile(path.join(folder, name), 'utf8').catch(() => '')),
  )
  const keys = texts
    .map(text => text.trim())
    .filter(text => sshPublicKey(text, { systems: [], get: () => undefined }) === undefined)
  return keys.length > 0 ? { ssh_authorized_keys: keys } : {}
}

/** Warnings about the private key to log in with: not there, or readable by others. */
export async function checkDeployKey(
  result: WizardResult,
  homeDirectory: string,
): Promise<readonly Finding[]> {
  const name = 'deploy_ssh_key_path'
  const told = result.variables[name]
  if (typeof told !== 'string' || told === '') return []
  const file = told.replace(/^~(?=\/|$)/, homeDirectory)
  const mode = await stat(file).then(
    found => found.mode & 0o777,
    () => undefined,
  )
  const warn = (code: string, message: string, hint: string): Finding => ({
    code,
    names: [name],
    message,
    hint,
    severity: 'warning',
  })
  if (mode === undefined) {
    return [
      warn('WIZARD_NO_KEY_FILE', `there is no ${told} on this machine`, `ssh-keygen -t ed25519 -f ${told}`),
    ]
  }
  if ((mode & 0o077) === 0) return []
  return [
    warn('WIZARD_KEY_MODE', `${told} can be read by others, and ssh will not use it`, `chmod 600 ${told}`),
  ]
}
