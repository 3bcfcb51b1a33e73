import { afterEach, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

const SITE = '- hosts: all\n  tasks: []\n'
const HOST = 'one: { ansible_connection: local }'
let place: Place | undefined
afterEach(() => place?.remove())

it.each([
  ['a host', `all: { hosts: { ${HOST} } }`, 'one', '`vpai deploy all --limit one` means it alone'],
  ['a slip', `prod: { hosts: { ${HOST} } }`, 'prdo', 'Known: prod'],
  ['nothing to choose from', `all: { hosts: { ${HOST} } }`, 'prod', '`all` means every host'],
])('an environment that is %s is told what to type', async (_, hosts, name, hint) => {
  place = aPlace({ 'inventory/hosts.yml': `${hosts}\n`, 'playbooks/site.yml': SITE })
  const { code, err } = await place.run(['deploy', name, '--yes'])
  expect([code, err]).toEqual([1, expect.stringContaining(hint)])
  expect(err).toContain('ENVIRONMENT_UNKNOWN')
})
