import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { askYes } from '../ask.ts'
import { askProgram, type ProgramAnswers } from '../backups/host-program.ts'
import { restorePlays } from '../backups/restore-plays.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { play } from '../play.ts'
import { sitePlaybook } from '../project/site-playbook.ts'
import { noProgram } from './backup.ts'

/** vpai backup-restore ENV WHAT…: the newest backup of each comes back; what uses the data stands still meanwhile. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = '', ...what] = args
  const command = `backup-restore ${env}`
  if (options.list === true) return list({ io, options, env, command })
  const words = prepareWords(what, options, env)
  const looked = await askProgram({ io, options, command, env, words: ['prepare', '--look', ...words] })
  for (const [host, { reason }] of looked.silent) io.err.write(`${host}: ${reason}\n`)
  if (looked.code !== EXIT.fine) return looked.code
  if (looked.said.size === 0) throw noProgram(env)
  const hosts = [...looked.said].filter(([, lines]) => lines.some(([word]) => word === 'chosen'))
  if (hosts.length === 0) throw unknownItem(looked, env)
  for (const [host, lines] of hosts)
    for (const [word, one, , when, about] of lines)
      if (word === 'chosen')
        io.out.write(`${host}: ${one} of ${when} comes back (${about}); what was written since is lost\n`)
  if (options.check === true) return EXIT.changes
  // What was shown comes back, and not what was made while somebody thought about it.
  const chosen = new Map(hosts.map(([host, lines]) => [host, [...expecting(lines), ...words]]))
  if (options.yes !== true && !(await confirmed({ io, env, what }))) return EXIT.usage
  return play({
    io,
    options,
    command,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project => [sitePlaybook(project, env)],
    instead: (project, { data }) => {
      requireRoles(data.roles, hosts)
      return restorePlays({ project, data, hosts: chosen })
    },
    extraVars: { target_env: env },
    within: env,
  })
}

function expecting(lines: readonly (readonly string[])[]): readonly string[] {
  return lines.flatMap(([word, what, name]) => (word === 'chosen' ? ['--expect', `${what}=${name}`] : []))
}

/** Throws BACKUP_NO_RESTORE. */
function requireRoles(
  known: readonly string[],
  hosts: readonly (readonly [string, readonly (readonly string[])[]])[],
) {
  const needed = hosts.flatMap(([, lines]) =>
    lines.flatMap(([word = '']) => /^role:(.*)$/.exec(word)?.[1] ?? []),
  )
  const missing = needed.find(role => !known.includes(role))
  if (missing === undefined) return
  throw new VpaiError('BACKUP_NO_RESTORE', `no role ${missing} of the site playbook has tasks/restore.yml`, {
    hint: 'The role that declares the item says there how its data comes back.',
  })
}

interface Asked {
  readonly io: Invocation['io']
  readonly options: Invocation['options']
  readonly env: string
  readonly command: string
}

async function list({ io, options, env, command }: Asked): Promise<number> {
  const { code, said, silent } = await askProgram({ io, options, command, env, words: ['list'] })
  for (const [host, { reason }] of silent) io.err.write(`${host}: ${reason}\n`)
  if (code === EXIT.fine && said.size === 0) throw noProgram(env)
  const all = [...said].flatMap(([host, lines]) =>
    lines.map(([item = '', name = '', at = '0', kind = '', about = '', databases = '']) => ({
      ...{ host, item, name, kind, about },
      at: new Date(Number(at) * 1000).toISOString(),
      databases: databases.split(' ').filter(Boolean),
    })),
  )
  if (options.output === 'json')
    io.out.write(`${JSON.stringify({ version: 1, env, backups: all }, null, 2)}\n`)
  else
    for (const { host, item, name, about, databases } of all)
      io.out.write(
        `${host}  ${item}  ${name}  ${about}${databases.length === 0 ? '' : `  ${databases.join(' ')}`}\n`,
      )
  if (all.length === 0 && said.size > 0) io.err.write('There are no backups yet: `vpai backup` makes one.\n')
  return code
}

/** Throws BACKUP_NOTHING_CHOSEN. */
function prepareWords(what: readonly string[], options: Asked['options'], env: string): readonly string[] {
  if ((what.length === 0) !== (options.all === true)) {
    throw new VpaiError('BACKUP_NOTHING_CHOSEN', 'what is to come back: some items, or all of them', {
      hint: `vpai backup-restore ${env} postgresql/n8n; --all for everything; --list shows what there is.`,
    })
  }
  return [
    ...(typeof options.at === 'string' ? ['--at', options.at] : []),
    ...(options.anyKey === true ? ['--any-key'] : []),
    ...(options.all === true ? ['--all'] : what),
  ]
}

function unknownItem({ said }: ProgramAnswers, env: string): VpaiError {
  const lines = [...said.values()].flat()
  const [, item = ''] = lines.find(([word]) => word === 'unknown') ?? []
  const known = new Set(lines.flatMap(([word, , all = '']) => (word === 'unknown' ? all.split(' ') : [])))
  return new VpaiError('BACKUP_ITEM_UNKNOWN', `no host of ${env} saves ${item}`, {
    hint: `There are ${[...known].sort().join(', ')}. A database is ITEM/DATABASE.`,
  })
}

interface Confirming {
  readonly io: Invocation['io']
  readonly env: string
  readonly what: readonly string[]
}

async function confirmed({ io, env, what }: Confirming): Promise<boolean> {
  if (io.stdinIsTty) return askYes(`Restore this on ${env}, and lose what was written since?`)
  throw new VpaiError('CONFIRM_NEEDED', `restoring on ${env} asks first, and nobody can be asked`, {
    hint: `vpai backup-restore ${env} ${what.length === 0 ? '--all' : what.join(' ')} --yes does it.`,
  })
}
