/** Every command, in the order help shows them. One file each, loaded when it runs. */
import type { CommandSpec, OptionSpec } from '../command.ts'
import {
  CONNECT_OPTIONS,
  INVENTORY_OPTIONS,
  KEEP_PLAN_OPTIONS,
  OUTPUT_OPTIONS,
  PLAN_OPTIONS,
  PRUNE,
  REMOVE_OPTIONS,
  RUN_OPTIONS,
  SAVE_PLAN_OPTIONS,
} from '../run-options.ts'
import { RELEASED } from './released.ts'
import { SANDBOX } from './sandbox.ts'
import { SAVED } from './saved.ts'
import { IDENTITY, SECRETS, YES } from './secrets.ts'

const FORM: OptionSpec = {
  flags: '--output <form>',
  description: 'plain or json',
  choices: ['plain', 'json'],
}
/** Of those who only reach a host and run nothing on it. */
const LOGIN_OPTIONS = CONNECT_OPTIONS.filter(option =>
  /^(-u|-k|--private-key|--timeout)\b/.test(option.flags),
)
const CONNECTION: OptionSpec = { flags: '-c, --connection <kind>', description: 'ssh or local' }
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'start a project in this folder',
    args: '[folder]',
    load: () => import('./init.ts'),
  },
  {
    name: 'wizard',
    summary: 'ask what is needed and write inventory and secrets',
    options: [
      { flags: '--answers <file>', description: 'take the answers from a YAML file and ask nothing' },
      {
        flags: '--system <name>',
        description: 'which system to set up',
        choices: ['vpai', 'atlas', 'homelab'],
        repeat: true,
      },
      IDENTITY,
    ],
    load: () => import('./wizard.ts'),
  },
  {
    name: 'deploy',
    summary: "run the project's site playbook on an environment",
    args: '[env]',
    options: [
      ...RUN_OPTIONS,
      PRUNE,
      ...KEEP_PLAN_OPTIONS,
      { flags: '--rollback-on-failure', description: 'go back to the release before when a host failed' },
      { flags: '--no-snapshot', description: 'keep no data of roles before the first change' },
    ],
    notes:
      'ENV is an inventory group; with --plan it stands in the plan. Exit: 0 fine, 1 usage or configuration, 2 a host failed, 4 unreachable, 99 interrupted.',
    load: () => import('./deploy.ts'),
  },
  {
    name: 'plan',
    summary: 'show what a deploy would change, and change nothing',
    args: '<env>',
    options: [...PLAN_OPTIONS, PRUNE, ...SAVE_PLAN_OPTIONS],
    notes: 'Exit: 0 nothing to do, 2 changes, 3 a host failed, 4 unreachable.',
    load: () => import('./plan.ts'),
  },
  {
    name: 'run',
    summary: 'run any playbook with any inventory',
    args: '<playbooks...>',
    options: RUN_OPTIONS,
    load: () => import('./run.ts'),
  },
  {
    name: 'remove',
    summary: 'take away what a role has brought to the hosts',
    args: '<role> [pattern]',
    options: REMOVE_OPTIONS,
    notes: 'Shows it and asks first. Exit: 0 fine, 1 usage, 2 a host failed, 4 unreachable.',
    load: () => import('./remove.ts'),
  },
  {
    name: 'resume',
    summary: 'go on with the last deploy or run that did not come to its end',
    notes: 'Everything is looked at again; what its commands gave back is taken from the hosts.',
    load: () => import('./resume.ts'),
  },
  {
    name: 'lock',
    summary: 'show which run is at work on which host',
    args: '[pattern]',
    options: [
      ...INVENTORY_OPTIONS,
      ...CONNECT_OPTIONS,
      { flags: '--wait <seconds>', description: 'wait this long until none is' },
    ],
    notes: 'Exit: 0 all are free, 2 one is not, 4 unreachable.',
    load: () => import('./lock.ts'),
  },
  {
    name: 'history',
    summary: 'the releases of an environment',
    args: '<env>',
    options: [...INVENTORY_OPTIONS, ...CONNECT_OPTIONS, FORM],
    notes: 'A deploy that changed something leaves a release on the hosts. Exit: 0 fine, 4 unreachable.',
    load: () => import('./history.ts'),
  },
  {
    name: 'show',
    summary: 'what the hosts had at a release',
    args: '<release> <env>',
    options: [...INVENTORY_OPTIONS, ...CONNECT_OPTIONS, FORM],
    load: () => import('./show.ts'),
  },
  {
    name: 'diff',
    summary: 'what differs between two releases',
    args: '<from> <to> <env>',
    options: [...INVENTORY_OPTIONS, ...CONNECT_OPTIONS, FORM],
    notes:
      'Contents that not everybody on the host may read are compared, not shown. Exit: 0 no difference, 2 some, 4 unreachable.',
    load: () => import('./diff.ts'),
  },
  ...RELEASED,
  ...SAVED,
  {
    name: 'lint',
    summary: 'what may hurt in playbooks, roles and variables',
    args: '[playbooks...]',
    options: [
      ...INVENTORY_OPTIONS,
      { flags: '--fix', description: 'mend what can be mended without changing its meaning' },
      { flags: '--strict', description: 'remarks count too' },
      { flags: '--list-rules', description: 'all rules, and nothing else' },
      {
        flags: '--output <form>',
        description: 'pretty, plain, json or sarif',
        choices: ['pretty', 'plain', 'json', 'sarif'],
      },
    ],
    notes:
      'Without playbooks: all of the project, and all its roles. Exit: 0 clean, 1 usage, 2 something was found.',
    load: () => import('./lint.ts'),
  },
  {
    name: 'inventory',
    summary: 'show hosts, groups and variables',
    args: '[pattern]',
    options: [
      ...INVENTORY_OPTIONS,
      FORM,
      { flags: '--list', description: 'all of it, as ansible-inventory and inventory programs print it' },
      { flags: '--host <name>', description: 'the variables of one host, as JSON' },
      { flags: '--yaml', description: 'with --list: as an inventory file' },
      { flags: '--graph', description: 'groups as a tree, from the group PATTERN' },
      { flags: '--run-programs', description: 'run inventory programs and password programs for it' },
      { flags: '--vars', description: 'with variables' },
    ],
    load: () => import('./inventory.ts'),
  },
  {
    name: 'explain',
    summary: 'which value of a variable won on a host, which lost, and where each is written',
    args: '<host> <key>',
    options: [...INVENTORY_OPTIONS, FORM],
    load: () => import('./explain.ts'),
  },
  {
    name: 'services',
    summary: 'what the service.yml of the roles declare: images, networks, host names, databases, health',
    args: '[env]',
    options: [
      ...INVENTORY_OPTIONS,
      {
        flags: '--output <form>',
        description: 'pretty, plain or json',
        choices: ['pretty', 'plain', 'json'],
      },
    ],
    notes: 'With ENV: with the variables of each of its hosts. Without: as it is written.',
    load: () => import('./services.ts'),
  },
  SECRETS,
  {
    name: 'exec',
    summary: 'run a command on hosts',
    args: '<pattern> [command...]',
    options: [...INVENTORY_OPTIONS, ...CONNECT_OPTIONS, ...OUTPUT_OPTIONS],
    notes: 'Example: vpai exec prod -- uptime',
    load: () => import('./exec.ts'),
  },
  {
    name: 'trust',
    summary: "show a host's key and remember it",
    args: '<host>',
    options: [
      ...INVENTORY_OPTIONS,
      ...LOGIN_OPTIONS,
      { ...YES, description: 'do not ask; a changed key is refused all the same' },
    ],
    notes:
      'HOST is a host of the inventory, or an address. The key goes to inventory/known_hosts of the project.',
    load: () => import('./trust.ts'),
  },
  {
    name: 'ssh',
    summary: 'log in to a host of the inventory',
    args: '<host> [command...]',
    options: [...INVENTORY_OPTIONS, ...LOGIN_OPTIONS],
    notes: 'Example: vpai ssh web1 -- journalctl -f',
    load: () => import('./ssh.ts'),
  },
  {
    name: 'logs',
    summary: 'the last log lines of a service',
    args: '<service>',
    options: [
      ...INVENTORY_OPTIONS,
      ...CONNECT_OPTIONS,
      { flags: '-n, --lines <n>', description: 'how many lines', default: '100' },
    ],
    load: () => import('./logs.ts'),
  },
  {
    name: 'restart',
    summary: 'restart a service',
    args: '<service>',
    options: [...INVENTORY_OPTIONS, ...CONNECT_OPTIONS, YES],
    load: () => import('./restart.ts'),
  },
  {
    name: 'doctor',
    summary: 'what is missing on this machine and on the hosts',
    args: '[pattern]',
    options: [...INVENTORY_OPTIONS, ...LOGIN_OPTIONS, CONNECTION, FORM],
    notes:
      'Without a pattern only this machine is looked at. Exit: 0 fine, 2 something failed, 4 a host was not reached.',
    load: () => import('./doctor.ts'),
  },
  SANDBOX,
  {
    name: 'completion',
    summary: 'completion script for a shell',
    args: '<shell>',
    notes: 'Shells: bash, zsh, fish. Example: source <(vpai completion bash)',
    load: () => import('./completion.ts'),
  },
  {
    name: '__complete',
    summary: 'words that may come next',
    args: '[words...]',
    hidden: true,
    load: () => import('./complete.ts'),
  },
  {
    name: '__sandbox-ssh-server',
    summary: "the embedded sandbox's own SSH end",
    args: '[words...]',
    hidden: true,
    load: () => import('./sandbox-ssh-server.ts'),
  },
]
