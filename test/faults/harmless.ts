/** Changes to what may lock us out that do not. */
import type { LockOut } from './lock-outs.ts'

export interface Harmless extends Pick<LockOut, 'name' | 'tasks' | 'handlers'> {
  /** Instead of a long window for what is known to be risky. */
  readonly guard?: string
}

const RESTART = `
- name: restart sshd
  service: {name: ssh, state: restarted}`

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJaVmE8uPHq1Yo3kJ3Jk8e8H4mWm4S3C0v0Y4bVQX6pA other'

const task = (name: string, tasks: string): Harmless => ({ name, tasks: `\n${tasks}` })

export const HARMLESS: readonly Harmless[] = [
  {
    name: 'a drop-in of sshd is written and sshd is restarted',
    tasks: `
- copy: {dest: /etc/ssh/sshd_config.d/50-a.conf, content: "ClientAliveInterval 300\\n"}
  notify: restart sshd`,
    handlers: RESTART,
  },
  {
    name: 'several files change before the handler',
    tasks: `
- lineinfile: {path: /etc/ssh/sshd_config, line: "# kept by hand"}
  notify: restart sshd
- copy: {dest: /etc/ssh/sshd_config.d/51-b.conf, content: "MaxAuthTries 5\\n"}
  notify: restart sshd
- file: {path: /etc/ssh/sshd_config.d/51-b.conf, mode: "0600"}`,
    handlers: RESTART,
  },
  {
    name: 'other work between the change and its handler takes longer than the window',
    guard: '{within: 30s, always: false}',
    tasks: `
- copy: {dest: /etc/ssh/sshd_config.d/52-c.conf, content: "LoginGraceTime 90\\n"}
  notify: restart sshd
- command: sleep 35`,
    handlers: RESTART,
  },
  {
    name: 'the change itself takes longer than the window',
    tasks: `
- shell: sleep 35; echo '# c' >>/etc/ssh/sshd_config
  guard: {within: 30s, paths: [/etc/ssh/sshd_config]}`,
  },
  {
    name: 'the connection is made anew before the handler',
    tasks: `
- copy: {dest: /etc/ssh/sshd_config.d/53-d.conf, content: "MaxSessions 20\\n"}
  notify: restart sshd
- meta: reset_connection
- command: "true"`,
    handlers: RESTART,
  },
  {
    name: 'handlers are flushed and more follows',
    tasks: `
- copy: {dest: /etc/ssh/sshd_config.d/54-e.conf, content: "PrintMotd no\\n"}
  notify: restart sshd
- meta: flush_handlers
- copy: {dest: /etc/ssh/sshd_config.d/54-e.conf, content: "PrintMotd yes\\n"}
  notify: restart sshd`,
    handlers: RESTART,
  },
  task('sshd is reloaded', '- service: {name: ssh, state: reloaded}'),
  task('sshd is restarted', '- systemd: {name: ssh, state: restarted}'),
  task(
    'a drop-in is removed',
    `- copy: {dest: /etc/ssh/sshd_config.d/55-f.conf, content: "PrintMotd no\\n"}
  guard: false
- file: {path: /etc/ssh/sshd_config.d/55-f.conf, state: absent}`,
  ),
  task('a key is added', `- authorized_key: {user: deploy, key: "${KEY}"}`),
  task(
    'a key is removed',
    `- authorized_key: {user: deploy, key: "${KEY}"}
  guard: false
- authorized_key: {user: deploy, key: "${KEY}", state: absent}`,
  ),
  task('keys are put right', '- file: {path: /home/deploy/.ssh, state: directory, mode: "0750"}'),
  task('the comment of the account changes', '- user: {name: deploy, comment: Deployer}'),
  task('the account gets a group', '- user: {name: deploy, groups: [adm], append: true}'),
  task(
    'sudo learns of another user',
    '- copy: {dest: /etc/sudoers.d/ops, content: "ops ALL=(ALL) ALL\\n", mode: "0440"}',
  ),
  task(
    'a comment comes into sudoers',
    '- lineinfile: {path: /etc/sudoers, line: "# kept by hand", validate: "visudo -cf %s"}',
  ),
  task(
    'limits are set',
    '- copy: {dest: /etc/security/limits.d/50-a.conf, content: "* soft nofile 4096\\n"}',
  ),
  task('PAM gets a comment', '- lineinfile: {path: /etc/pam.d/sshd, line: "# kept by hand"}'),
  task(
    'a rule is added to the firewall',
    '- iptables: {chain: INPUT, protocol: tcp, destination_port: "8080", jump: ACCEPT}',
  ),
  task(
    'a loop adds rules, with one login',
    `- iptables: {chain: INPUT, protocol: tcp, destination_port: "{{ item }}", jump: ACCEPT}
  loop: ["8081", "8082", "8083"]`,
  ),
  task(
    'rules of nftables are written and loaded',
    `- copy:
    dest: /etc/nftables.conf
    content: |
      table inet kept {
        chain input { type filter hook input priority 10; policy accept; tcp dport 22 accept; }
      }
  notify: load the rules`,
  ),
  task(
    'ufw is enabled with a rule for SSH',
    `- ufw: {rule: allow, port: "22", proto: tcp}
- ufw: {state: enabled, default: deny, direction: incoming}`,
  ),
  task(
    'an address is configured for later',
    '- copy: {dest: /etc/systemd/network/90-a.network, content: "# none\\n"}',
  ),
  task('a command is guarded by its keyword', '- command: touch /run/guarded\n  guard: true'),
  task(
    'a block is guarded',
    `- guard: {within: 60s}
  block:
    - command: touch /run/guarded
    - copy: {dest: /run/guarded, content: "a\\n"}`,
  ),
]
