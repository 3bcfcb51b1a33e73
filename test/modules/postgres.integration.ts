/** The PostgreSQL modules against a real server of its own. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { postgresqlDb } from '../../src/modules/postgresql_db.ts'
import { postgresqlExt } from '../../src/modules/postgresql_ext.ts'
import { postgresqlPing } from '../../src/modules/postgresql_ping.ts'
import { postgresqlPrivs } from '../../src/modules/postgresql_privs.ts'
import { postgresqlQuery } from '../../src/modules/postgresql_query.ts'
import { postgresqlSchema } from '../../src/modules/postgresql_schema.ts'
import { postgresqlUser } from '../../src/modules/postgresql_user.ts'
import { converge, decideOn } from './harness.ts'
import { type PostgresServer, postgresMissing, startPostgres } from './postgres-server.ts'
import { temporaryDirectory } from './shells.ts'
import { brief } from './tables.ts'

const missing = postgresMissing()
if (missing !== null) console.log(`skipped: ${missing}`)

/** A name that has to be quoted right. */
const ODD = `o"d'd \\ $x`

describe.skipIf(missing !== null)('PostgreSQL', () => {
  let server: PostgresServer
  let dir = ''
  beforeAll(() => {
    server = startPostgres()
    dir = temporaryDirectory()
    server.sql(`CREATE DATABASE app; CREATE ROLE reader; CREATE ROLE writer`)
    server.sql(
      `CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE SEQUENCE s; CREATE FUNCTION add(x int, y int) RETURNS int LANGUAGE sql AS 'SELECT x + y'`,
      'app',
    )
  })
  afterAll(() => {
    server?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  const run = <Args>(module: Module<Args>, args: object) => converge(module, { ...server.login, ...args })
  const look = <Args>(module: Module<Args>, args: object) =>
    brief(decideOn(module, { ...server.login, ...args }))
  function holds(done: ReturnType<typeof converge>): void {
    expect(done.failed, `${brief(done.verdict)} ${done.result.msg}`).toBe(false)
    expect(done).toMatchObject({ verdict: { kind: 'change' }, changed: true, after: { kind: 'ok' } })
  }

  test('ping tells the version, and of a server that is not there', () => {
    expect(run(postgresqlPing, {}).result).toMatchObject({
      is_available: true,
      conn_err_msg: '',
      server_version: { major: expect.any(Number) },
    })
    const done = converge(postgresqlPing, { login_host: '127.0.0.1', login_port: 1 })
    expect(done.result).toMatchObject({
      is_available: false,
      conn_err_msg: expect.stringContaining('refused'),
    })
  })

  const SECRET = 'hunter2 '.repeat(20)

  test.each([
    ['a query', () => run(postgresqlQuery, { query: 'SELECT %s::int', positional_args: [SECRET] })],
    ['a look', () => run(postgresqlUser, { name: 'ada', expires: SECRET })],
  ])('%s that is refused repeats nothing in part', (_what, refused) => {
    const { failed, result, verdict } = refused()
    const words = JSON.stringify([result, verdict])
    expect(failed).toBe(true)
    expect(words).toContain(`\\"${SECRET}\\"`)
    expect(words).not.toMatch(/LINE|hunter2\.\.\.|\^/)
  })

  describe('postgresql_db', () => {
    test.each<[string, object, string]>([
      ['plain', {}, 'C.UTF-8'],
      [
        'with everything',
        {
          owner: 'writer',
          template: 'template0',
          encoding: 'UTF-8',
          lc_collate: 'C',
          lc_ctype: 'C',
          conn_limit: 7,
        },
        'C',
      ],
    ])('makes and drops a database: %s', (_title, args, collate) => {
      holds(run(postgresqlDb, { name: ODD, ...args }))
      expect(server.sql(`SELECT datcollate FROM pg_database WHERE datname = 'o"d''d \\ $x'`)).toBe(collate)
      holds(run(postgresqlDb, { name: ODD, state: 'absent', force: true }))
      expect(look(postgresqlDb, { name: ODD, state: 'absent' })).toBe('ok')
    })

    test('changes what can be changed, and refuses the rest', () => {
      run(postgresqlDb, { name: 'change' })
      const args = { name: 'change', owner: 'reader', conn_limit: '3' }
      expect(look(postgresqlDb, args)).toBe('owner change postgres>reader; connection limit change -1>3')
      holds(run(postgresqlDb, args))
      expect(look(postgresqlDb, { name: 'change', encoding: 'LATIN1' })).toBe(
        'fail: Changing encoding is not supported. Current encoding: UTF8',
      )
      holds(run(postgresqlDb, { name: 'change', state: 'rename', target: 'changed' }))
      expect(look(postgresqlDb, { name: 'changed', state: 'rename', target: 'app' })).toMatch(
        /Both the source and the target databases exist/,
      )
    })

    test.each(['sql', 'sql.gz', 'pgc', 'tar', 'dir'])('dumps and restores as %s', ending => {
      const target = join(dir, `dump of.${ending}`)
      server.sql('DROP DATABASE IF EXISTS copied')
      expect(run(postgresqlDb, { name: 'app', state: 'dump', target })).toMatchObject({
        failed: false,
        changed: true,
      })
      expect(existsSync(target)).toBe(true)
      expect(run(postgresqlDb, { name: 'copied', state: 'restore', target })).toMatchObject({
        failed: false,
        changed: true,
      })
      expect(server.sql('SELECT add(1, 2)', 'copied')).toBe('3')
    })

    test('says why a dump failed', () => {
      const done = run(postgresqlDb, { name: 'app', state: 'dump', target: join(dir, 'none/x.sql') })
      expect(done.failed).toBe(true)
      expect(look(postgresqlDb, { name: 'none', state: 'dump', target: '/x.sql' })).toMatch(/does not exist/)
    })
  })

  describe('postgresql_user', () => {
    test.each(['scram-sha-256', 'md5'])('keeps a password that logs in: %s', method => {
      server.sql(`ALTER SYSTEM SET password_encryption = '${method}'`)
      server.sql('SELECT pg_reload_conf()')
      server.sql('SELECT pg_sleep(0.1)')
      const name = `user ${method}`
      const args = {
        name,
        password: `it's "\\x" ü`,
        role_attr_flags: 'CREATEDB,NOCREATEROLE,LOGIN',
        conn_limit: 5,
        expires: 'Jan 1 2090',
        comment: `it's`,
      }
      const done = run(postgresqlUser, args)
      holds(done)
      expect(JSON.stringify(done.result)).not.toContain('SCRAM')
      expect(JSON.stringify(done.actions)).not.toContain(`it's \\"`)
      expect(server.sql(`SELECT left(rolpassword, 3) FROM pg_authid WHERE rolname = '${name}'`)).toBe(
        method === 'md5' ? 'md5' : 'SCR',
      )
      if (method !== 'md5') {
        const login = { login_host: '127.0.0.1', login_port: server.port, login_user: name, login_db: 'app' }
        expect(
          converge(postgresqlPing, { ...login, login_password: args.password }).result.is_available,
        ).toBe(true)
        expect(converge(postgresqlPing, { ...login, login_password: 'wrong' }).result.conn_err_msg).toMatch(
          /password authentication failed/,
        )
      }
      expect(look(postgresqlUser, { ...args, password: 'other' })).toBe(
        `password ${name} another password>as given`,
      )
      holds(run(postgresqlUser, { ...args, password: 'other' }))
      expect(look(postgresqlUser, { ...args, password: 'third', no_password_changes: true })).toBe('ok')
      holds(run(postgresqlUser, { ...args, password: '' }))
      holds(run(postgresqlUser, { name, state: 'absent' }))
    })

    test('takes a verifier as it is, and leaves a password nobody asks about', () => {
      const verifier = server.sql(
        `SET password_encryption = 'scram-sha-256'; CREATE ROLE given PASSWORD 'x'; SELECT rolpassword FROM pg_authid WHERE rolname = 'given'`,
      )
      expect(look(postgresqlUser, { name: 'given', password: 'x' })).toBe('ok')
      expect(look(postgresqlUser, { name: 'given', password: verifier })).toBe('ok')
      expect(look(postgresqlUser, { name: 'given' })).toBe('ok')
      holds(run(postgresqlUser, { name: 'taken', password: verifier.replace('4096', '4096') }))
    })

    test('changes attributes one by one', () => {
      run(postgresqlUser, { name: ODD })
      const args = { name: ODD, role_attr_flags: 'SUPERUSER,NOLOGIN', conn_limit: 2, expires: 'infinity' }
      expect(look(postgresqlUser, args)).toBe(
        `superuser ${ODD} false>true; login ${ODD} true>false; connection limit ${ODD} -1>2`,
      )
      holds(run(postgresqlUser, args))
    })

    test('says that a role cannot be dropped, or passes over it', () => {
      server.sql('CREATE ROLE owning; CREATE TABLE owned (); ALTER TABLE owned OWNER TO owning')
      expect(String(run(postgresqlUser, { name: 'owning', state: 'absent' }).result.msg)).toMatch(
        /cannot be dropped/,
      )
      expect(run(postgresqlUser, { name: 'owning', state: 'absent', fail_on_user: false })).toMatchObject({
        failed: false,
        changed: false,
      })
    })
  })

  test('postgresql_schema makes, gives away and drops a schema', () => {
    const args = { name: ODD, login_db: 'app' }
    holds(run(postgresqlSchema, args))
    expect(look(postgresqlSchema, { ...args, owner: 'writer' })).toBe(`owner ${ODD} postgres>writer`)
    holds(run(postgresqlSchema, { ...args, owner: 'writer', comment: `it's` }))
    holds(run(postgresqlSchema, { ...args, state: 'absent', cascade_drop: true }))
  })

  test('postgresql_ext installs, moves and drops an extension', () => {
    server.sql('CREATE SCHEMA ext', 'app')
    const args = { name: 'pgcrypto', login_db: 'app' }
    if (server.sql(`SELECT count(*) FROM pg_available_extensions WHERE name = 'pgcrypto'`) === '0') return
    holds(run(postgresqlExt, args))
    holds(run(postgresqlExt, { ...args, schema: 'ext', version: 'latest' }))
    holds(run(postgresqlExt, { ...args, state: 'absent', cascade: true }))
    expect(look(postgresqlExt, { ...args, name: 'none' })).toMatch(/does not have the extension none/)
  })

  describe('postgresql_query', () => {
    const query = (text: unknown, more: object = {}) =>
      run(postgresqlQuery, { login_db: 'app', query: text, ...more })

    test.each<[string, unknown, object, object]>([
      [
        'types of columns',
        "SELECT 1 AS a, 'x' AS b, true AS c, null AS d, 1.5 AS e",
        {},
        {
          changed: false,
          rowcount: 1,
          query_result: [{ a: 1, b: 'x', c: true, d: null, e: 1.5 }],
          statusmessage: 'SELECT 1',
        },
      ],
      [
        'what looks like a command of psql',
        String.raw`SELECT E'a\\! id' AS a, ':USER :x' AS b -- end`,
        {},
        { query_result: [{ a: String.raw`a\! id`, b: ':USER :x' }] },
      ],
      [
        'arguments in order',
        'SELECT %s AS a, %s AS b, %s::int[] AS c, 100 %% 7 AS d',
        { positional_args: [`it's \\ "`, 5, [1, 2]] },
        { query_result: [{ a: `it's \\ "`, b: 5, c: [1, 2], d: 2 }] },
      ],
      [
        'arguments by name',
        'SELECT %(x)s AS a, %(x)s AS b',
        { named_args: { x: 'v' } },
        { query_result: [{ a: 'v', b: 'v' }] },
      ],
      [
        'rows that go in',
        'INSERT INTO a VALUES (1), (2)',
        {},
        { changed: true, rowcount: 2, statusmessage: 'INSERT 0 2', query_result: {} },
      ],
      [
        'rows that come back',
        'UPDATE a SET id = id + 1 RETURNING id;',
        {},
        { changed: true, rowcount: 2, query_result: [{ id: 2 }, { id: 3 }], statusmessage: 'UPDATE 2' },
      ],
      [
        'no row',
        'DELETE FROM a WHERE id = 99',
        {},
        { changed: false, rowcount: 0, statusmessage: 'DELETE 0' },
      ],
      ['a table', 'CREATE TABLE t (x text)', {}, { changed: true, statusmessage: 'CREATE TABLE' }],
      [
        'a setting',
        'SHOW server_encoding',
        {},
        { changed: false, query_result: [{ server_encoding: 'UTF8' }] },
      ],
      [
        'a list',
        ['DELETE FROM a', 'SELECT count(*) AS n FROM a'],
        {},
        { changed: true, query_all_results: [{}, [{ n: 0 }]], query_result: [{ n: 0 }] },
      ],
      [
        'what needs no transaction',
        'VACUUM a',
        { autocommit: true },
        { changed: true, statusmessage: 'VACUUM' },
      ],
      [
        'the search path',
        'SELECT current_schema() AS s',
        { search_path: ['ext', 'public'] },
        { query_result: [{ s: 'ext' }] },
      ],
    ])('runs %s', (_title, text, more, result) => {
      const done = query(text, more)
      expect(done.failed, String(done.result.msg)).toBe(false)
      expect({ changed: done.changed, ...done.result }).toMatchObject(result)
    })

    test('a list with a mistake leaves nothing behind', () => {
      const done = query(['INSERT INTO a VALUES (77)', 'SELEC'])
      expect(done.failed).toBe(true)
      expect(String(done.result.msg)).toMatch(/^Cannot execute SQL: ERROR: {2}syntax error/)
      expect(server.sql('SELECT count(*) FROM a WHERE id = 77', 'app')).toBe('0')
    })
  })

  describe('postgresql_privs', () => {
    const args = { login_db: 'app', roles: 'reader' }
    test.each<[string, object, string]>([
      [
        'tables',
        { objs: 'a,b', privs: 'SELECT,INSERT' },
        `SELECT has_table_privilege('reader', 'b', 'INSERT')`,
      ],
      [
        'all tables',
        { objs: 'ALL_IN_SCHEMA', privs: 'ALL' },
        `SELECT has_table_privilege('reader', 'b', 'TRUNCATE')`,
      ],
      [
        'a sequence',
        { type: 'sequence', objs: 's', privs: 'USAGE' },
        `SELECT has_sequence_privilege('reader', 's', 'USAGE')`,
      ],
      [
        'a function',
        { type: 'function', objs: 'add(integer:integer)', privs: 'EXECUTE' },
        `SELECT has_function_privilege('reader', 'add(int, int)', 'EXECUTE')`,
      ],
      [
        'a schema',
        { type: 'schema', objs: 'public', privs: 'CREATE,USAGE', grant_option: true },
        `SELECT has_schema_privilege('reader', 'public', 'CREATE WITH GRANT OPTION')`,
      ],
      [
        'the database',
        { type: 'database', privs: 'TEMP,CREATE', roles: 'reader,writer' },
        `SELECT has_database_privilege('writer', 'app', 'CREATE')`,
      ],
      [
        'a language',
        { type: 'language', objs: 'plpgsql', privs: 'USAGE', roles: 'PUBLIC', grant_option: null },
        `SELECT true`,
      ],
      ['membership', { type: 'group', objs: 'writer' }, `SELECT pg_has_role('reader', 'writer', 'MEMBER')`],
      [
        'membership to hand on',
        { type: 'group', objs: 'writer', admin_option: true },
        `SELECT pg_has_role('reader', 'writer', 'MEMBER WITH ADMIN OPTION')`,
      ],
      [
        'tables to come',
        { type: 'default_privs', objs: 'TABLES,SEQUENCES', privs: 'SELECT', target_roles: 'postgres' },
        `CREATE TABLE later (); SELECT has_table_privilege('reader', 'later', 'SELECT')`,
      ],
    ])('grants and revokes: %s', (title, more, check) => {
      if (title !== 'a language') holds(run(postgresqlPrivs, { ...args, ...more }))
      expect(server.sql(check, 'app')).toBe('t')
      holds(run(postgresqlPrivs, { ...args, ...more, state: 'absent' }))
      if (title === 'a language') holds(run(postgresqlPrivs, { ...args, ...more }))
    })

    test.each<[string, object, string | RegExp]>([
      ['a role', { objs: 'a', privs: 'SELECT', roles: 'none' }, 'fail: Role none does not exist'],
      ['a table', { objs: 'none', privs: 'SELECT' }, /fail: table none does not exist/],
      ['a privilege', { objs: 'a', privs: 'FLY' }, /fail: FLY: no privilege of a table/],
      [
        'a role that may be missing',
        { objs: 'a', privs: 'SELECT', roles: 'none', fail_on_role: false },
        'ok',
      ],
    ])('says what is missing: %s', (_title, more, says) => {
      expect(look(postgresqlPrivs, { ...args, ...more })).toMatch(says)
    })
  })
})
