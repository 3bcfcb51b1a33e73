import type { Task } from '../../config/model.ts'
import { commandLine, isLoose } from '../command-line.ts'
import type { Rule } from '../contract.ts'

export const commandInsteadOfModule: Rule = {
  id: 'command-instead-of-module',
  severity: 'warning',
  summary: 'a command where a module does the same',
  why: 'A module looks first, so it can tell in check mode what it would change, and changes nothing twice.',
  check: ({ tasks }) =>
    tasks.flatMap(({ task }) => {
      const found = moduleFor(task)
      if (found === null) return []
      const { program, module } = found
      return [
        { message: `${program} is run as a command: the module ${module} does it`, position: task.position },
      ]
    }),
}

interface Replacement {
  readonly program: string
  readonly module: string
}

function moduleFor(task: Task): Replacement | null {
  if (!isLoose(task)) return null
  const words = commandLine(task).trim().split(/\s+/)
  const program = (words[0] ?? '').replace(/^.*\//, '')
  const module = MODULES[program]
  const rest = words.slice(1).filter(word => !word.startsWith('-'))
  if (module === undefined || NO_MODULE_DOES[program]?.has(rest[0] ?? '') === true) return null
  if (program === 'sed' && !words.some(word => /^-[a-zA-Z]*i/.test(word))) return null
  return { program, module }
}

const MODULES: Readonly<Record<string, string>> = {
  apt: 'apt',
  'apt-get': 'apt',
  'apt-key': 'deb822_repository',
  chmod: 'file',
  chown: 'file',
  cp: 'copy',
  crontab: 'cron',
  curl: 'get_url or uri',
  dnf: 'dnf',
  'firewall-cmd': 'firewalld',
  git: 'git',
  groupadd: 'group',
  hostnamectl: 'hostname',
  iptables: 'iptables',
  ln: 'file',
  mkdir: 'file',
  modprobe: 'modprobe',
  mount: 'mount',
  npm: 'npm',
  pip: 'pip',
  pip3: 'pip',
  rm: 'file',
  rsync: 'synchronize',
  sed: 'lineinfile or replace',
  service: 'service',
  setsebool: 'seboolean',
  sysctl: 'sysctl',
  systemctl: 'systemd',
  tar: 'unarchive or archive',
  timedatectl: 'timezone',
  touch: 'file',
  ufw: 'ufw',
  umount: 'mount',
  unzip: 'unarchive',
  useradd: 'user',
  usermod: 'user',
  wget: 'get_url',
  yum: 'dnf',
}

/** Sub-commands that only look, or that no module has. */
const NO_MODULE_DOES: Readonly<Record<string, ReadonlySet<string>>> = {
  git: new Set([
    'branch',
    'config',
    'describe',
    'log',
    'ls-remote',
    'rev-parse',
    'show',
    'status',
    'tag',
    'diff',
  ]),
  systemctl: new Set([
    'cat',
    'is-active',
    'is-enabled',
    'is-failed',
    'is-system-running',
    'kill',
    'list-units',
    'list-unit-files',
    'list-timers',
    'set-default',
    'show',
    'status',
  ]),
  npm: new Set(['audit', 'config', 'run', 'test', 'view']),
  ufw: new Set(['status', 'show']),
  apt: new Set(['list', 'show', 'search']),
  'apt-get': new Set(['changelog', 'source']),
  crontab: new Set(['']),
  mount: new Set(['']),
  pip: new Set(['freeze', 'list', 'show', 'check']),
  pip3: new Set(['freeze', 'list', 'show', 'check']),
  timedatectl: new Set(['', 'show', 'status', 'timesync-status']),
  hostnamectl: new Set(['', 'status']),
  dnf: new Set(['list', 'info', 'repolist', 'search', 'makecache']),
}
