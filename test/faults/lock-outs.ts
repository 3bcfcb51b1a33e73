/** Ways to lock oneself out of a host, as tasks. The play logs in as deploy, who becomes root without a password. */
export interface LockOut {
  readonly name: string
  /** YAML, a list. */
  readonly tasks: string
  readonly handlers?: string
  /** Instead of a window that is short: a login has to be made in it before the host is cut off. */
  readonly guard?: string
  /** The controller is killed when this is true on the host, and then the host is treated so. */
  readonly cut?: { readonly when: string; readonly then: 'nothing' | 'reboot' }
}

const RESTART = `
- name: restart sshd
  service: {name: ssh, state: restarted}`

/** A drop-in of sshd, read when it is restarted. */
function sshd(name: string, lines: string, more = ''): LockOut {
  const content = JSON.stringify(`${lines}\n`)
  const tasks = `
- copy: {dest: /etc/ssh/sshd_config.d/00-test.conf, content: ${content}}
  notify: restart sshd
${more}`
  return { name, tasks, handlers: RESTART }
}

/** A command, which has to say what it may break. */
function command(name: string, text: string, paths: readonly string[]): LockOut {
  return {
    name,
    tasks: `\n- shell: ${JSON.stringify(text)}\n  guard: {within: 4s, paths: ${JSON.stringify(paths)}}`,
  }
}

const task = (name: string, tasks: string): LockOut => ({ name, tasks: `\n${tasks}` })

const PORT = "printf 'Port 2222\\n' >/etc/ssh/sshd_config.d/00-test.conf"

/** A change whose handlers never run. */
export const UNHANDLED: Pick<LockOut, 'tasks' | 'handlers'> = {
  tasks: `
- copy: {dest: /etc/ssh/sshd_config.d/00-test.conf, content: "PrintMotd no\\n"}
  notify: restart sshd
- fail: {msg: something else went wrong}`,
  handlers: RESTART,
}

export const LOCK_OUTS: readonly LockOut[] = [
  sshd('a wrong port', 'Port 2222'),
  sshd('a wrong address', 'ListenAddress 127.0.0.2'),
  sshd('nobody is allowed', 'AllowUsers nobody'),
  sshd('the user who logs in is denied', 'DenyUsers deploy'),
  sshd('no keys are taken', 'PubkeyAuthentication no'),
  sshd('keys are looked for elsewhere', 'AuthorizedKeysFile /nowhere'),
  sshd('sshd_config is broken and would not start again', 'Nonsense yes'),
  command(
    'sshd is restarted with a broken configuration',
    'echo Nonsense >>/etc/ssh/sshd_config; systemctl restart ssh',
    ['/etc/ssh/sshd_config'],
  ),
  command('sshd is made to listen elsewhere', `${PORT}; systemctl restart ssh`, ['/etc/ssh/sshd_config.d']),
  command(
    'sshd was started as often as systemd allows',
    `${PORT}; systemctl reset-failed ssh; for time in 1 2 3 4 5; do systemctl restart ssh; done`,
    ['/etc/ssh/sshd_config.d'],
  ),
  task('sshd is stopped', '- service: {name: ssh, state: stopped}'),
  task('sshd is stopped and masked', '- systemd: {name: ssh, state: stopped, masked: true}'),
  task('authorized_keys is emptied', '- copy: {dest: /home/deploy/.ssh/authorized_keys, content: ""}'),
  task(
    'only another key is left',
    `- authorized_key: {user: deploy, exclusive: true, key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJaVmE8uPHq1Yo3kJ3Jk8e8H4mWm4S3C0v0Y4bVQX6pA other"}`,
  ),
  task(
    'the folder of the keys can be written by all',
    '- file: {path: /home/deploy/.ssh, state: directory, mode: "0777"}',
  ),
  task('the folder of the keys is gone', '- file: {path: /home/deploy/.ssh, state: absent}'),
  task('the shell is /bin/false', '- user: {name: deploy, shell: /bin/false}'),
  task('the account has expired', '- user: {name: deploy, expires: 86400}'),
  task('the user is gone', '- user: {name: deploy, state: absent, force: true}'),
  task('sudo knows the user no more', '- file: {path: /etc/sudoers.d/deploy, state: absent}'),
  task(
    'sudo wants a password',
    '- copy: {dest: /etc/sudoers.d/deploy, content: "deploy ALL=(ALL) ALL\\n", mode: "0440"}',
  ),
  command('sudoers is broken', 'echo "deploy ALL=" >/etc/sudoers.d/deploy; echo "%" >>/etc/sudoers', [
    '/etc/sudoers',
    '/etc/sudoers.d',
  ]),
  task('PAM denies SSH', '- copy: {dest: /etc/pam.d/sshd, content: "account required pam_deny.so\\n"}'),
  task('PAM denies sudo', '- copy: {dest: /etc/pam.d/sudo, content: "account required pam_deny.so\\n"}'),
  task('nobody but root may log in', '- copy: {dest: /etc/nologin, content: "closed\\n"}'),
  task(
    'the firewall drops the port',
    '- iptables: {chain: INPUT, protocol: tcp, destination_port: "22", ctstate: [NEW], jump: DROP}',
  ),
  task('the firewall drops everything', '- iptables: {chain: INPUT, jump: DROP}'),
  task(
    'nftables drops everything, also what is open',
    `- copy:
    dest: /etc/nftables.conf
    content: |
      table inet test {
        chain input { type filter hook input priority -10; policy drop; }
      }
  notify: load the rules`,
  ),
  task(
    'a declared address does not answer',
    `- copy: {dest: /etc/ssh/sshd_config.d/00-test.conf, content: "PrintMotd no\\n"}
  guard: {within: 4s, via: ["127.0.0.1", ":9"]}`,
  ),
  task(
    'only a command knows the way back',
    `- shell: mkdir /run/kept; echo closed >/etc/nologin
  guard: {within: 4s, undo: "rm -r /run/kept /etc/nologin"}`,
  ),
  task(
    'ufw is enabled without a rule for SSH',
    '- ufw: {state: enabled, default: deny, direction: incoming}',
  ),
  {
    ...command('the controller is killed', `${PORT}; systemctl restart ssh; sleep 60`, [
      '/etc/ssh/sshd_config.d',
    ]),
    cut: { when: 'ss -ltn | grep -q :2222', then: 'nothing' },
  },
  {
    ...sshd(
      'the controller is killed while handlers are pending, and the host reboots',
      'Port 2222',
      '- command: sleep 60',
    ),
    guard: '{within: 20s, always: false}',
    cut: { when: 'grep -q hold /var/lib/vpai/guard/*/deadline', then: 'reboot' },
  },
  {
    ...command('the controller is killed, and the host reboots', `${PORT}; sleep 60`, [
      '/etc/ssh/sshd_config.d',
    ]),
    cut: { when: '[ -e /etc/ssh/sshd_config.d/00-test.conf ]', then: 'reboot' },
  },
  {
    ...command(
      'the controller is killed with the keys gone, and the host reboots',
      'rm -r /home/deploy/.ssh; sleep 60',
      ['/home/deploy/.ssh'],
    ),
    cut: { when: '[ ! -e /home/deploy/.ssh ]', then: 'reboot' },
  },
]
