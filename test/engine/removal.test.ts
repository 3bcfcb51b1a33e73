import { describe, expect, it } from 'vitest'
import type { Resource } from '../../src/base/resource.ts'
import { removalsOf } from '../../src/engine/removal.ts'
import type { Context } from '../../src/modules/contract.ts'
import { findModule } from '../../src/modules/index.ts'
import { ownedPath } from '../../src/modules/shared/owned-path.ts'
import type { PathSeen, ReadSeen } from '../../src/probes/contract.ts'

const file = (path: string, type: 'file' | 'directory' | 'link' = 'file'): Resource => ({
  kind: 'file',
  path,
  type,
})
const unit = { kind: 'unit', name: 'app.service', scope: 'system' } as const

describe('what is no longer declared', () => {
  it('goes before what it hangs on', () => {
    const resources: Resource[] = [
      file('/srv/app', 'directory'),
      file('/srv/app/data', 'directory'),
      file('/srv/app/compose.yml'),
      { kind: 'sysctl', name: 'a.b', file: '/etc/sysctl.d/a.conf' },
      unit,
      { kind: 'network', name: 'n' },
      file('/etc/systemd/system/app.service'),
      { kind: 'compose', project: 'app', directory: '/srv/app', files: [] },
    ]
    const { steps, reloads } = removalsOf(resources)
    expect([
      reloads,
      steps.map(({ resource }) => ('path' in resource ? resource.path : resource.kind)),
    ]).toEqual([
      true,
      [
        'compose',
        'network',
        'unit',
        'sysctl',
        '/etc/systemd/system/app.service',
        '/srv/app/compose.yml',
        '/srv/app/data',
        '/srv/app',
      ],
    ])
  })

  it.each<[string, Resource]>([
    ['a package', { kind: 'package', name: 'nginx' }],
    ['a user', { kind: 'user', name: 'u' }],
    ['a group', { kind: 'group', name: 'g' }],
    ['a volume', { kind: 'volume', name: 'v' }],
    ['a mount', { kind: 'mount', path: '/m' }],
    ['a clone', { kind: 'tree', path: '/srv/x' }],
    ['a unit that a package brought', unit],
    ['a path that leads through ..', file('/srv/../etc/x')],
  ])('stays where it is, with a reason: %s', (_title, resource) => {
    const { steps, left } = removalsOf([resource])
    expect([steps, left.size]).toEqual([[], 1])
  })

  it.each<Resource>([
    { kind: 'cron', user: 'u', name: 'n', file: null, variable: false },
    { kind: 'cron', user: 'u', name: 'N', file: '/etc/cron.d/f', variable: true },
    { kind: 'rule', firewall: 'ufw', rule: { rule: 'allow', port: '80', proto: 'tcp' } },
    { kind: 'rule', firewall: 'firewalld', rule: { port: '80/tcp', state: 'enabled', permanent: true } },
    { kind: 'rule', firewall: 'iptables', rule: { chain: 'INPUT', jump: 'DROP' } },
    { kind: 'container', name: 'c' },
    { kind: 'network', name: 'n' },
    { kind: 'sysctl', name: 'a', file: '/f' },
  ])('is said to its module in words it takes: %j', resource => {
    const [step] = removalsOf([resource]).steps
    const module = findModule(step?.module ?? '')
    const args = module?.args().parse(step?.args)
    expect(module?.declares?.(args, {}, {} as Context)).toEqual([])
  })
})

describe('a path that is to go', () => {
  const stat = (type: string) => ({ type, mode: 0o644 }) as unknown as PathSeen
  const decide = (path: string, about: string, found: PathSeen = stat('file')) =>
    ownedPath.decide(
      { path, type: 'file' },
      {
        has: () => true,
        get: key =>
          (key.kind === 'read' ? ({ code: 0, stdout: about, stderr: '' } as ReadSeen) : found) as never,
      },
      {} as Context,
    )

  it.each<[string, string, string, PathSeen, string]>([
    ['is removed', '/srv/a', '', stat('file'), 'change'],
    ['is left when it is gone', '/srv/a', '', { type: 'absent' }, 'ok'],
    ['stays when a package brought it', '/srv/a', '/var/lib/dpkg/info/a.list\n', stat('file'), 'skip'],
    ['stays when it is something else by now', '/srv/a', '', stat('directory'), 'skip'],
    ['stays when nobody could log in without it', '/etc/ssh/sshd_config', '', stat('file'), 'skip'],
    ['stays when every host has it', '/home/ada/.ssh/authorized_keys', '', stat('file'), 'skip'],
    ['stays at the top of the host', '/srv', '', stat('file'), 'skip'],
  ])('%s', (_title, path, about, found, kind) => {
    expect(decide(path, about, found).kind).toBe(kind)
  })
})
