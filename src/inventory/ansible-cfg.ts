/** The few settings of an ansible.cfg that mean something here; the others are named, so that nobody waits for their effect. */
import type { Problem } from '../base/error.ts'

export interface AnsibleSettings {
  /** As written: relative to the file, ~ not expanded. */
  readonly inventory?: readonly string[]
  readonly rolesPath?: readonly string[]
  readonly remoteUser?: string
  readonly privateKeyFile?: string
  readonly hostKeyChecking?: boolean
  readonly forks?: number
  /** As written, like the others. */
  readonly vaultPasswordFile?: string
  /** Entries such as label@file and label@prompt. */
  readonly vaultIdentityList?: readonly string[]
  /** The label of passwords that were given without one. */
  readonly vaultIdentity?: string
}

export interface AnsibleCfg {
  readonly settings: AnsibleSettings
  /** Names of [defaults] without a meaning here. */
  readonly ignored: readonly string[]
  /** ANSIBLE_CFG_SYNTAX, ANSIBLE_CFG_VALUE, INVENTORY_HASH_MERGE. */
  readonly problems: readonly Problem[]
}

export function parseAnsibleCfg(text: string, file: string): AnsibleCfg {
  const { entries, problems } = readDefaults(text, file)
  const settings: Record<string, unknown> = {}
  const ignored: string[] = []
  for (const entry of entries) {
    const setting = SETTINGS.get(entry.name)
    if (entry.name === 'hash_behaviour' && entry.value === 'merge') problems.push(hashMerge(entry, file))
    else if (setting === undefined) ignored.push(entry.name)
    else {
      const value = setting.read(entry.value)
      if (value === undefined) problems.push(badValue(entry, setting.wants, file))
      else settings[setting.key] = value
    }
  }
  return { settings, ignored, problems }
}

interface Setting {
  readonly key: keyof AnsibleSettings
  readonly wants: string
  read(text: string): unknown
}

const SETTINGS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  // "web1,web2," is a list of hosts, not of paths: the comma at its end tells them apart.
  [
    'inventory',
    { key: 'inventory', wants: 'a path', read: text => (text.endsWith(',') ? [text] : listOf(text, ',')) },
  ],
  ['roles_path', { key: 'rolesPath', wants: 'a path', read: text => listOf(text, ':') }],
  ['remote_user', { key: 'remoteUser', wants: 'a name', read: text => text || undefined }],
  ['private_key_file', { key: 'privateKeyFile', wants: 'a path', read: text => text || undefined }],
  ['host_key_checking', { key: 'hostKeyChecking', wants: 'true or false', read: booleanOf }],
  ['vault_password_file', { key: 'vaultPasswordFile', wants: 'a path', read: text => text || undefined }],
  ['vault_identity_list', { key: 'vaultIdentityList', wants: 'a list', read: text => listOf(text, ',') }],
  ['vault_identity', { key: 'vaultIdentity', wants: 'a name', read: text => text || undefined }],
  ['forks', { key: 'forks', wants: 'a number from 1 up', read: countOf }],
])

function listOf(text: string, separator: string): string[] | undefined {
  const items = text.split(separator).map(item => item.trim())
  const filled = items.filter(item => item !== '')
  return filled.length === 0 ? undefined : filled
}

function countOf(text: string): number | undefined {
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined
}

function booleanOf(text: string): boolean | undefined {
  if (/^(true|yes|on|y|t|1)$/i.test(text)) return true
  return /^(false|no|off|n|f|0)$/i.test(text) ? false : undefined
}

interface Entry {
  readonly name: string
  readonly value: string
  readonly line: number
}

function readDefaults(text: string, file: string): { entries: Entry[]; problems: Problem[] } {
  const entries: Entry[] = []
  const problems: Problem[] = []
  let section = ''
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || /^[#;]/.test(line)) continue
    const header = /^\[([^\]]+)\]/.exec(line)
    if (header !== null) section = header[1] ?? ''
    else if (section === 'defaults' || section === '') {
      const entry = readEntry(raw, index + 1)
      if (section === 'defaults' && entry !== undefined) entries.push(entry)
      else if (!isContinuation(raw)) problems.push(notASetting(file, index + 1))
    }
  }
  return { entries, problems }
}

/** As Ansible: " ;" begins a comment behind a value, # does so only at the start of a line. */
function readEntry(raw: string, line: number): Entry | undefined {
  const parts = /^([^=:\s][^=:]*?)\s*[=:](.*)$/.exec(raw)
  if (parts === null) return undefined
  const value = (parts[2] ?? '').replace(/\s;.*$/, '').trim()
  return { name: (parts[1] ?? '').toLowerCase(), value, line }
}

function isContinuation(raw: string): boolean {
  return /^\s/.test(raw)
}

function notASetting(file: string, line: number): Problem {
  return {
    code: 'ANSIBLE_CFG_SYNTAX',
    message: 'This line is no setting of a section',
    hint: 'Write "name = value" below a section such as [defaults].',
    position: { file, line, column: 1 },
  }
}

function badValue({ name, value, line }: Entry, wants: string, file: string): Problem {
  const message = `${name} must be ${wants}, not "${value}"`
  return { code: 'ANSIBLE_CFG_VALUE', message, position: { file, line, column: 1 } }
}

function hashMerge({ line }: Entry, file: string): Problem {
  return {
    code: 'INVENTORY_HASH_MERGE',
    message: 'hash_behaviour = merge is not supported: a variable replaces the weaker one whole',
    hint: 'Join mappings where you mean it: "{{ weaker | combine(stronger, recursive=true) }}"',
    position: { file, line, column: 1 },
  }
}
