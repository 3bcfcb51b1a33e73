/** Owners, parameters and what a server holds, on a real server of its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { postgresqlInfo } from '../../src/modules/postgresql_info.ts'
import { postgresqlOwner } from '../../src/modules/postgresql_owner.ts'
import { postgresqlSet } from '../../src/modules/postgresql_set.ts'
import { converge, decideOn } from './harness.ts'
import { type PostgresServer, postgresMissing, startPostgres } from './postgres-server.ts'
import { brief } from './tables.ts'

const missing = postgresMissing()
if (missing !== null) console.log(`skipped: ${missing}`)

describe.skipIf(missing !== null)('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(() => {
    server = startPostgres()
    server.sql('CREATE DATABASE app; CREATE ROLE ann; CREATE ROLE "b o""b"')
    server.sql(
      `CREATE SCHEMA "s.1"; CREATE TABLE "s.1".t (id int); CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1;
CREATE SEQUENCE s; CREATE FUNCTION add(x int, y int) RETURNS int LANGUAGE sql AS 'SELECT x + y'`,
      'app',
    )
  })
  afterAll(() => server?.stop())

  const run = <Args>(module: Module<Args>, args: object) => converge(module, { ...server.login, ...args })
  const look = <Args>(module: Module<Args>, args: object) =>
    brief(decideOn(module, { ...server.login, ...args }))

  test.each([
    ['table', '"s.1".t'],
    ['view', 'v'],
    ['matview', 'public.m'],
    ['sequence', 's'],
    ['function', 'add'],
    ['function', 'public.add(int, int)'],
    ['schema', 's.1'],
    ['database', 'app'],
  ])('a %s %s changes hands', (obj_type, obj_name) => {
    for (const new_owner of ['b o"b', 'ann']) {
      const done = run(postgresqlOwner, { login_db: 'app', obj_type, obj_name, new_owner })
      expect(done.failed, String(done.result.msg)).toBe(false)
      expect(done).toMatchObject({ changed: true, after: { kind: 'ok', result: { queries: [] } } })
    }
  })

  test('everything of others changes hands', () => {
    const args = { login_db: 'app', reassign_owned_by: ['ann', 'b o"b'], new_owner: 'postgres' }
    const done = run(postgresqlOwner, args)
    expect(done.result.queries).toEqual(['REASSIGN OWNED BY "ann", "b o""b" TO "postgres"'])
    expect(done.after).toMatchObject({ kind: 'ok' })
    expect(server.sql("SELECT tableowner FROM pg_tables WHERE tablename = 't'", 'app')).toBe('postgres')
  })

  test.each([
    [{ obj_type: 'table', obj_name: 'v', new_owner: 'ann' }, 'fail: there is no table v'],
    [{ obj_type: 'view', obj_name: 'v', new_owner: 'none' }, 'fail: Role none does not exist'],
    [{ obj_type: 'view', obj_name: 'v', new_owner: 'none', fail_on_role: false }, 'ok'],
    [{ reassign_owned_by: ['none'], new_owner: 'ann', fail_on_role: false }, 'ok'],
  ])('%j: %s', (args, says) => expect(look(postgresqlOwner, { login_db: 'app', ...args })).toBe(says))

  test.each([
    [
      'work_mem',
      '8mb',
      { value_pretty: '8MB', value: { value: 8388608, unit: 'b' }, restart_required: false },
    ],
    ['log_min_duration_statement', '2s', { value_pretty: '2s', value: { value: '2000', unit: 'ms' } }],
    ['autovacuum', 'False', { value_pretty: 'off' }],
    ['search_path', 'a, "b"', { value_pretty: 'a, b' }],
    ['log_line_prefix', "%m it's, ", { value_pretty: "%m it's, " }],
    ['wal_level', 'LOGICAL', { restart_required: true, context: 'postmaster' }],
    ['shared_preload_libraries', 'auto_explain, pg_prewarm', { restart_required: true }],
    ['max_connections', '90', { restart_required: true, prev_val_pretty: '100' }],
  ])('%s becomes %s', (name, value, result) => {
    const done = run(postgresqlSet, { name, value })
    expect(done.failed, String(done.result.msg)).toBe(false)
    expect(done).toMatchObject({ changed: true, result: { name, ...result }, after: { kind: 'ok' } })
  })

  test.each([
    ['work_mem', '8192kB'],
    ['log_min_duration_statement', '2000'],
    ['autovacuum', 'no'],
    ['shared_buffers', '128MB'],
  ])('%s is %s', (name, value) => expect(look(postgresqlSet, { name, value })).toBe('ok'))

  test('a parameter goes back to what the server was built with', () => {
    const done = run(postgresqlSet, { name: 'work_mem', reset: true })
    expect(done).toMatchObject({ changed: true, result: { value_pretty: '4MB' }, after: { kind: 'ok' } })
  })

  test.each([
    ['no_such', 'x', 'No such parameter'],
    ['block_size', '1', 'internal context'],
  ])('%s is refused', (name, value, says) => expect(look(postgresqlSet, { name, value })).toContain(says))

  test('a server tells what it holds', () => {
    const { result } = run(postgresqlInfo, {})
    expect(result).toMatchObject({
      in_recovery: false,
      version: { major: expect.any(Number), raw: expect.stringContaining('PostgreSQL') },
      roles: { ann: { canlogin: false, superuser: false, member_of: [] }, postgres: { superuser: true } },
      databases: {
        app: {
          owner: 'postgres',
          encoding: 'UTF8',
          namespaces: { 's.1': { nspowner: 'postgres' } },
          extensions: { plpgsql: { extversion: { major: 1, minor: 0, raw: '1.0' }, nspname: 'pg_catalog' } },
          languages: { sql: { lanowner: 'postgres' } },
        },
      },
      settings: { shared_buffers: { val_in_bytes: 134217728, unit: '8kB', pretty_val: '128MB' } },
      tablespaces: { pg_default: { spcowner: 'postgres' } },
      repl_slots: {},
      replications: {},
      pending_restart_settings: expect.arrayContaining(['max_connections']),
    })
  })

  test.each([
    ['roles,version', ['roles', 'version']],
    [
      ['!databases', '!settings', '!roles'],
      ['in_recovery', 'pending_restart_settings', 'repl_slots', 'replications', 'tablespaces', 'version'],
    ],
  ])('tells %j only', (filter, names) => {
    expect(Object.keys(run(postgresqlInfo, { filter }).result).sort()).toEqual(names)
  })
})
