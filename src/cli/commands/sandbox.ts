/** `vpai sandbox …`: one file each, loaded when it runs. */
import type { CommandSpec, OptionSpec } from '../command.ts'

const FORM: OptionSpec = {
  flags: '--output <form>',
  description: 'plain or json',
  choices: ['plain', 'json'],
}
const NAME: OptionSpec = { flags: '--name <name>', description: 'which sandbox', default: 'default' }
const BACKEND: OptionSpec = {
  flags: '--backend <kind>',
  description: 'embedded (namespaces of this machine) or docker (a full Debian 13 host)',
  choices: ['embedded', 'docker'],
  default: 'embedded',
}

export const SANDBOX: CommandSpec = {
  name: 'sandbox',
  summary: 'throw-away hosts to try things on',
  children: [
    {
      name: 'up',
      summary: 'start one',
      options: [NAME, BACKEND],
      notes: 'Example: vpai sandbox up && vpai run playbooks/site.yml -i .vpai/sandbox/default/inventory.yml',
      load: () => import('./sandbox-up.ts'),
    },
    {
      name: 'down',
      summary: 'end it and remove all of it',
      options: [NAME],
      load: () => import('./sandbox-down.ts'),
    },
    { name: 'list', summary: 'what is running', options: [FORM], load: () => import('./sandbox-list.ts') },
  ],
}
