import { describe, expect, it } from 'vitest'
import { postgresqlPrivs } from '../../src/modules/postgresql_privs.ts'
import { postgresqlQuery } from '../../src/modules/postgresql_query.ts'
import { postgresqlUser } from '../../src/modules/postgresql_user.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import { ident, literal } from '../../src/modules/shared/postgres.ts'
import { bareQuery, fillIn, isChange } from '../../src/modules/shared/postgres-query.ts'
import {
  isVerifier,
  md5Verifier,
  passwordMatches,
  scramVerifier,
} from '../../src/modules/shared/postgres-verifier.ts'
import { type Answers, brief, decideWith, drive } from './tables.ts'

it.each([
  ['a', '"a"', `'a'`],
  ['a"b', '"a""b"', `'a"b'`],
  [`it's`, `"it's"`, `'it''s'`],
  [String.raw`a\'b`, String.raw`"a\'b"`, String.raw`E'a\\''b'`],
])('%s is quoted', (text, name, value) => {
  expect([ident(text), literal(text)]).toEqual([name, value])
})

describe('a verifier', () => {
  const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  // RFC 7677, section 3.
  const RFC =
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU='

  it('of SCRAM is as the standard has it', () => {
    expect(scramVerifier('pencil', SALT)).toBe(RFC)
  })

  it.each<[string, string, string | null, boolean]>([
    ['the password', 'pencil', RFC, true],
    ['another password', 'pen', RFC, false],
    ['the verifier itself', RFC, RFC, true],
    ['an old verifier', 'pencil', md5Verifier('pencil', 'ada'), true],
    ['an old verifier of another role', 'pencil', md5Verifier('pencil', 'bob'), false],
    ['no password', '', null, true],
    ['no password where there is one', '', RFC, false],
    ['a password where there is none', 'pencil', null, false],
    ['what is no verifier', 'pencil', 'pencil', false],
  ])('is compared: %s', (_why, wanted, stored, says) => {
    expect(passwordMatches(wanted, 'ada', stored)).toBe(says)
  })

  it.each([
    ['md5', false],
    [md5Verifier('a', 'b'), true],
    ['SCRAM-SHA-256$x', false],
    [RFC, true],
  ])('is told from a password: %s', (text, says) => {
    expect(isVerifier(text)).toBe(says)
  })
})

it.each<[string, Parameters<typeof fillIn>[1], string]>([
  ['a %s %%', undefined, 'a %s %%'],
  ['%s %s %%', [`it's`, null], `'it''s' NULL %`],
  ['%s %s %s', [true, 1.5, ['a', 2]], `true 1.5 ARRAY['a', 2]`],
  ['%(a)s %(b)s', { a: 'x', b: [] }, `'x' '{}'`],
])('fills in %s', (query, values, sql) => {
  expect(fillIn(query, values)).toEqual({ sql })
})

it.each<[string, Parameters<typeof fillIn>[1], RegExp]>([
  ['%s', [], /no value for %s number 1/],
  ['%(a)s', {}, /no value for %\(a\)s/],
  ['%s', [1, 2], /takes 1 arguments, and 2 were given/],
  ['%s', [{}], /no value/],
])('says what cannot be filled in: %s', (query, values, says) => {
  expect(fillIn(query, values)).toEqual({ problem: expect.stringMatching(says) })
})

it.each([
  ['SELECT 1', false],
  ['INSERT 0 0', false],
  ['INSERT 0 2', true],
  ['DELETE 0', false],
  ['CREATE TABLE', true],
  ['SHOW', false],
])('the status %s is a change: %s', (status, says) => {
  expect(isChange(status)).toBe(says)
})

it('sends a query without the semicolon at its end', () => {
  expect(bareQuery('SELECT 1;; \n')).toBe('SELECT 1')
})

const server: Answers = key =>
  key.kind === 'read' ? { code: 0, stdout: '{"method":"scram-sha-256","role":null}', stderr: '' } : undefined

it('a password reaches the server as a verifier, and no result', () => {
  const verdict = decideWith(postgresqlUser, { name: 'ada', password: 'hunter2' }, server)
  const { actions } = drive(verdict)
  expect(JSON.stringify([actions, verdict])).not.toContain('hunter2')
  expect(actions).toMatchObject([{ stdin: expect.stringContaining('SCRAM-SHA-256$4096:') }])
  expect(verdict).toMatchObject({ result: { queries: [`CREATE USER "ada" PASSWORD '********'`] } })
})

it('the password of the login stands in no script', () => {
  const keys = postgresqlUser.keys(
    postgresqlUser.args().parse({ name: 'a', login_password: 'hunter2' }),
    undefined!,
  )
  for (const key of keys) if (key.kind === 'read') expect(key.script + key.name).not.toContain('hunter2')
  const { actions } = drive(
    decideWith(postgresqlQuery, {
      query: 'SELECT %s',
      positional_args: ['hunter2'],
      login_password: 'hunter2',
    }),
  )
  for (const action of actions) if (action.do === 'run') expect(action.script).not.toContain('hunter2')
})

it('says where psql is missing, and what the server says', () => {
  const answers =
    (code: number, stderr: string): Answers =>
    key =>
      key.kind === 'read' ? { code, stdout: '', stderr } : undefined
  expect(brief(decideWith(postgresqlUser, { name: 'a' }, answers(127, '')))).toMatch(
    /install the package postgresql-client/,
  )
  expect(brief(decideWith(postgresqlUser, { name: 'a' }, answers(2, 'psql: error: no route')))).toBe(
    'fail: unable to connect to database: psql: error: no route',
  )
  expect(
    brief(
      decideWith(
        postgresqlUser,
        { name: 'a', password: 'x' },
        answers(3, 'ERROR:  permission denied for table pg_authid'),
      ),
    ),
  ).toMatch(/Set no_password_changes: true/)
})

it.each([
  ['priv', anyModule(postgresqlUser), { name: 'a', priv: 'ALL' }, 'use postgresql_privs'],
  [
    'a flag that is none',
    anyModule(postgresqlUser),
    { name: 'a', role_attr_flags: 'FLY' },
    'must be of: SUPERUSER',
  ],
  [
    'privileges of a group',
    anyModule(postgresqlPrivs),
    { login_db: 'a', roles: 'a', type: 'group', objs: 'b', privs: 'ALL' },
    'every type but group',
  ],
  [
    'default privileges of nothing',
    anyModule(postgresqlPrivs),
    { login_db: 'a', roles: 'a', type: 'default_privs', objs: 'X', privs: 'ALL' },
    'of default_privs are of',
  ],
  [
    'two kinds of arguments',
    anyModule(postgresqlQuery),
    { query: 'a', positional_args: [], named_args: {} },
    'give one of',
  ],
])('refuses %s', (_title, module, args, says) => {
  expect(JSON.stringify(module.args().safeParse(args).error?.issues)).toContain(says)
})
