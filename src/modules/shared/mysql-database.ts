/** Arguments of mysql_db, and the programs that dump and import. */
import type { z } from 'zod'
import { quote, quoteAll } from '../../base/quote.ts'
import { argumentsOf, bool, choice, int, list, path, text } from './arguments.ts'
import { withoutEffect } from './honoured.ts'
import { MYSQL_ALIASES, mysqlAdminShape, mysqlLoginShape, mysqlProgram } from './mysql.ts'
import { splitWords } from './split-words.ts'

export const mysqlDbSchema = () =>
  argumentsOf(
    {
      name: list().refine(names => names.length > 0, 'must name a database'),
      encoding: text().default(''),
      collation: text().default(''),
      state: choice(['present', 'absent', 'dump', 'import']).default('present'),
      target: path().optional(),
      single_transaction: bool().default(false),
      quick: bool().default(true),
      ignore_tables: list().default([]),
      hex_blob: bool().default(false),
      force: bool().default(false),
      master_data: int().default(0),
      skip_lock_tables: bool().default(false),
      dump_extra_args: text().default(''),
      use_shell: withoutEffect(bool().default(false), 'the programs are joined by a shell anyway'),
      pipefail: withoutEffect(bool().default(false), 'a part of a pipe that fails is an error in any case'),
      unsafe_login_password: withoutEffect(
        bool().default(false),
        'the password is in no command line, so no shell can mistake it',
      ),
      restrict_config_file: bool().default(false),
      config_overrides_defaults: bool().default(false),
      chdir: path().optional(),
      ...mysqlAdminShape(),
      ...mysqlLoginShape(),
    },
    { ...MYSQL_ALIASES, db: 'name' },
  )
    .refine(args => args.target !== undefined || (args.state !== 'dump' && args.state !== 'import'), {
      message: 'is needed for dump and import',
      path: ['target'],
    })
    .refine(args => !args.name.includes('all') || args.state === 'dump' || args.state === 'import', {
      message: 'may be all for dump and import only',
      path: ['name'],
    })
    .refine(args => args.state !== 'import' || args.name.length === 1, {
      message: 'must be one database for an import',
      path: ['name'],
    })

export type MysqlDbArgs = z.output<ReturnType<typeof mysqlDbSchema>>

const PACKERS: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz', zst: 'zstd' }

/** `told` is what results show. A dump is written beside its target and moved when it is whole. */
export function mysqlTransfer(args: MysqlDbArgs) {
  const program = mysqlProgram(args, {
    program: args.state === 'dump' ? 'mysqldump' : 'mysql',
    isRestricted: args.restrict_config_file,
  })
  const words = args.state === 'dump' ? dumpWords(args) : importWords(args)
  const target = quote(args.target ?? '')
  const packer = PACKERS[/\.(\w+)$/.exec(args.target ?? '')?.[1] ?? '']
  const go = args.chdir === undefined ? '' : `cd -- ${quote(args.chdir)} || exit 90\n`
  const end = `mv -f -- ${target}.part ${target}`
  const db = `db_ ${words}`
  const dump =
    packer === undefined
      ? `${db} >${target}.part && ${end}`
      : `{ ${db} && : >${target}.whole; } | ${packer} >${target}.part && rm ${target}.whole && ${end}`
  const load =
    packer === undefined
      ? `${db} <${target}`
      : `${packer} -t ${target} || exit 1\n${packer} -dc ${target} | ${db}`
  const body = args.state === 'dump' ? dump : load
  return {
    script: `${program.script}\n${go}${body}`,
    env: program.env,
    told: `${args.state === 'dump' ? 'mysqldump' : 'mysql'} ${words}`,
  }
}

function dumpWords(args: MysqlDbArgs): string {
  const databases = args.name.includes('all')
    ? ['--all-databases']
    : args.name.length > 1
      ? ['--databases', ...args.name]
      : ['--', ...args.name]
  return quoteAll([
    ...(args.force ? ['--force'] : []),
    ...(args.quick ? ['--quick'] : []),
    ...(args.single_transaction ? ['--single-transaction=true'] : []),
    ...(args.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(args.hex_blob ? ['--hex-blob'] : []),
    ...(args.encoding === '' ? [] : [`--default-character-set=${args.encoding}`]),
    ...(args.master_data === 0 ? [] : [`--master-data=${args.master_data}`]),
    ...args.ignore_tables.map(table => `--ignore-table=${table}`),
    ...splitWords(args.dump_extra_args),
    ...databases,
  ])
}

function importWords(args: MysqlDbArgs): string {
  return quoteAll([
    ...(args.force ? ['-f'] : []),
    ...(args.encoding === '' ? [] : [`--default-character-set=${args.encoding}`]),
    ...(args.name.includes('all') ? [] : [`--database=${args.name[0]}`]),
  ])
}
