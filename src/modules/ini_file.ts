import type { z } from 'zod'
import { argumentsOf, bool, choice, list, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { editFile, editKeys } from './shared/edit-file.ts'
import { editIni } from './shared/edit-ini.ts'
import { withHome } from './shared/home.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      section: text().optional(),
      option: text().optional(),
      value: text().optional(),
      values: list().optional(),
      state: choice(['present', 'absent']).default('present'),
      exclusive: bool().default(true),
      backup: bool().default(false),
      create: bool().default(true),
      follow: bool().default(false),
      allow_no_value: bool().default(false),
      no_extra_spaces: bool().default(false),
      ignore_spaces: bool().default(false),
      modify_inactive_option: bool().default(true),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, dest: 'path' },
  )
    .refine(args => args.value === undefined || args.values === undefined, 'give one of value and values')
    .refine(
      args =>
        args.state === 'absent' ||
        args.option === undefined ||
        args.allow_no_value ||
        (args.value ?? args.values) !== undefined,
      'value is required for an option, unless allow_no_value is set',
    )

export type IniFileArgs = z.output<ReturnType<typeof schema>>

/** Keeps an option of an INI file; comments and everything else stay as they are. */
export const iniFile = withHome<IniFileArgs>(
  () => ['path'],
  defineFileModule({
    name: 'ini_file',
    summary: 'Keeps an option of an INI file',
    args: schema,
    settles: true,
    foreseeable: () => 'by files',
    keys: args => editKeys(args),
    decide(args, seen, ctx) {
      const whenAbsent = args.state === 'absent' ? 'ok' : args.create ? 'create' : 'fail'
      const edit = (before: string) => editIni(args, before)
      return editFile({ args, whenAbsent, edit, follow: args.follow }, seen, ctx)
    },
  }),
)
