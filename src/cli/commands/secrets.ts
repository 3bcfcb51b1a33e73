/** `vpai secrets` and what it can do, as data. */
import type { CommandSpec, OptionSpec } from '../command.ts'
import { VAULT_OPTIONS } from '../run-options.ts'

export const IDENTITY: OptionSpec = {
  flags: '--identity <file>',
  description: 'age identity that opens the secrets file',
}
export const YES: OptionSpec = { flags: '-y, --yes', description: 'do not ask' }
export const SECRETS: CommandSpec = {
  name: 'secrets',
  summary: 'the age-encrypted secrets file',
  children: [
    {
      name: 'init',
      summary: 'make an identity and an empty secrets file',
      options: [IDENTITY],
      load: () => import('./secrets-init.ts'),
    },
    {
      name: 'edit',
      summary: 'edit it in $EDITOR',
      options: [IDENTITY],
      load: () => import('./secrets-edit.ts'),
    },
    {
      name: 'view',
      summary: 'print it in clear',
      options: [IDENTITY, YES],
      load: () => import('./secrets-view.ts'),
    },
    {
      name: 'set',
      summary: 'set one value, read from standard input or asked for',
      args: '<key>',
      options: [IDENTITY],
      load: () => import('./secrets-set.ts'),
    },
    {
      name: 'get',
      summary: 'print one value in clear',
      args: '<key>',
      options: [IDENTITY],
      load: () => import('./secrets-get.ts'),
    },
    {
      name: 'import-vault',
      summary: 'take over what ansible-vault encrypted, and refer to it from there',
      args: '[files...]',
      options: [IDENTITY, ...VAULT_OPTIONS],
      notes:
        'Without FILES the whole project is looked through. Nothing lies on the disk in clear meanwhile.',
      load: () => import('./secrets-import-vault.ts'),
    },
    {
      name: 'rekey',
      summary: 'encrypt it anew for the recipients',
      options: [IDENTITY],
      load: () => import('./secrets-rekey.ts'),
    },
    {
      name: 'recipients',
      summary: 'list, add or remove who can open it',
      args: '[action] [recipient]',
      options: [IDENTITY],
      load: () => import('./secrets-recipients.ts'),
    },
  ],
}
