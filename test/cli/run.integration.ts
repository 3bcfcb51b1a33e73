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

it.each([
  ['exec', ['exec', 'nobody', '--', 'true'], 'INVENTORY_NO_MATCH'],
  ['logs', ['logs', 'no-such-service'], 'SERVICE_UNKNOWN'],
  ['restart', ['restart', 'no-such-service', '--yes'], 'SERVICE_UNKNOWN'],
])('%s does not end well where it found nothing to act on', async (_name, argv, code) => {
  place = aPlace({ 'inventory/hosts.yml': HOSTS })
  const ran = await place.run(argv)
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(code)])
  expect(ran.out).not.toMatch(/^ +changed/m)
})

it('a password is not asked for where nobody can answer', async () => {
  place = aPlace({ 'inventory/hosts.yml': HOSTS })
  const { code, err } = await place.run(['exec', 'here', '-b', '-K', '--', 'true'])
  expect([code, err]).toEqual([1, expect.stringContaining('PASSWORD_MISSING')])
})

it.each([
  [['run', '--chekc', 'site.yml'], '(see `vpai run --help`)'],
  [['secrets', 'get'], '(see `vpai secrets get --help`)'],
])('%j is sent to the help of its own command', async (argv, hint) => {
  place = aPlace()
  const { code, err } = await place.run(argv)
  expect([code, err]).toEqual([1, expect.stringContaining(hint)])
})

it('exec shows what the command printed, on a terminal too', async () => {
  place = aPlace({ 'inventory/hosts.yml': HOSTS })
  const { code, out } = await place.run(['exec', 'here', '--', 'echo $((6 * 7))'], { stdoutIsTty: true })
  expect([code, out]).toEqual([0, expect.stringMatching(/^ +42$/m)])
})
