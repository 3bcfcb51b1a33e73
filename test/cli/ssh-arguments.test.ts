import { expect, it } from 'vitest'
import { readSshArguments } from '../../src/cli/wire/ssh-arguments.ts'

it.each([
  ['-J gate', { proxyJump: 'gate' }],
  ['-Jgate -p2222', { proxyJump: 'gate', port: 2222 }],
  ['-C -o ControlMaster=auto -o ProxyJump=ops@gate:22,two', { proxyJump: 'ops@gate:22,two' }],
  ["-o 'ProxyJump gate' -o Port=2200", { proxyJump: 'gate', port: 2200 }],
  ['-o ProxyCommand="ssh -W %h:%p -q ops@gate"', { proxyJump: 'ops@gate' }],
  ["-o 'ProxyCommand=ssh gate -W [%h]:%p'", { proxyJump: 'gate' }],
  ['-o ProxyCommand="nc -X 5 %h %p"', {}],
  ['-i ~/.ssh/a -i ~/.ssh/b -l deploy', { identityFile: '~/.ssh/a', user: 'deploy' }],
  ['-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null', {}],
  ['', {}],
])('%s', (text, found) => {
  expect(readSshArguments(text)).toEqual(found)
})
