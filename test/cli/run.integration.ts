import { afterEach, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

let place: Place | undefined
afterEach(() => place?.remove())

const HOSTS = 'all:\n  hosts:\n    here: { ansible_connection: local }\n'
const SITE =
  '- hosts: all\n  gather_facts: false\n  tasks:\n    - assert: { that: near == "playbook" and far == "inventory" }\n'

it('variables beside the playbook count, and win over those beside the inventory', async () => {
  place = aPlace()
  place.write('inventory/hosts.yml', HOSTS)
  place.write('inventory/group_vars/all.yml', 'near: inventory\nfar: inventory\n')
  place.write('playbooks/group_vars/all.yml', 'near: playbook\n')
  place.write('playbooks/site.yml', SITE)
  const { code, out } = await place.run(['run', 'playbooks/site.yml', '--output', 'plain'])
  expect([code, out]).toEqual([0, expect.stringContaining('ok=1')])
})

it('hosts that failed are those of the next --limit @retry', async () => {
  place = aPlace()
  place.write(
    'inventory/hosts.yml',
    'all:\n  hosts:\n    one: { ansible_connection: local }\n    two: { ansible_connection: local }\n',
  )
  place.write(
    'site.yml',
    '- hosts: all\n  gather_facts: false\n  tasks:\n    - fail: { msg: no }\n      when: inventory_hostname == "two" and not fixed | default(false)\n',
  )
  expect((await place.run(['run', 'site.yml'])).code).toBe(2)
  const again = await place.run([
    'run',
    'site.yml',
    '--limit',
    '@retry',
    '-e',
    'fixed=true',
    '--output',
    'json',
  ])
  expect([again.code, Object.keys(JSON.parse(again.out).stats)]).toEqual([0, ['two']])
  const none = await place.run(['run', 'site.yml', '--limit', '@retry'])
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('RETRY_NOTHING')])
})

it('a secret too short to be hidden everywhere is told of by name, never by value', async () => {
  place = aPlace()
  place.write('inventory/hosts.yml', HOSTS)
  place.write('site.yml', '- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: { msg: x }\n')
  await place.run(['secrets', 'init'])
  await place.run(['secrets', 'set', 'pin'], { stdin: 'ab12' })
  const { code, err, out } = await place.run(['run', 'site.yml'])
  expect([code, err]).toEqual([0, expect.stringMatching(/pin in .*secrets\.age.*SECRETS_WEAK/)])
  expect(out + err).not.toContain('ab12')
})
