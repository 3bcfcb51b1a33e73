import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

let place: Place

beforeEach(() => {
  place = aPlace({
    'inventory/hosts.yml': 'prod: { hosts: { web1: } }\nempty: { hosts: }\nother: { hosts: { web2: } }\n',
    'site.yml': `
- hosts: all
  tags: [everything]
  tasks:
    - ping:
      tags: motd
    - include_tasks: more.yml
      tags: extra
`,
    'more.yml': '- ping:\n  tags: inside\n',
    'open.yml': `
- hosts: all
  tasks:
    - include_tasks: "{{ inventory_hostname }}.yml"
      tags: always
`,
    'playbooks/site.yml': '- hosts: all\n  tasks: [ping:]\n',
  })
})
afterEach(() => place.remove())

describe('a tag that nobody has', () => {
  it.each([
    ['--tags mot', ['-t', 'mot'], /--tags: no task has the tag mot .*\n.*Did you mean motd\?/],
    ['--skip-tags motf', ['--skip-tags', 'motf'], /--skip-tags: no task has the tag motf/],
    ['one of two', ['-t', 'motd,nothing-like'], /no task has the tag nothing-like .*\n.*--list-tags/],
  ])('is warned of: %s', async (_what, flags, warning) => {
    const { code, err } = await place.run(['run', 'site.yml', '--list-tasks', ...flags])
    expect([code, err]).toEqual([0, expect.stringMatching(warning)])
  })

  it.each([
    ['of a task', 'site.yml', 'motd'],
    ['of the play', 'site.yml', 'everything'],
    ['of a task in an include', 'site.yml', 'inside'],
    ['with a meaning of its own', 'site.yml', 'untagged'],
    ['that an include which always runs may bring', 'open.yml', 'whatever'],
  ])('is not a tag %s', async (_what, playbook, tag) => {
    expect((await place.run(['run', playbook, '--list-tasks', '-t', tag])).err).toBe('')
  })
})

describe('a run that would reach nobody', () => {
  it.each([
    [['run', 'site.yml', '--list-hosts', '-l', 'web*:!web1:!web2'], 'LIMIT_NO_HOSTS'],
    [['deploy', 'prod', '--yes', '-l', 'web2'], 'LIMIT_NO_HOSTS'],
    [['deploy', 'prod', '--yes', '-l', 'wbe1'], 'INVENTORY_NO_MATCH'],
    [['deploy', 'empty', '--yes'], 'ENVIRONMENT_EMPTY'],
    [['plan', 'empty'], 'ENVIRONMENT_EMPTY'],
    [['exec', 'empty', '--', 'true'], 'INVENTORY_NO_HOSTS'],
  ])('is an error: %j', async (argv, errorCode) => {
    const { code, err } = await place.run(argv)
    expect([code, err]).toEqual([1, expect.stringContaining(`(${errorCode})`)])
  })

  it('is none where the playbook is only looked at', async () => {
    expect((await place.run(['deploy', 'empty', '--syntax-check'])).code).toBe(0)
  })
})

it('a key file that is not there is told of before any host', async () => {
  const { code, err, out } = await place.run(['run', 'site.yml', '--private-key', 'keys/none'])
  expect([code, out]).toEqual([1, ''])
  expect(err).toContain('--private-key: there is no file keys/none (OPTION_VALUE)')
})

it('a name that is no host is told of as what it was taken for', async () => {
  const { err } = await place.run(['ssh', 'some.example.org'])
  expect(err).toContain('some.example.org is no host of the inventory and was taken as an address')
})

it('an unknown connection is told once, before any host', async () => {
  const { code, err, out } = await place.run(['run', 'site.yml', '-c', 'sshh'])
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/--connection takes ssh or local, not sshh \(OPTION_VALUE\)\n.*Did you mean ssh\?/)
})
