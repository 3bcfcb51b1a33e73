import { describe, expect, it } from 'vitest'
import { opensshArguments } from '../../src/cli/wire/openssh-arguments.ts'
import type { SshTarget } from '../../src/connections/ssh-target.ts'

function aTarget(changes: Partial<SshTarget> = {}): SshTarget {
  return {
    host: 'web1',
    port: 2222,
    user: 'deploy',
    identityFiles: ['/keys/a'],
    agent: null,
    hostKeys: { pinned: [], knownHostsFiles: ['/p/known'], policy: 'strict' },
    ...changes,
  }
}

describe('opensshArguments', () => {
  it('name port, user, key and known hosts, and keep ~/.ssh/config from adding a proxy', () => {
    expect(opensshArguments(aTarget())).toEqual([
      ...['-p', '2222', '-l', 'deploy', '-i', '/keys/a'],
      ...['-o', 'UserKnownHostsFile="/p/known"', '-o', 'StrictHostKeyChecking=yes'],
      ...['-o', 'ProxyCommand=none', 'web1'],
    ])
  })

  it.each([
    ['an alias', { alias: 'w' }, 'HostKeyAlias=w'],
    ['accept-new', { policy: 'accept-new' as const }, 'StrictHostKeyChecking=accept-new'],
    ['names with spaces and %', { knownHostsFiles: ['/a b', '/50%'] }, 'UserKnownHostsFile="/a b" "/50%%"'],
  ])('tell %s', (_what, changes, option) => {
    const { hostKeys } = aTarget()
    expect(opensshArguments(aTarget({ hostKeys: { ...hostKeys, ...changes } }))).toContain(option)
  })

  it('log in to each jump host as its own user, with its own key, through the one before', () => {
    const hop = (host: string) => aTarget({ host, user: `on-${host}`, identityFiles: [`/keys/${host}`] })
    const proxy = opensshArguments(aTarget({ proxyJump: [hop('first'), hop('second')] })).find(one =>
      one.startsWith('ProxyCommand='),
    )
    expect(proxy).toMatch(/^ProxyCommand=ssh -p 2222 -l on-second .*-W '\[%h\]:%p' second$/)
    expect(proxy).toContain('-l on-first')
    expect(proxy).toContain('[%%h]:%%p')
  })
})
