import { expect, it } from 'vitest'
import { csvValues, iniValues, type LookupOptions } from '../../src/files/table-lookups.ts'

const FILES: Readonly<Record<string, string>> = {
  'data.csv': 'alice,1000,"Alice ""A"", Smith"\nbob,1001,Bob\n',
  'ansible.csv': 'x\t1\ty y\nz\t2\tw\n',
  'u.ini':
    '[DEFAULT]\nbase = /srv\n[integration]\n# comment\nUser = root\npath = %(base)s/x\nmulti = one\n  two\npct = 100%%\n[other]\nuser: joe\n',
  'u.properties': 'user.name=prop\nuser.x = y\n',
}
const read = (name: string): string => FILES[name] ?? ''

it.each<[string, LookupOptions, unknown]>([
  ['bob file=data.csv delimiter=, col=2', {}, ['Bob']],
  ['alice', { file: 'data.csv', delimiter: ',', col: 2 }, ['Alice "A", Smith']],
  ['nobody file=data.csv delimiter=, default=none', {}, ['none']],
  ['nobody file=data.csv delimiter=,', {}, []],
  ['x', {}, ['1']],
  ['1001 file=data.csv delimiter=, keycol=1 col=0', {}, ['bob']],
])('csvfile: %s %o', (term, options, values) => {
  expect(csvValues(term, options, read)).toEqual(values)
})

it('csvfile: a column that is not there is an error', () => {
  expect(() => csvValues('x col=7', {}, read)).toThrow(expect.objectContaining({ code: 'LOOKUP_VALUE' }))
})

it.each<[string, LookupOptions, unknown]>([
  ['user section=integration file=u.ini', {}, ['root']],
  ['user', { section: 'other', file: 'u.ini' }, ['joe']],
  ['path section=integration file=u.ini', {}, ['/srv/x']],
  ['multi section=integration file=u.ini', {}, ['one\ntwo']],
  ['pct section=integration file=u.ini', {}, ['100%']],
  ['base section=other file=u.ini', {}, ['/srv']],
  ['nope section=integration file=u.ini default=d', {}, ['d']],
  ['nope section=integration file=u.ini', {}, ['']],
  ['User section=integration file=u.ini case_sensitive=true', {}, ['root']],
  ['user.name type=properties file=u.properties', {}, ['prop']],
  ['.*', { section: 'integration', file: 'u.ini', re: true }, ['/srv', 'root', '/srv/x', 'one\ntwo', '100%']],
])('ini: %s %o', (term, options, values) => {
  expect(iniValues(term, options, read)).toEqual(values)
})
