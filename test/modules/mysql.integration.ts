/** The MySQL modules against a real MariaDB server of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { mysqlDb } from '../../src/modules/mysql_db.ts'
import { mysqlQuery } from '../../src/modules/mysql_query.ts'
import { mysqlUser } from '../../src/modules/mysql_user.ts'
import { mysqlVariables } from '../../src/modules/mysql_variables.ts'
import { converge, decideOn } from './harness.ts'
import { temporaryDirectory } from './shells.ts'
import { brief } from './tables.ts'

const MARIADB = '/usr/sbin/mariadbd'
const isMissing = !existsSync(MARIADB)
if (isMissing) console.log('skipped: mariadb-server is not installed')

/** A name that has to be quoted right. */
const ODD = "o`d'd \\ $x"

describe.skipIf(isMissing)('MariaDB', () => {
  let dir = ''
  let server: ChildProcess
  const socket = () => join(dir, 's')
  const sql = (statement: string, ...more: string[]) =>
    execFileSync('mariadb', ['--no-defaults', '-N', '-B', '-u', 'root', '-S', socket(), ...more], {
      input: statement,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()

  beforeAll(() => {
    dir = temporaryDirectory()
    const data = join(dir, 'data')
    mkdirSync(data)
    const id = (flag: string) => Number(execFileSync('id', [flag, 'mysql'], { encoding: 'utf8' }))
    const identity = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : null
    if (identity !== null) for (const path of [dir, data]) chownSync(path, identity.uid, identity.gid)
    const options = { ...identity, cwd: dir, stdio: 'ignore' as const }
    execFileSync(
      'mariadb-install-db',
      ['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal'],
      options,
    )
    const light = [
      '--innodb-buffer-pool-size=8M',
      '--innodb-flush-log-at-trx-commit=0',
      '--skip-networking',
      '--innodb-log-file-size=4M',
    ]
    server = spawn(
      MARIADB,
      [
        '--no-defaults',
        `--datadir=${data}`,
        `--socket=${socket()}`,
        `--pid-file=${join(dir, 'pid')}`,
        ...light,
      ],
      options,
    )
    waitFor(() => sql('SELECT 1') === '1')
    sql(
      "CREATE USER admin@localhost IDENTIFIED BY 'it''s \"x\" \\\\'; GRANT ALL ON *.* TO admin@localhost WITH GRANT OPTION; CREATE DATABASE app; CREATE TABLE app.t (a int, b int); INSERT INTO app.t VALUES (1, 2)",
    )
  })
  afterAll(() => {
    server?.kill('SIGTERM')
    if (dir !== '') waitFor(() => !existsSync(join(dir, 'pid')))
    rmSync(dir, { recursive: true, force: true })
  })

  const login = () => ({
    login_unix_socket: socket(),
    login_user: 'admin',
    login_password: 'it\'s "x" \\',
    config_file: '/none',
  })
  const run = <Args>(module: Module<Args>, args: object) => converge(module, { ...login(), ...args })
  const look = <Args>(module: Module<Args>, args: object) => brief(decideOn(module, { ...login(), ...args }))
  function holds(done: ReturnType<typeof converge>): void {
    expect(done.failed, `${brief(done.verdict)} ${done.result.msg}`).toBe(false)
    expect(done).toMatchObject({ verdict: { kind: 'change' }, changed: true, after: { kind: 'ok' } })
  }

  test('mysql_db makes and drops databases, with every kind of name', () => {
    holds(run(mysqlDb, { name: ODD, encoding: 'utf8mb4', collation: 'utf8mb4_bin' }))
    expect(
      sql(`SELECT default_collation_name FROM information_schema.schemata WHERE schema_name LIKE 'o%'`),
    ).toBe('utf8mb4_bin')
    holds(run(mysqlDb, { name: [ODD, 'other'], state: 'present' }))
    holds(run(mysqlDb, { name: [ODD, 'other'], state: 'absent' }))
    expect(look(mysqlDb, { name: 'x', login_password: 'wrong' })).toMatch(
      /unable to connect to database: .*Access denied/,
    )
  })

  test.each(['sql', 'sql.gz'])('mysql_db dumps and imports as %s', ending => {
    const target = join(dir, `dump of.${ending}`)
    sql('DROP DATABASE IF EXISTS copied')
    expect(run(mysqlDb, { name: 'app', state: 'dump', target, single_transaction: true })).toMatchObject({
      failed: false,
      changed: true,
    })
    expect(run(mysqlDb, { name: 'copied', state: 'import', target })).toMatchObject({
      failed: false,
      changed: true,
    })
    expect(sql('SELECT a FROM copied.t')).toBe('1')
    expect(look(mysqlDb, { name: 'none', state: 'dump', target })).toMatch(/Cannot dump database\(s\) none/)
  })

  test('mysql_user keeps a password that logs in', () => {
    const args = { name: "o'd", password: 'p\'w "x" \\' }
    const done = run(mysqlUser, args)
    holds(done)
    expect(JSON.stringify(done.actions)).not.toContain("p'w")
    expect(
      converge(mysqlVariables, {
        ...login(),
        login_user: args.name,
        login_password: args.password,
        variable: 'port',
      }).failed,
    ).toBe(false)
    expect(look(mysqlUser, { ...args, password: 'other' })).toBe(
      "password 'o''d'@'localhost' another password>as given",
    )
    expect(look(mysqlUser, { ...args, password: 'other', update_password: 'on_create' })).toBe('ok')
    holds(run(mysqlUser, { ...args, password: '*0123456789ABCDEF0123456789ABCDEF01234567', encrypted: true }))
    holds(run(mysqlUser, { ...args, password: '' }))
    holds(run(mysqlUser, { name: "o'd", state: 'absent' }))
  })

  test.each<[string, object, object, string]>([
    ['a database', { priv: 'app.*:SELECT,INSERT' }, { priv: 'app.*:SELECT' }, 'SELECT'],
    ['all', { priv: 'app.*:ALL' }, { priv: 'app.*:SELECT,UPDATE' }, 'SELECT, UPDATE'],
    ['everywhere, to hand on', { priv: '*.*:ALL,GRANT' }, { priv: '*.*:SELECT' }, 'SELECT'],
    [
      'columns',
      { priv: 'app.t:SELECT (a, b),INSERT/app.*:UPDATE' },
      { priv: { 'app.t': 'SELECT (a)' } },
      'SELECT (`a`)',
    ],
    ['one more', { priv: 'app.*:SELECT' }, { priv: 'app.*:INSERT', append_privs: true }, 'SELECT, INSERT'],
    ['one less', { priv: 'app.*:SELECT,INSERT' }, { priv: 'app.*:INSERT', subtract_privs: true }, 'SELECT'],
  ])('mysql_user gives and takes privileges: %s', (_title, first, then, says) => {
    sql('DROP USER IF EXISTS priv@localhost')
    holds(run(mysqlUser, { name: 'priv', password: 'x', ...first }))
    holds(run(mysqlUser, { name: 'priv', password: 'x', ...then }))
    const grants = sql('SHOW GRANTS FOR priv@localhost')
    expect(grants).toContain(`GRANT ${says} ON `)
    expect(grants).not.toContain('GRANT OPTION')
  })

  test.each<[string, object, object, string]>([
    [
      'limits',
      { resource_limits: { max_queries_per_hour: 5 } },
      { resource_limits: { MAX_USER_CONNECTIONS: 2 } },
      'WITH MAX_QUERIES_PER_HOUR 5 MAX_USER_CONNECTIONS 2',
    ],
    ['TLS', { tls_requires: { ssl: null } }, { tls_requires: { cipher: "A'B" } }, "REQUIRE CIPHER 'A''B'"],
    [
      'a certificate',
      { tls_requires: { x509: '' } },
      { tls_requires: { subject: '/CN=a', issuer: '/CN=b' } },
      "REQUIRE ISSUER '/CN=b' SUBJECT '/CN=a'",
    ],
  ])('mysql_user keeps what is required and allowed: %s', (_title, first, then, says) => {
    sql('DROP USER IF EXISTS limited@localhost')
    holds(run(mysqlUser, { name: 'limited', ...first }))
    holds(run(mysqlUser, { name: 'limited', ...then }))
    expect(sql('SHOW CREATE USER limited@localhost')).toContain(says)
  })

  test('mysql_user takes a requirement away when it is empty, and leaves it when it is not given', () => {
    sql('DROP USER IF EXISTS limited@localhost; CREATE USER limited@localhost REQUIRE SSL')
    expect(look(mysqlUser, { name: 'limited' })).toBe('ok')
    holds(run(mysqlUser, { name: 'limited', tls_requires: null }))
    expect(sql('SHOW CREATE USER limited@localhost')).not.toContain('REQUIRE')
  })

  test('mysql_user changes an account at all of its hosts', () => {
    sql("CREATE USER many@localhost; CREATE USER many@'10.%'")
    holds(run(mysqlUser, { name: 'many', host_all: true, priv: 'app.*:SELECT', append_privs: true }))
    expect(sql("SHOW GRANTS FOR many@'10.%'")).toContain('GRANT SELECT ON `app`')
    holds(run(mysqlUser, { name: 'many', host_all: true, state: 'absent' }))
    expect(look(mysqlUser, { name: 'many', host_all: true, state: 'absent' })).toBe('ok')
    expect(look(mysqlUser, { name: 'many', host_all: true })).toMatch(/there is no account many/)
  })

  test('mysql_user sets up its session', () => {
    const session = { session_vars: { sql_mode: 'ANSI', lock_wait_timeout: 9 }, force_context: true }
    const done = run(mysqlUser, { name: 'session', ...session, sql_log_bin: false })
    holds(done)
    expect(done.actions.map(action => ('env' in action ? action.env?.VPAI_OPTIONS : ''))[0]).toContain(
      `database="mysql"\ninit-command="SET SESSION sql_log_bin = 0, SESSION sql_mode = 'ANSI', SESSION lock_wait_timeout = 9"`,
    )
    expect(look(mysqlUser, { name: 'session', session_vars: { no_such_thing: 1 } })).toMatch(/no_such_thing/)
  })

  test('root without a password is tried first when the task says so', () => {
    const wrong = { login_user: 'nobody', login_password: 'wrong', check_implicit_admin: true }
    holds(run(mysqlUser, { name: 'implied', ...wrong }))
    holds(run(mysqlDb, { name: 'implied', ...wrong }))
    sql("ALTER USER root@localhost IDENTIFIED BY 'closed'")
    const status = look(mysqlDb, { name: 'implied', check_implicit_admin: true })
    sql("ALTER USER root@localhost IDENTIFIED BY ''", '-pclosed')
    expect(status).toBe('ok')
  })

  test('mysql_db reads the files of the host beside that of the task, unless it may not', () => {
    const target = join(dir, 'words.sql')
    const words = (more: object) =>
      run(mysqlDb, { name: 'app', state: 'dump', target, ...more }).actions.map(action =>
        'script' in action ? action.script?.includes('/etc/mysql/my.cnf') : null,
      )
    expect([words({}), words({ restrict_config_file: true })]).toEqual([[true], [false]])
  })

  test('the configuration file says where the server is when it may', () => {
    const config_file = join(dir, 'client.cnf')
    writeFileSync(config_file, '[client]\nhost=127.0.0.1\nport=1\n')
    const args = { name: 'none', state: 'absent', config_file, login_unix_socket: undefined }
    expect(look(mysqlDb, { ...args, config_overrides_defaults: true })).toMatch(/127\.0\.0\.1/)
    expect(look(mysqlDb, { ...args, login_unix_socket: socket() })).toBe('ok')
  })

  test('mysql_variables tells and sets', () => {
    expect(run(mysqlVariables, { variable: 'max_connections' }).result.msg).toBe('151')
    holds(run(mysqlVariables, { variable: 'max_connections', value: 99 }))
    holds(run(mysqlVariables, { variable: 'slow_query_log', value: 'ON' }))
    expect(look(mysqlVariables, { variable: 'none', value: 1 })).toMatch(/not available/)
  })

  test('mysql_query tells rows with their types, and what changed', () => {
    const query = (args: object) => run(mysqlQuery, { login_db: 'app', ...args })
    sql(
      'DROP TABLE IF EXISTS app.q; CREATE TABLE app.q (id int, name varchar(20), price decimal(5,2), at datetime)',
    )
    const inserted = query({
      query: ['INSERT INTO q VALUES (%s, %s, %s, %s)', 'SELECT * FROM q'],
      positional_args: [1, "o'd\n\\ <&>", 2.5, '2026-01-02 03:04:05'],
    })
    expect(inserted.failed).toBe(true)
    const named = { id: 7, name: "o'd\n\\ <&>", none: null, at: '2026-01-02 03:04:05' }
    const made = query({
      query: 'INSERT INTO q VALUES (%(id)s, %(name)s, 2.5, %(at)s), (8, %(none)s, NULL, NULL)',
      named_args: named,
    })
    expect(made).toMatchObject({
      failed: false,
      changed: true,
      result: { rowcount: [2], query_result: [[]] },
    })
    const seen = query({
      query: ['SELECT * FROM q ORDER BY id;', 'UPDATE q SET id = 7 WHERE id = 7', 'SHOW TABLES LIKE "q"'],
    })
    expect(seen).toMatchObject({
      failed: false,
      changed: false,
      result: {
        rowcount: [2, 0, 1],
        query_result: [
          [
            { id: 7, name: "o'd\n\\ <&>", price: 2.5, at: '2026-01-02T03:04:05' },
            { id: 8, name: null, price: null, at: null },
          ],
          [],
          [{ 'Tables_in_app (q)': 'q' }],
        ],
      },
    })
  })

  test.each([
    ['CREATE TABLE IF NOT EXISTS made (a int)', true],
    ['CREATE TABLE IF NOT EXISTS made (a int)', false],
    ['ALTER TABLE made ADD b int', true],
    ['DELETE FROM made', false],
    ['DROP TABLE IF EXISTS made', true],
    ['DROP TABLE IF EXISTS made', false],
    ['SET @a = 1', false],
  ])('mysql_query: %s changes: %s', (query, changed) => {
    expect(run(mysqlQuery, { login_db: 'app', query })).toMatchObject({ failed: false, changed })
  })

  test('mysql_query does not repeat a query with a secret in it', () => {
    const secret = "hidden ' word"
    const context = { taints: (text: string) => text.includes(secret) }
    const query = (text: string) =>
      converge(mysqlQuery, { ...login(), query: text, positional_args: [secret] }, { context })
    expect(query('SELECT %s').result).toMatchObject({ executed_queries: ['SELECT %s'], rowcount: [1] })
    expect(query('SELECT %s FROM').result.msg).not.toContain('hidden')
  })

  test('mysql_query keeps nothing of a transaction that fails, and says which query it was', () => {
    sql('CREATE OR REPLACE TABLE app.kept (a int) ENGINE=InnoDB')
    const queries = { login_db: 'app', query: ['INSERT INTO kept VALUES (1)', 'SELECT nothing_like_it'] }
    const done = run(mysqlQuery, { ...queries, single_transaction: true })
    expect(done.result.msg).toMatch(/Cannot execute SQL 'SELECT nothing_like_it': .*Unknown column/)
    expect(sql('SELECT COUNT(*) FROM app.kept')).toBe('0')
    run(mysqlQuery, queries)
    expect(sql('SELECT COUNT(*) FROM app.kept')).toBe('1')
    expect(run(mysqlQuery, { query: 'SELECT 1', login_password: 'wrong' }).result.msg).toMatch(
      /unable to connect to database: .*Access denied/,
    )
  })
})

function waitFor(done: () => boolean): void {
  for (let left = 300; left > 0; left--) {
    try {
      if (done()) return
    } catch {
      // It does not answer yet.
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  }
  throw new Error('MariaDB does not come up or does not go')
}
