import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAnsibleCfg } from '../../src/inventory/ansible-cfg.ts'

const parse = (text: string) => parseAnsibleCfg(text, 'ansible.cfg')

test('the settings that mean something are read, the others are named', () => {
  const { settings, ignored, problems } = parse(`# comment
[defaults]
inventory = inventory/prod.yml, inventory/lab
roles_path: roles:~/roles   ; with a comment
remote_user = deploy
private_key_file=~/.ssh/id_ed25519
host_key_checking = False
forks = 20
stdout_callback = yaml
constructor = x
[ssh_connection]
pipelining = True
`)
  expect(settings).toEqual({
    inventory: ['inventory/prod.yml', 'inventory/lab'],
    rolesPath: ['roles', '~/roles'],
    remoteUser: 'deploy',
    privateKeyFile: '~/.ssh/id_ed25519',
    hostKeyChecking: false,
    forks: 20,
  })
  expect(ignored).toEqual(['constructor'])
  expect(problems.map(({ code, severity }) => [code, severity])).toEqual([
    ['ANSIBLE_CFG_IGNORED', 'warning'],
    ['ANSIBLE_CFG_HOST_KEYS', 'warning'],
  ])
})

test('other sections count as well', () => {
  const { settings, problems } = parse(`[privilege_escalation]
become = yes
become_method = ansible.builtin.su
become_user = app
become_ask_pass = no
[diff]
always = true
[ssh_connection]
ssh_args = -o ProxyJump=gate -o ControlPersist=60s
pipelining = True
[defaults]
gathering = smart
fact_caching = ansible.builtin.jsonfile
fact_caching_connection = .facts
fact_caching_timeout = 0
timeout = 30
remote_port = 2222
nocows = 1
[galaxy]
server_list = x
`)
  expect(problems).toEqual([])
  expect(settings).toEqual({
    become: true,
    becomeMethod: 'su',
    becomeUser: 'app',
    becomeAskPass: false,
    diffAlways: true,
    sshArgs: '-o ProxyJump=gate -o ControlPersist=60s',
    gathering: 'smart',
    factCaching: 'jsonfile',
    factCachingConnection: '.facts',
    factCachingTimeout: 0,
    timeout: 30,
    remotePort: 2222,
  })
})

test('a comma at the end makes a list of hosts', () => {
  expect(parse('[defaults]\ninventory = a,b,').settings.inventory).toEqual(['a,b,'])
})

test.each([
  ['forks = many', 'ANSIBLE_CFG_VALUE', 2],
  ['forks = 0', 'ANSIBLE_CFG_VALUE', 2],
  ['host_key_checking = perhaps', 'ANSIBLE_CFG_VALUE', 2],
  ['inventory =', 'ANSIBLE_CFG_VALUE', 2],
  ['gathering = lazy', 'ANSIBLE_CFG_VALUE', 2],
  ['fact_caching = redis', 'ANSIBLE_CFG_VALUE', 2],
  ['hash_behaviour = merge', 'INVENTORY_HASH_MERGE', 2],
  ['oops', 'ANSIBLE_CFG_SYNTAX', 2],
])('%s is told with its line', (line, code, number) => {
  const { problems } = parse(`[defaults]\n${line}`)
  expect(problems).toEqual([
    expect.objectContaining({ code, position: { file: 'ansible.cfg', line: number, column: 1 } }),
  ])
})

test('hash_behaviour = replace is what happens anyway', () => {
  expect(parse('[defaults]\nhash_behaviour = replace').problems).toEqual([])
})

test('any text is read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => parse(`[defaults]\n${text}`).settings !== null),
  )
})
