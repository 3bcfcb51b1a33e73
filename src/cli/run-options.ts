/** Flags of everything that runs plays: the ones `ansible-playbook` users know, with the same letters. */
import type { OptionSpec } from './command.ts'

/** For what ansible-vault encrypted. */
export const VAULT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--vault-password-file <file>',
    description: 'password of ansible-vault files; a program is run for it',
    repeat: true,
  },
  {
    flags: '--vault-id <id>',
    description: 'label@file or label@prompt, for several passwords',
    repeat: true,
  },
  { flags: '-J, --ask-vault-pass', description: 'ask for the password of ansible-vault files' },
]

export const INVENTORY_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '-i, --inventory <path>',
    description: 'inventory file, folder, or host list with commas',
    repeat: true,
  },
  {
    flags: '-e, --extra-vars <vars>',
    description: 'k=v, JSON or @file; wins over all other variables',
    repeat: true,
  },
  { flags: '-l, --limit <pattern>', description: 'only these hosts; @retry: those that failed last' },
  { flags: '--identity <file>', description: 'age identity that opens the secrets file' },
  ...VAULT_OPTIONS,
]

export const SELECT_OPTIONS: readonly OptionSpec[] = [
  { flags: '-t, --tags <tags>', description: 'only tasks with one of these tags', repeat: true },
  { flags: '--skip-tags <tags>', description: 'no tasks with one of these tags', repeat: true },
  { flags: '--start-at-task <name>', description: 'begin with the task of this name' },
  { flags: '--list-tasks', description: 'show the tasks and run nothing' },
  { flags: '--list-tags', description: 'show the tags and run nothing' },
  { flags: '--list-hosts', description: 'show the hosts of each play and run nothing' },
  { flags: '--syntax-check', description: 'load everything, report all problems, run nothing' },
  {
    flags: '--roles-path <path>',
    description: 'more folders to find roles in, before the ones that ship',
    repeat: true,
  },
]

export const CONNECT_OPTIONS: readonly OptionSpec[] = [
  { flags: '-u, --user <user>', description: 'log in as this user' },
  { flags: '-k, --ask-pass', description: 'ask for the login password' },
  { flags: '--private-key <file>', description: 'log in with this key' },
  { flags: '-c, --connection <kind>', description: 'ssh or local' },
  { flags: '--timeout <seconds>', description: 'give up connecting after this long' },
  { flags: '-b, --become', description: 'act as root (or --become-user)' },
  { flags: '--become-user <user>', description: 'user to act as' },
  { flags: '--become-method <method>', description: 'sudo, su or doas', choices: ['sudo', 'su', 'doas'] },
  { flags: '-K, --ask-become-pass', description: 'ask for the password of sudo or su' },
  { flags: '-f, --forks <n>', description: 'hosts worked on at a time' },
]

/** Of commands that look and tell. */
export const ANSWER_FORM: OptionSpec = {
  flags: '--output <form>',
  description: 'pretty, plain, json or ndjson',
  choices: ['pretty', 'plain', 'json', 'ndjson'],
}

export const OUTPUT_OPTIONS: readonly OptionSpec[] = [
  { flags: '-v, --verbose', description: 'more; -vv and -vvv still more', count: true },
  {
    flags: '--output <form>',
    description: 'pretty, plain, json or ndjson',
    choices: ['pretty', 'plain', 'json', 'ndjson'],
  },
  { flags: '-D, --diff', description: 'show what changes inside files' },
  { flags: '--profile', description: 'tell at the end where the time went' },
]

const APPLY_OPTIONS: readonly OptionSpec[] = [
  { flags: '-C, --check', description: 'say what would change, change nothing' },
  { flags: '--force-handlers', description: 'run handlers even where a task failed' },
  { flags: '--lock-timeout <seconds>', description: 'wait this long for another run on a host' },
  { flags: '-y, --yes', description: 'do not ask before acting on production' },
]

export const RUN_OPTIONS: readonly OptionSpec[] = [
  ...INVENTORY_OPTIONS,
  ...SELECT_OPTIONS,
  ...APPLY_OPTIONS,
  ...CONNECT_OPTIONS,
  ...OUTPUT_OPTIONS,
]

export const PLAN_OPTIONS: readonly OptionSpec[] = [
  ...INVENTORY_OPTIONS,
  ...SELECT_OPTIONS,
  ...CONNECT_OPTIONS,
  ...OUTPUT_OPTIONS,
]

export const PRUNE: OptionSpec = {
  flags: '--prune',
  description: 'remove what the playbook once declared and no longer does',
}

export const REMOVE_OPTIONS: readonly OptionSpec[] = [
  ...INVENTORY_OPTIONS,
  ...APPLY_OPTIONS.filter(option => !option.flags.startsWith('--force')),
  ...CONNECT_OPTIONS,
  ...OUTPUT_OPTIONS,
]

export const SAVE_PLAN_OPTIONS: readonly OptionSpec[] = [
  { flags: '-o, --save <file>', description: 'write the plan into a file, for deploy --plan' },
]

export const KEEP_PLAN_OPTIONS: readonly OptionSpec[] = [
  { flags: '--plan <file>', description: 'do what this saved plan says and nothing else, or refuse' },
  { flags: '--max-age <time>', description: 'with --plan: refuse one older than this, as in 30m, 12h or 7d' },
]

export const ROLLBACK_OPTIONS: readonly OptionSpec[] = [
  ...INVENTORY_OPTIONS,
  ...CONNECT_OPTIONS,
  ...OUTPUT_OPTIONS,
  { flags: '--to <release>', description: 'this one; left out: the one that is likely to be meant' },
  {
    flags: '--service <names>',
    description: 'only these services of compose, and the files of their projects',
    repeat: true,
  },
  {
    flags: '--with-data',
    description: 'the data that was kept before the next release comes back as well',
  },
  { flags: '--no-snapshot', description: 'with --with-data: do not keep the present data first' },
  { flags: '--wait <seconds>', description: 'wait this long for containers to be healthy (120)' },
  { flags: '-C, --check', description: 'say what would be done, do nothing' },
  { flags: '--lock-timeout <seconds>', description: 'wait this long for another run on a host' },
  { flags: '-y, --yes', description: 'do not ask' },
]
