/**
 * Where the passwords of ansible-vault come from: flags, ANSIBLE_VAULT_PASSWORD_FILE and ANSIBLE_VAULT_IDENTITY_LIST,
 * ansible.cfg. Files are read when something needs them; those that are programs are run, and only by commands that
 * run things. Questions are asked at once. Throws VAULT_PASSWORD_FILE, VAULT_PASSWORD_EMPTY, PASSWORD_MISSING.
 */
import { homedir } from 'node:os'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { isVaultProgram, readVaultPassword } from '../../files/vault-password.ts'
import type { AnsibleSettings } from '../../inventory/ansible-cfg.ts'
import type { MaskingRegistry } from '../../secrets/registry.ts'
import { VaultKeys, type VaultPassword } from '../../secrets/vault-keys.ts'
import { askSecret } from '../ask.ts'
import type { Io } from '../io.ts'
import { expandHome } from './expand-home.ts'

export interface VaultRequest {
  readonly io: Io
  readonly options: Readonly<Record<string, unknown>>
  readonly root: string
  readonly ansible: AnsibleSettings
  readonly registry: MaskingRegistry
  /** False for commands that only look: no program is run. */
  readonly runsThings: boolean
  /** What cannot be opened is passed over. */
  readonly mayStayClosed: boolean
}

export async function openVaultKeys(request: VaultRequest): Promise<VaultKeys> {
  const passwords: VaultPassword[] = []
  for (const source of sources(request)) {
    passwords.push(source.from === 'prompt' ? await prompted(source, request.io) : fromFile(source, request))
  }
  return new VaultKeys({ passwords, mayStayClosed: request.mayStayClosed, registry: request.registry })
}

interface Source {
  readonly id: string
  /** `prompt`, or an absolute path. */
  readonly from: string
}

/** Strongest first: what is typed, the environment, ansible.cfg. */
function sources({ io, options, root, ansible }: VaultRequest): Source[] {
  const unnamed = ansible.vaultIdentity ?? 'default'
  const at = (file: string, base: string) => path.resolve(base, expandHome(file, io.env.HOME ?? homedir()))
  const labelled = (text: string, base: string): Source => {
    const [, id = unnamed, from = ''] = /^(?:([^@]*)@)?(.*)$/s.exec(text) ?? []
    return { id: id || unnamed, from: /^prompt(_ask_vault_pass)?$/.test(from) ? 'prompt' : at(from, base) }
  }
  const env = io.env
  const files = (options.vaultPasswordFile as string[] | undefined) ?? []
  const ids = (options.vaultId as string[] | undefined) ?? []
  const listed = env.ANSIBLE_VAULT_IDENTITY_LIST?.split(',').map(text => labelled(text.trim(), io.cwd))
  const cfgFile = ansible.vaultPasswordFile
  const envFile = env.ANSIBLE_VAULT_PASSWORD_FILE
  return [
    ...ids.map(text => labelled(text, io.cwd)),
    ...files.map(file => ({ id: unnamed, from: at(file, io.cwd) })),
    ...((options.askVaultPass ?? ansible.askVaultPass) === true ? [{ id: unnamed, from: 'prompt' }] : []),
    ...(listed ?? ansible.vaultIdentityList?.map(text => labelled(text, root)) ?? []),
    ...(envFile ? [{ id: unnamed, from: at(envFile, io.cwd) }] : []),
    ...(cfgFile && !envFile ? [{ id: unnamed, from: at(cfgFile, root) }] : []),
  ]
}

function fromFile({ id, from }: Source, { io, runsThings }: VaultRequest): VaultPassword {
  if (isVaultProgram(from) && !runsThings) {
    const closed = `${from} is a program, and this command runs none`
    return { id, closed, read: () => null }
  }
  return { id, read: () => filled(readVaultPassword(from, { id, env: io.env }), from) }
}

async function prompted({ id }: Source, io: Io): Promise<VaultPassword> {
  const text = filled(
    await ask(io, id === 'default' ? 'Vault password' : `Vault password of ${id}`),
    'what was typed',
  )
  return { id, read: () => text }
}

async function ask(io: Io, question: string): Promise<string> {
  if (io.stdinIsTty) return askSecret(question)
  const { readAll } = await import('../io.ts')
  const [line = ''] = (await readAll(io.stdin)).split('\n')
  return line
}

function filled(password: string, from: string): string {
  if (password !== '') return password
  throw new VpaiError('VAULT_PASSWORD_EMPTY', `the vault password is empty: ${from}`, {
    hint: 'Give one: --vault-password-file FILE, or pipe it in as one line for -J.',
  })
}
