import { describe, expect, it } from 'vitest'
import { riskOf } from '../../src/guard/risk.ts'
import type { Action } from '../../src/modules/contract.ts'

const risk = (module: string, args: object, actions: readonly Action[] = []) =>
  riskOf({ module, args, actions, subjects: [], login: 'deploy' })

describe('what can lock us out', () => {
  it.each([
    ['copy', { dest: '/etc/ssh/sshd_config' }, 'ssh'],
    ['template', { dest: '/etc/ssh/sshd_config.d/10-hardening.conf' }, 'ssh'],
    ['file', { path: '/etc/ssh' }, 'ssh'],
    ['file', { path: '/etc//ssh/../ssh/sshd_config.d/' }, 'ssh'],
    ['lineinfile', { path: '/etc/sudoers' }, 'sudo'],
    ['copy', { dest: '/etc/sudoers.d/deploy' }, 'sudo'],
    ['lineinfile', { path: '/etc/pam.d/sshd' }, 'login'],
    ['copy', { dest: '/etc/security/access.conf' }, 'login'],
    ['copy', { dest: '/home/deploy/.ssh/authorized_keys' }, 'login'],
    ['file', { path: '/home/deploy' }, 'login'],
    ['authorized_key', { user: 'deploy' }, 'login'],
    ['user', { name: 'deploy' }, 'login'],
    ['ufw', { state: 'enabled' }, 'firewall'],
    ['firewalld', { port: '80/tcp' }, 'firewall'],
    ['iptables', { chain: 'DOCKER-USER' }, 'firewall'],
    ['copy', { dest: '/etc/nftables.conf' }, 'firewall'],
    ['copy', { dest: '/etc/ufw/before.rules' }, 'firewall'],
    ['copy', { dest: '/etc/netplan/50-cloud-init.yaml' }, 'network'],
    ['copy', { dest: '/etc/network/interfaces' }, 'network'],
    ['copy', { dest: '/etc/network/interfaces.d/eth0' }, 'network'],
    ['template', { dest: '/etc/wireguard/wg0.conf' }, 'network'],
    ['service', { name: 'ssh', state: 'restarted' }, 'ssh'],
    ['service', { name: 'sshd.service', state: 'stopped' }, 'ssh'],
    ['systemd', { name: 'ssh', enabled: false }, 'ssh'],
    ['systemd', { name: 'ssh', masked: true }, 'ssh'],
    ['service', { name: 'nftables', state: 'started' }, 'firewall'],
    ['systemd', { name: 'wg-quick@wg0', state: 'restarted' }, 'network'],
    ['service', { name: 'tailscaled', state: 'stopped' }, 'network'],
  ])('is %s %j: %s', (module, args, area) => {
    expect(risk(module, args)?.areas).toEqual([area])
  })

  it.each([
    ['copy', { dest: '/etc/ssh/ssh_config' }],
    ['copy', { dest: '/etc/ssh/ssh_known_hosts' }],
    ['copy', { dest: '/etc/sshd_config' }],
    ['copy', { dest: '/etc/motd' }],
    ['copy', { dest: '/home/deploy/.profile' }],
    ['copy', { dest: '/home/other/.ssh/authorized_keys' }],
    ['authorized_key', { user: 'other' }],
    ['user', { name: 'other' }],
    ['service', { name: 'ssh', state: 'started', enabled: true }],
    ['service', { name: 'nginx', state: 'restarted' }],
    ['copy', { src: '/etc/ssh/sshd_config', dest: '/srv/kept' }],
    ['command', { cmd: 'systemctl stop ssh' }],
  ])('is not %s %j', (module, args) => {
    expect(risk(module, args)).toBeNull()
  })

  it('is what a module writes, wherever its arguments say it', () => {
    const action: Action = { do: 'put', path: '/etc/sudoers.d/x', content: new Uint8Array() }
    expect(risk('synchronize', { dest: '/etc/elsewhere' }, [action])?.areas).toEqual(['sudo'])
  })

  it('wants the configuration of sshd to be right before sshd is restarted, not before it is stopped', () => {
    expect(risk('service', { name: 'ssh', state: 'restarted' })?.must).toEqual(['sshd'])
    expect(risk('service', { name: 'ssh', state: 'stopped' })?.must).toEqual([])
  })

  it('knows the home of root', () => {
    const args = { dest: '/root/.ssh/authorized_keys' }
    expect(riskOf({ module: 'copy', args, actions: [], subjects: [], login: 'root' })?.areas).toEqual([
      'login',
    ])
    expect(risk('copy', args)).toBeNull()
  })
})
