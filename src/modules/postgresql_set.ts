/**
 * postgresql_set: a parameter of the server, by ALTER SYSTEM.
 *
 * Args     name, value or reset (to what the server was built with), login_db; login_*.
 * Changes  postgresql.auto.conf, and the running value at once where no restart is needed (restart_required says so).
 * Errors   a parameter that is not there or cannot be changed; what PostgreSQL says.
 */
import type { z } from 'zod'
import type { Value } from '../base/value.ts'
import { defineModule, type Result, type Steps, type Verdict } from './contract.ts'
import { argumentsOf, bool, text, word } from './shared/arguments.ts'
import { isDict, LOGIN_ALIASES, literal, loginShape, lookSql, readSql, runSql } from './shared/postgres.ts'
import { askSql, unreachable } from './shared/postgres-change.ts'
import { meansSame, plainValue, type Setting, settingSql, tidySize } from './shared/postgres-setting.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      name: word().refine(name => /^\w+(\.\w+)*$/.test(name), 'must be letters, digits, _ and dots'),
      value: text().optional(),
      reset: bool().default(false),
      login_db: text().default('postgres'),
      ...loginShape(),
    },
    { ...LOGIN_ALIASES, db: 'login_db' },
  ).refine(args => (args.value === undefined) === args.reset, 'give one of value and reset')
type Args = z.output<ReturnType<typeof schema>>

export const postgresqlSet = defineModule<Args>({
  name: 'postgresql_set',
  summary: 'A parameter of a PostgreSQL server',
  args: schema,
  settles: true,
  keys: args => [lookSql(args, args.login_db, lookup(args))],
  decide(args, seen): Verdict {
    const { problem, value: answer } = askSql(args, args.login_db, { sql: lookup(args), seen })
    if (problem !== null) return unreachable(problem)
    const setting = readSetting(args.name, answer)
    if (setting === null)
      return fail(
        `No such parameter: ${args.name}. Please check its spelling or presence in your PostgreSQL version`,
      )
    const { name, context, pretty, auto, boot } = setting
    if (context === 'internal') return fail(`${name}: cannot be changed (internal context)`)
    const wanted = args.reset ? boot : tidySize(args.value ?? '')
    const waits = context === 'postmaster'
    const now = waits && auto !== null ? auto : setting.setting
    const common = { name, context, prev_val_pretty: pretty, restart_required: waits }
    if (wanted === null ? now === '' : meansSame(setting, wanted, now) || (now !== auto && wanted === pretty))
      return { kind: 'ok', result: { ...common, value_pretty: pretty, value: plainValue(setting) } }
    return {
      kind: 'change',
      changes: [{ what: 'parameter', subject: name, from: pretty, to: wanted }],
      apply: steps(args, { setting, wanted }),
      result: {
        ...common,
        value_pretty: wanted ?? '',
        value: plainValue(setting),
        queries: [alterSql(args, setting, wanted)],
      },
      touches: [lookSql(args, args.login_db, lookup(args))],
      warnings: waits ? [`Restart of PostgreSQL is required for setting ${name}`] : [],
    }
  },
})

function alterSql({ reset }: Args, { name }: Setting, wanted: string | null): string {
  if (reset) return `ALTER SYSTEM RESET ${name}`
  return `ALTER SYSTEM SET ${name} = ${wanted === null ? 'DEFAULT' : settingSql(name, wanted, literal)}`
}

/** The server takes a moment to read its files again, so what holds then is asked in a session of its own. */
function steps(
  args: Args,
  { setting, wanted }: { readonly setting: Setting; readonly wanted: string | null },
): Steps {
  return function* () {
    const { name, context } = setting
    const reload = context === 'postmaster' ? [] : ['SELECT pg_reload_conf()', 'SELECT pg_sleep(0.2)']
    yield runSql(args, args.login_db, { statements: [alterSql(args, setting, wanted), ...reload] })
    if (context === 'postmaster') return {}
    const output = yield { ...runSql(args, args.login_db, { statements: [lookup(args)] }), readOnly: true }
    const { problem, value } = readSql({ code: output.code, stdout: output.stdout, stderr: output.stderr })
    const after = problem === null ? readSetting(name, value) : null
    const told: Result = after === null ? {} : { value_pretty: after.pretty, value: { ...plainValue(after) } }
    return told
  }
}

function lookup({ name }: Args): string {
  return `SELECT json_build_object('name', name, 'setting', setting, 'unit', unit, 'context', context, 'boot', boot_val,
'vartype', vartype, 'pretty', current_setting(name), 'auto', (SELECT f.setting FROM pg_file_settings f
WHERE lower(f.name) = lower(s.name) AND f.sourcefile LIKE '%postgresql.auto.conf' ORDER BY f.seqno DESC LIMIT 1))
FROM pg_settings s WHERE lower(name) = lower(${literal(name)})`
}

function readSetting(name: string, value: Value): Setting | null {
  if (!isDict(value)) return null
  const text = (key: string) => (value[key] === null || value[key] === undefined ? null : String(value[key]))
  return {
    name: text('name') ?? name,
    setting: text('setting') ?? '',
    unit: text('unit'),
    context: text('context') ?? '',
    boot: text('boot'),
    vartype: text('vartype') ?? 'string',
    pretty: text('pretty') ?? '',
    auto: text('auto'),
  }
}
