/** Arguments of postgresql_db, and the programs that dump and restore. */
import type { z } from 'zod'
import { quote, quoteAll } from '../../base/quote.ts'
import { argumentsOf, bool, choice, text, word } from './arguments.ts'
import { LOGIN_ALIASES, loginShape } from './postgres.ts'
import { splitWords } from './split-words.ts'

export const databaseSchema = () =>
  argumentsOf(
    {
      name: word(),
      owner: text().default(''),
      template: text().default(''),
      encoding: text().default(''),
      lc_collate: text().default(''),
      lc_ctype: text().default(''),
      conn_limit: text()
        .default('')
        .refine(limit => /^(-?\d+)?$/.test(limit), 'must be a whole number'),
      tablespace: text().default(''),
      state: choice(['present', 'absent', 'dump', 'restore', 'rename']).default('present'),
      target: text().default(''),
      target_opts: text().default(''),
      dump_extra_args: text().default(''),
      force: bool().default(false),
      maintenance_db: text().default('postgres'),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, db: 'name', login_db: 'maintenance_db' },
  ).refine(args => !['dump', 'restore', 'rename'].includes(args.state) || args.target !== '', {
    message: 'is needed for dump, restore and rename',
    path: ['target'],
  })

export type DatabaseArgs = z.output<ReturnType<typeof databaseSchema>>

/** The form follows from the end of the target's name. The environment says which server and database. */
export function transferScript(args: DatabaseArgs): string {
  return args.state === 'dump' ? dump(args) : restore(args)
}

const PACKERS: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' }

function dump(args: DatabaseArgs): string {
  const options = [...splitWords(args.target_opts), ...splitWords(args.dump_extra_args)]
  const form = { tar: 't', pgc: 'c', dir: 'd' }[ending(args.target)]
  const words = ['pg_dump', '-w', ...(form === undefined ? [] : [`--format=${form}`]), ...options]
  if (form === 'd') return quoteAll([...words, `--file=${args.target}`])
  const packer = PACKERS[ending(args.target)]
  const file = quote(args.target)
  // Written beside and moved, so a dump that breaks off leaves the former one.
  const end = `mv -f -- ${file}.part ${file}`
  if (packer === undefined) return `${quoteAll(words)} >${file}.part && ${end}`
  return `{ ${quoteAll(words)} && : >${file}.whole; } | ${packer} >${file}.part && rm ${file}.whole && ${end}`
}

function restore(args: DatabaseArgs): string {
  const options = splitWords(args.target_opts)
  const file = quote(args.target)
  const form = { tar: 'Tar', pgc: 'Custom', dir: 'Directory' }[ending(args.target)]
  if (form !== undefined)
    return `[ -e ${file} ] || { echo 'there is no '${file} >&2; exit 1; }
${quoteAll(['pg_restore', '-w', `--format=${form}`, `--dbname=${args.name}`, ...options])} ${file}`
  const psql = quoteAll(['psql', '-X', '-q', '-w', '-v', 'ON_ERROR_STOP=1', ...options])
  const packer = PACKERS[ending(args.target)]
  if (packer === undefined) return `${psql} >/dev/null <${file}`
  return `${packer} -t ${file} || exit 1
${packer} -dc ${file} | ${psql} >/dev/null`
}

function ending(file: string): string {
  return /\.(\w+)$/.exec(file)?.[1] ?? ''
}
