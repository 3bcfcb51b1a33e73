/** The settings of an ansible.cfg that mean something here; others that would matter are named, so that nobody waits for their effect. */
import type { Problem } from '../base/error.ts'

export interface AnsibleSettings {
  /** As written: relative to the file, ~ not expanded. */
  readonly inventory?: readonly string[]
  readonly rolesPath?: readonly string[]
  readonly remoteUser?: string
  readonly remotePort?: number
  readonly privateKeyFile?: string
  readonly hostKeyChecking?: boolean
  readonly forks?: number
  /** Seconds to connect. */
  readonly timeout?: number
  readonly askPass?: boolean
  readonly forceHandlers?: boolean
  readonly gathering?: Gathering
  readonly factCaching?: FactCaching
  /** A folder. */
  readonly factCachingConnection?: string
  /** Seconds; 0: for ever. */
  readonly factCachingTimeout?: number
  readonly factCachingPrefix?: string
  readonly become?: boolean
  readonly becomeUser?: string
  readonly becomeMethod?: string
  readonly becomeAskPass?: boolean
  readonly diffAlways?: boolean
  readonly sshArgs?: string
  readonly sshCommonArgs?: string
  readonly sshExtraArgs?: string
  /** As written, like the others. */
  readonly vaultPasswordFile?: string
  /** Entries such as label@file and label@prompt. */
  readonly vaultIdentityList?: readonly string[]
  /** The label of passwords that were given without one. */
  readonly vaultIdentity?: string
  readonly askVaultPass?: boolean
}

/** smart: facts of a host that are known already are not gathered again. */
export type Gathering = 'implicit' | 'explicit' | 'smart'
export type FactCaching = 'memory' | 'jsonfile'

export interface AnsibleCfg {
  readonly settings: AnsibleSettings
  /** Names that would change what happens and have no meaning here; how Ansible looks and works is not among them. */
  readonly ignored: readonly string[]
  /** ANSIBLE_CFG_SYNTAX, ANSIBLE_CFG_VALUE, INVENTORY_HASH_MERGE; the warnings ANSIBLE_CFG_IGNORED, ANSIBLE_CFG_HOST_KEYS. */
  readonly problems: readonly Problem[]
}

export function parseAnsibleCfg(text: string, file: string): AnsibleCfg {
  const { entries, problems } = readEntries(text, file)
  const settings: Record<string, unknown> = {}
  const ignored: string[] = []
  for (const entry of entries) {
    const setting = SETTINGS.get(`${entry.section}.${entry.name}`)
    if (entry.name === 'hash_behaviour' && entry.value === 'merge') problems.push(hashMerge(entry, file))
    else if (setting === undefined) {
      if (!isAboutAnsible(entry)) ignored.push(entry.name)
    } else {
      const value = setting.read(entry.value)
      if (value === undefined) problems.push(badValue(entry, setting.wants, file))
      else settings[setting.key] = value
    }
  }
  return { settings, ignored, problems: [...problems, ...warnings(settings, ignored, file)] }
}

interface Setting {
  readonly key: keyof AnsibleSettings
  readonly wants: string
  read(text: string): unknown
}

const name = (key: keyof AnsibleSettings): Setting => ({
  key,
  wants: 'a name',
  read: text => text || undefined,
})
const place = (key: keyof AnsibleSettings): Setting => ({
  key,
  wants: 'a path',
  read: text => text || undefined,
})
const yes = (key: keyof AnsibleSettings): Setting => ({ key, wants: 'true or false', read: booleanOf })
const count = (key: keyof AnsibleSettings): Setting => ({ key, wants: 'a number from 1 up', read: countOf })
const oneOf = (key: keyof AnsibleSettings, values: readonly string[]): Setting => ({
  key,
  wants: values.join(' or '),
  read: text =>
    values.find(value => text.replace(/^(?:ansible\.builtin|community\.general)\./, '') === value),
})

const SETTINGS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  // "web1,web2," is a list of hosts, not of paths: the comma at its end tells them apart.
  [
    'defaults.inventory',
    { key: 'inventory', wants: 'a path', read: text => (text.endsWith(',') ? [text] : listOf(text, ',')) },
  ],
  ['defaults.roles_path', { key: 'rolesPath', wants: 'a path', read: text => listOf(text, ':') }],
  ['defaults.remote_user', name('remoteUser')],
  ['defaults.remote_port', count('remotePort')],
  ['defaults.private_key_file', place('privateKeyFile')],
  ['defaults.host_key_checking', yes('hostKeyChecking')],
  ['ssh_connection.host_key_checking', yes('hostKeyChecking')],
  ['defaults.forks', count('forks')],
  ['defaults.timeout', count('timeout')],
  ['ssh_connection.timeout', count('timeout')],
  ['defaults.ask_pass', yes('askPass')],
  ['defaults.force_handlers', yes('forceHandlers')],
  ['defaults.gathering', oneOf('gathering', ['implicit', 'explicit', 'smart'])],
  ['defaults.fact_caching', oneOf('factCaching', ['memory', 'jsonfile'])],
  ['defaults.fact_caching_connection', place('factCachingConnection')],
  [
    'defaults.fact_caching_timeout',
    {
      key: 'factCachingTimeout',
      wants: 'a number of seconds',
      read: text => (text === '0' ? 0 : countOf(text)),
    },
  ],
  ['defaults.fact_caching_prefix', name('factCachingPrefix')],
  ['privilege_escalation.become', yes('become')],
  ['privilege_escalation.become_user', name('becomeUser')],
  ['privilege_escalation.become_method', oneOf('becomeMethod', ['sudo', 'su', 'doas'])],
  ['privilege_escalation.become_ask_pass', yes('becomeAskPass')],
  ['diff.always', yes('diffAlways')],
  ['ssh_connection.ssh_args', name('sshArgs')],
  ['ssh_connection.ssh_common_args', name('sshCommonArgs')],
  ['ssh_connection.ssh_extra_args', name('sshExtraArgs')],
  ['defaults.vault_password_file', place('vaultPasswordFile')],
  [
    'defaults.vault_identity_list',
    { key: 'vaultIdentityList', wants: 'a list', read: text => listOf(text, ',') },
  ],
  ['defaults.vault_identity', name('vaultIdentity')],
  ['defaults.ask_vault_pass', yes('askVaultPass')],
])

/** How Ansible looks, where it finds its own parts, Python, and how its ssh is sped up: nobody waits for an effect. */
const ABOUT_ANSIBLE =
  /^(?:nocows|cow_|.*callback|callbacks_|bin_ansible|log_|no_log|display_|deprecation_warnings|command_warnings|system_warnings|localhost_warning|devel_warning|action_warnings|interpreter_python|python_|retry_files|force_color|nocolor|show_|verbosity|local_tmp|remote_tmp|ansible_managed|ansible_home|transport|internal_poll|poll_interval|library|module_utils|collections?_|.*_plugins$|module_(?:name|set_locale|lang|compression)|executable|pipelining|control_path|scp_|sftp_|transfer_method|ssh_executable|retries|reconnection_retries|use_tty|usetty|enable_plugins|ignore_(?:extensions|patterns)|allow_world_readable|keep_remote_files|stdout_|check_mode_markers|hash_behaviour|gather_timeout|callable_|connection_facts|error_on_missing|injects?_|inject_facts|cliconf|netconf|persistent|max_diff_size|jinja2_native|task_timeout|duplicate_dict_key|host_pattern_mismatch|context)/
const OTHER_SECTIONS =
  /^(?:galaxy|colors|inventory|persistent_connection|paramiko_connection|accelerate|selinux|jinja2|tags|callback_.*)$/

function isAboutAnsible({ section, name: key }: Entry): boolean {
  return OTHER_SECTIONS.test(section) || ABOUT_ANSIBLE.test(key)
}

function warnings(settings: AnsibleSettings, ignored: readonly string[], file: string): Problem[] {
  const position = { file, line: 1, column: 1 }
  const found: Problem[] = []
  if (ignored.length > 0) {
    const message = `These settings of ${file} have no effect here: ${[...new Set(ignored)].join(', ')}`
    found.push({ code: 'ANSIBLE_CFG_IGNORED', message, severity: 'warning', position })
  }
  if (settings.hostKeyChecking === false) {
    const message = `host_key_checking = false: unknown host keys are taken and remembered, a changed one is an error all the same`
    const hint = 'Without it unknown keys are refused; `vpai trust HOST` looks at one.'
    found.push({ code: 'ANSIBLE_CFG_HOST_KEYS', message, hint, severity: 'warning', position })
  }
  return found
}

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
  readonly section: string
  readonly name: string
  readonly value: string
  readonly line: number
}

function readEntries(text: string, file: string): { entries: Entry[]; problems: Problem[] } {
  const entries: Entry[] = []
  const problems: Problem[] = []
  let section = ''
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || /^[#;]/.test(line)) continue
    const header = /^\[([^\]]+)\]/.exec(line)
    const entry = readEntry(raw, { section, line: index + 1 })
    if (header !== null) section = header[1] ?? ''
    else if (section !== '' && entry !== undefined) entries.push(entry)
    else if (!isContinuation(raw)) problems.push(notASetting(file, index + 1))
  }
  return { entries, problems }
}

/** As Ansible: " ;" begins a comment behind a value, # does so only at the start of a line. */
function readEntry(raw: string, at: Pick<Entry, 'section' | 'line'>): Entry | undefined {
  const parts = /^([^=:\s][^=:]*?)\s*[=:](.*)$/.exec(raw)
  if (parts === null) return undefined
  const value = (parts[2] ?? '').replace(/\s;.*$/, '').trim()
  return { ...at, name: (parts[1] ?? '').toLowerCase(), value }
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

function badValue({ name: key, value, line }: Entry, wants: string, file: string): Problem {
  const message = `${key} must be ${wants}, not "${value}"`
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
