/**
 * cron: one job, or one variable, of a user's crontab or of a file in /etc/cron.d.
 *
 * Args     name, job, minute hour day month weekday or special_time, state, disabled, user, cron_file,
 *          env, insertafter, insertbefore, backup.
 * Changes  the job (under the line "#Ansible: name", as Ansible writes it, so hosts it managed stay as they are),
 *          the variable, or the whole file.
 * Errors   no crontab program; a special time together with single times.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Action, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { editJob, editVariable, namesIn } from './shared/crontab-text.ts'
import { fail } from './shared/results.ts'

const TIMES = ['minute', 'hour', 'day', 'month', 'weekday'] as const

/** A line of a crontab has five of them; with a blank or an equals sign in one it would be another kind of line. */
const time = () =>
  text()
    .refine(
      value => /^[\w*,/~-]+$/.test(value),
      'is no time of cron: numbers, names, *, ranges, lists and steps',
    )
    .default('*')

const schema = () =>
  argumentsOf(
    {
      name: word().optional(),
      job: text().optional(),
      minute: time(),
      hour: time(),
      day: time(),
      month: time(),
      weekday: time(),
      special_time: choice([
        'reboot',
        'yearly',
        'annually',
        'monthly',
        'weekly',
        'daily',
        'hourly',
      ]).optional(),
      state: choice(['present', 'absent']).default('present'),
      disabled: bool().default(false),
      user: word().optional(),
      cron_file: path().optional(),
      env: bool().default(false),
      insertafter: text().optional(),
      insertbefore: text().optional(),
      backup: bool().default(false),
    },
    { value: 'job', dom: 'day', dow: 'weekday' },
  )
    .refine(
      args => args.name !== undefined || (args.cron_file !== undefined && args.state === 'absent'),
      'needs a name',
    )
    .refine(
      args => args.state === 'absent' || args.job !== undefined,
      'needs a job when the state is present',
    )
    .refine(
      args => args.special_time === undefined || TIMES.every(time => args[time] === '*'),
      'special_time goes without minute, hour, day, month and weekday',
    )
export type CronArgs = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'crontab' } as const satisfies Key

export const cron = defineModule<CronArgs>({
  name: 'cron',
  summary: 'A job of a crontab or of /etc/cron.d',
  args: schema,
  keys: args =>
    args.cron_file === undefined ? [TOOL, tableKey(args)] : [{ kind: 'content', path: fileOf(args) }],
  decide(args, seen): Verdict {
    if (args.cron_file === undefined && seen.get(TOOL).path === null) {
      return fail('this host has no crontab program: install cron (or cronie), or use cron_file')
    }
    const before = tableText(args, seen)
    if (args.name === undefined) return wholeFile(args, before)
    const lines = (before ?? '').split('\n')
    if (lines.at(-1) === '') lines.pop()
    const edit = args.env ? editVariable(args, lines) : editJob(args, lines)
    if (typeof edit === 'string') return fail(edit)
    const result = { ...namesIn(edit.lines), cron_file: args.cron_file ?? null, state: args.state }
    if (edit.lines.join('\n') === lines.join('\n')) return { kind: 'ok', result }
    const after = edit.lines.length === 0 ? '' : `${edit.lines.join('\n')}\n`
    const label = args.cron_file === undefined ? 'crontab' : fileOf(args)
    return {
      kind: 'change',
      changes: [
        {
          what: args.env ? 'variable' : 'job',
          subject: args.name,
          from: edit.from,
          to: edit.to,
          diff: { before: before ?? '', after, label },
        },
      ],
      apply: write(args, before, after),
      result,
    }
  },
  declares: (args, _result, ctx) =>
    args.name === undefined || args.state === 'absent'
      ? []
      : [
          {
            kind: 'cron',
            user: args.user ?? ctx.user,
            name: args.name,
            file: args.cron_file === undefined ? null : fileOf(args),
            variable: args.env,
          },
        ],
  settles: true,
})

function wholeFile(args: CronArgs, before: string | null): Verdict {
  if (before === null) return { kind: 'ok' }
  const path = fileOf(args)
  return {
    kind: 'change',
    changes: [{ what: 'file', subject: path, from: 'present', to: null }],
    apply: [{ do: 'remove', path }],
  }
}

/** A user's table is handed to crontab on standard input, which checks it and tells the daemon. */
function write(args: CronArgs, before: string | null, after: string): Action[] {
  if (args.cron_file !== undefined) {
    const path = fileOf(args)
    if (after === '') return [{ do: 'remove', path }]
    const mode = before === null ? { mode: 0o644 } : {}
    return [{ do: 'put', path, content: bytesOf(after), ...mode, ...(args.backup ? { backup: true } : {}) }]
  }
  const user = args.user === undefined ? [] : ['-u', args.user]
  const keep = `umask 077; crontab ${user.map(quote).join(' ')} -l >"$(mktemp /tmp/crontab.XXXXXX)"`
  return [
    ...(args.backup ? [{ do: 'run', script: keep, ok: 'any' } as const] : []),
    { do: 'run', argv: ['crontab', ...user, '-'], stdin: after, failure: 'crontab refused the new table' },
  ]
}

function tableText(args: CronArgs, seen: Seen): string | null {
  if (args.cron_file !== undefined) {
    const path = fileOf(args)
    return contentText(seen.get({ kind: 'content', path }), path)
  }
  const { code, stdout } = seen.get(tableKey(args))
  return code === 0 ? stdout : null
}

function tableKey(args: CronArgs) {
  const script =
    args.user === undefined ? 'crontab -l 2>/dev/null' : `crontab -u ${quote(args.user)} -l 2>/dev/null`
  return { kind: 'read', name: `crontab of ${args.user ?? '(self)'}`, script } as const satisfies Key
}

function fileOf(args: CronArgs): string {
  const file = args.cron_file ?? ''
  return file.startsWith('/') ? file : `/etc/cron.d/${file}`
}
