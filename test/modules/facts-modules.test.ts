import { expect, it } from 'vitest'
import { isDict } from '../../src/base/value.ts'
import { packageFacts } from '../../src/modules/package_facts.ts'
import { serviceFacts } from '../../src/modules/service_facts.ts'
import { setup } from '../../src/modules/setup.ts'
import { type Answers, brief, decideWith } from './tables.ts'

const read =
  (stdout: string): Answers =>
  key =>
    key.kind === 'read' ? { code: 0, stdout, stderr: '' } : undefined
const facts: Answers = () => ({ hostname: 'box', os_family: 'Debian', default_ipv4: { address: '10.0.0.1' } })

it.each<[string, object, string[]]>([
  ['all', {}, ['ansible_hostname', 'ansible_os_family', 'ansible_default_ipv4']],
  ['those of a pattern', { filter: 'ansible_os*' }, ['ansible_os_family']],
  [
    'those of names without the prefix',
    { filter: ['hostname', '*ipv4'] },
    ['ansible_hostname', 'ansible_default_ipv4'],
  ],
])('setup gives %s', (_why, args, names) => {
  const verdict = decideWith(setup, args, facts)
  expect('result' in verdict && Object.keys(verdict.result?.ansible_facts as object)).toEqual(names)
})

it('setup tells the subset that was asked for', () => {
  const args = { gather_subset: ['!all', 'local'], filter: 'gather_subset' }
  expect(decideWith(setup, args, () => ({ gather_subset: ['all'] }))).toMatchObject({
    result: { ansible_facts: { gather_subset: ['!all', 'local'] } },
  })
})

it.each<[string, object, string | null]>([
  ['subsets of Ansible', { gather_subset: ['!all', 'min', '!hardware'] }, null],
  ['a mistyped subset', { gather_subset: 'netwrok' }, 'Did you mean network?'],
])('setup and %s', (_why, args, problem) => {
  const parsed = setup.args().safeParse(args)
  if (problem === null) expect(parsed.success).toBe(true)
  else expect(parsed.error?.message).toContain(problem)
})

it('service_facts joins states and enablement', () => {
  const text =
    'systemd\nunit ssh.service loaded active running\nunit x.service loaded failed failed\nunit y.service loaded inactive dead\nunit z.service not-found inactive dead\nfile ssh.service enabled\nfile x.service enabled\nfile cron.service disabled\nfile t@.service static\n'
  expect(decideWith(serviceFacts, {}, read(text))).toMatchObject({
    result: {
      ansible_facts: {
        services: {
          'ssh.service': { state: 'running', status: 'enabled', source: 'systemd' },
          'x.service': { state: 'stopped', status: 'failed' },
          'y.service': { state: 'stopped', status: 'inactive' },
          'z.service': { state: 'stopped', status: 'not-found' },
          't@.service': { state: 'unknown', status: 'static' },
          'cron.service': { state: 'inactive', status: 'disabled' },
        },
      },
    },
  })
})

it('package_facts lists every version', () => {
  expect(
    decideWith(
      packageFacts,
      {},
      read('=apt\n|curl|8.1|amd64|web|\n|libc6|2|amd64||\n|libc6|2|i386||\n=rpm\n'),
    ),
  ).toMatchObject({
    result: {
      ansible_facts: {
        packages: {
          curl: [{ version: '8.1', source: 'apt', category: 'web' }],
          libc6: [{ arch: 'amd64' }, { arch: 'i386' }],
        },
      },
    },
  })
})

it.each<[object, string]>([
  [{}, 'a'],
  [{ strategy: 'all' }, 'a b'],
  [{ manager: 'rpm' }, 'b'],
  [{ manager: ['apk', 'yum'] }, 'b'],
  [{ manager: 'apk' }, 'fail: Could not detect a package manager of apk on the host'],
])('package_facts asks the managers it is told to: %j', (args, says) => {
  const verdict = decideWith(packageFacts, args, read('=apt\n|a|1|amd64||\n=rpm\n|b|1|noarch|1|0\n'))
  const facts = verdict.kind === 'ok' ? verdict.result?.ansible_facts : undefined
  const names =
    isDict(facts) && isDict(facts.packages) ? Object.keys(facts.packages).join(' ') : brief(verdict)
  expect(names).toBe(says)
})

it('package_facts fails where it knows no manager', () => {
  expect(brief(decideWith(packageFacts, {}, read('')))).toMatch(/^fail/)
})

it.each([setup, serviceFacts, packageFacts])('$name refuses a key it does not know', module => {
  expect(module.args().safeParse({ colour: 'red' }).success).toBe(false)
})
