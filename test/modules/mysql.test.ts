import { expect, it } from 'vitest'
import { mysqlDb } from '../../src/modules/mysql_db.ts'
import { mysqlUser } from '../../src/modules/mysql_user.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import {
  grantSql,
  privilegeEdits,
  readGrants,
  readPrivileges,
} from '../../src/modules/shared/mysql-privileges.ts'
import { type Answers, aContext, brief, decideWith, drive } from './tables.ts'

/** The statements that lead from what SHOW GRANTS tells to what is wanted. */
function statements(
  priv: string,
  grants: readonly string[],
  mode: 'exact' | 'append' | 'subtract' = 'exact',
) {
  const wanted = readPrivileges(priv)
  if (typeof wanted === 'string') return wanted
  return privilegeEdits(wanted, readGrants(grants), mode).flatMap(edit => grantSql(edit, 'me'))
}

const HOLDS = [
  'GRANT USAGE ON *.* TO `me`@`%`',
  'GRANT SELECT, INSERT (`a`, `b`) ON `app`.`t` TO `me`@`%` WITH GRANT OPTION',
]

it.each<[string, string, readonly string[], string[]]>([
  ['gives what is missing', 'app.*:select,insert', [], ['GRANT SELECT, INSERT ON `app`.* TO me']],
  ['is done', 'app.t:SELECT,INSERT(a,b),GRANT', HOLDS, []],
  [
    'takes what is not wanted',
    'app.t:SELECT',
    HOLDS,
    ['REVOKE INSERT (a, b) ON `app`.`t` FROM me', 'REVOKE GRANT OPTION ON `app`.`t` FROM me'],
  ],
  [
    'takes other places',
    '*.*:USAGE',
    HOLDS,
    [
      'REVOKE SELECT ON `app`.`t` FROM me',
      'REVOKE INSERT (a, b) ON `app`.`t` FROM me',
      'REVOKE GRANT OPTION ON `app`.`t` FROM me',
    ],
  ],
  ['knows all', 'app.*:ALL', ['GRANT ALL PRIVILEGES ON `app`.* TO `me`@`%`'], []],
  [
    'narrows all',
    'app.*:SELECT',
    ['GRANT ALL PRIVILEGES ON `app`.* TO `me`@`%`'],
    ['REVOKE ALL ON `app`.* FROM me', 'GRANT SELECT ON `app`.* TO me'],
  ],
  [
    'hands on',
    '*.*:ALL,GRANT',
    ['GRANT ALL PRIVILEGES ON *.* TO `me`@`%`'],
    ['GRANT USAGE ON *.* TO me WITH GRANT OPTION'],
  ],
])('privileges: %s', (_why, priv, grants, says) => {
  expect(statements(priv, grants)).toEqual(says)
})

it('privileges may be added to, and taken from', () => {
  expect(statements('app.t:UPDATE', HOLDS, 'append')).toEqual(['GRANT UPDATE ON `app`.`t` TO me'])
  expect(statements('app.t:SELECT,UPDATE', HOLDS, 'subtract')).toEqual(['REVOKE SELECT ON `app`.`t` FROM me'])
  expect(statements('app:SELECT', [])).toMatch(/is no privilege such as/)
})

const server: Answers = key =>
  key.kind === 'read' ? { code: 0, stdout: '{"maria": 1, "account": null}\n', stderr: '' } : undefined

it('a password reaches MariaDB as a hash, and the login no script', () => {
  const args = { name: 'a', password: 'hunter2', login_user: 'root', login_password: 'hunter2' }
  const verdict = decideWith(mysqlUser, args, server)
  const { actions } = drive(verdict)
  expect(actions).toMatchObject([
    { stdin: expect.stringContaining("IDENTIFIED BY PASSWORD '*58815970BE77B3720276F63DB198B1FA42E5CC02'") },
  ])
  for (const action of actions)
    if (action.do === 'run') expect(String(action.script) + action.stdin).not.toContain('hunter2')
  for (const key of mysqlUser.keys(mysqlUser.args().parse(args), aContext()))
    if (key.kind === 'read') expect(key.script + key.name).not.toContain('hunter2')
  const told = verdict.kind === 'change' ? [verdict.changes, verdict.result] : []
  expect(JSON.stringify(told)).toMatch(/account.*User changed/)
  expect(JSON.stringify(told)).not.toContain('hunter2')
})

it('says where the client is missing', () => {
  const answers: Answers = key => (key.kind === 'read' ? { code: 127, stdout: '', stderr: '' } : undefined)
  expect(brief(decideWith(mysqlUser, { name: 'a' }, answers))).toMatch(
    /install mariadb-client or mysql-client/,
  )
})

it.each([
  [
    'column_case_sensitive',
    anyModule(mysqlUser),
    { name: 'a', column_case_sensitive: false },
    'cannot be honoured',
  ],
  [
    'tls_requires',
    anyModule(mysqlUser),
    { name: 'a', tls_requires: { ssl: null, cipher: 'x' } },
    'stand alone',
  ],
  ['resource_limits', anyModule(mysqlUser), { name: 'a', resource_limits: { max_joins: 1 } }, 'MAX_JOINS'],
  ['session_vars', anyModule(mysqlUser), { name: 'a', session_vars: { 'a=1; x': 1 } }, 'names of variables'],
  [
    'append and subtract',
    anyModule(mysqlUser),
    { name: 'a', append_privs: true, subtract_privs: true },
    'give one of',
  ],
  [
    'a clear text as a hash',
    anyModule(mysqlUser),
    { name: 'a', password: 'x', encrypted: true },
    'must be a hash',
  ],
  ['a dump to nowhere', anyModule(mysqlDb), { name: 'a', state: 'dump' }, 'is needed for dump and import'],
  [
    'all databases to be dropped',
    anyModule(mysqlDb),
    { name: 'all', state: 'absent' },
    'for dump and import only',
  ],
])('refuses %s', (_title, module, args, says) => {
  expect(JSON.stringify(module.args().safeParse(args).error?.issues)).toContain(says)
})
