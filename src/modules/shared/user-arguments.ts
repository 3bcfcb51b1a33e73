import type { z } from 'zod'
import { argumentsOf, bool, choice, float, int, list, octal, path, text, word } from './arguments.ts'
import { withoutEffect } from './honoured.ts'

export const userSchema = () =>
  argumentsOf(
    {
      name: word(),
      state: choice(['present', 'absent']).default('present'),
      uid: int().optional(),
      non_unique: bool().default(false),
      group: text().optional(),
      groups: list().optional(),
      append: bool().default(false),
      comment: text().optional(),
      home: path().optional(),
      move_home: bool().default(false),
      create_home: bool().default(true),
      skeleton: path().optional(),
      umask: octal().optional(),
      shell: path().optional(),
      system: bool().default(false),
      password: text().optional(),
      update_password: choice(['always', 'on_create']).default('always'),
      password_lock: bool().optional(),
      password_expire_min: int().optional(),
      password_expire_max: int().optional(),
      password_expire_warn: int().optional(),
      password_expire_account_disable: int().optional(),
      uid_min: int().optional(),
      uid_max: int().optional(),
      expires: float().optional(),
      generate_ssh_key: bool().default(false),
      ssh_key_type: text().default('default'),
      ssh_key_bits: int().optional(),
      ssh_key_file: path().optional(),
      ssh_key_comment: text().optional(),
      ssh_key_passphrase: text().optional(),
      remove: bool().default(false),
      force: bool().default(false),
      local: bool().default(false),
      seuser: text().optional(),
      hidden: withoutEffect(bool().optional(), 'it is for macOS'),
      login_class: withoutEffect(text().optional(), 'it is for the BSDs'),
      profile: withoutEffect(text().optional(), 'it is for Solaris'),
      authorization: withoutEffect(text().optional(), 'it is for Solaris'),
      role: withoutEffect(text().optional(), 'it is for Solaris'),
    },
    { user: 'name', createhome: 'create_home' },
  )

export type UserArgs = z.output<ReturnType<typeof userSchema>>
