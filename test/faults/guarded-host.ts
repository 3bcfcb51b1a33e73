/** A host that may lock us out, looked at from behind: through its container. */
import { setTimeout as sleep } from 'node:timers/promises'
import { docker } from '../../src/sandbox/docker-engine.ts'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { BuiltProject, type Finished, finished } from '../built/built-project.ts'
import type { LockOut } from './lock-outs.ts'

export interface Event {
  readonly type: string
  readonly reason?: string
  readonly undone?: readonly string[]
  readonly status?: string
  readonly name?: string
}

/** Everything that decides whether one can log in. */
const STATE = `
exec 2>&1
for path in /etc/ssh /etc/sudoers /etc/sudoers.d /etc/pam.d /etc/security /etc/nologin /etc/ufw /etc/default/ufw /etc/nftables.conf \\
  /etc/netplan /etc/network /etc/systemd/network /etc/wireguard /home/deploy/.ssh; do
  [ -e "$path" ] || { echo "$path absent"; continue; }
  find "$path" -exec stat -c '%n %F %a %U:%G %N' {} + | sort
  find "$path" -type f -exec cksum {} + | sort
done
grep '^deploy:' /etc/passwd /etc/shadow /etc/group /etc/gshadow
systemctl is-active ssh ufw nftables; systemctl is-enabled ssh ufw nftables
ls -A /var/lib/vpai/guard 2>/dev/null
ls /etc/systemd/system/vpai-guard* /etc/systemd/system/*/vpai-guard*
find /etc /home/deploy -name '*vpai*'
[ "$1" = files ] && exit 0
iptables-save | sed -e '/^#/d' -e 's/ \\[.*//'
ip6tables-save | sed -e '/^#/d' -e 's/ \\[.*//'
nft list tables | grep -v ' ip6* \\(filter\\|nat\\)'
exit 0`

const LOAD = `
- name: load the rules
  command: nft -f /etc/nftables.conf
  guard: {within: 4s, paths: [/etc/nftables.conf]}`

export class GuardedHost {
  readonly #info: SandboxInfo
  readonly #project: BuiltProject

  constructor(program: string, info: SandboxInfo) {
    this.#info = info
    this.#project = new BuiltProject(program)
    this.#project.writeHosts(info, { ansible_user: 'deploy', ansible_timeout: 5 })
  }

  /** What is on the host, by way of its container. */
  async sh(script: string, ...args: readonly string[]): Promise<string> {
    return docker(['exec', this.#info.container ?? '', 'sh', '-c', script, 'sh', ...args])
  }

  /** `files`: without the rules of the firewall, which a reboot loads anew. */
  state(what: 'all' | 'files'): Promise<string> {
    return this.sh(STATE, what)
  }

  /** Lines of the state that are not what they were. */
  async changedSince(before: string, what: 'all' | 'files' = 'all'): Promise<readonly string[]> {
    const [then, now] = [before.split('\n'), (await this.state(what)).split('\n')]
    const more = (lines: string[], than: string[]) => lines.filter(line => !than.includes(line))
    return [...more(then, now).map(line => `-${line}`), ...more(now, then).map(line => `+${line}`)]
  }

  /** For whoever reads that a test failed. */
  trouble(): Promise<string> {
    return this.sh(
      'cat /var/lib/vpai/guard/*/report; ls -la /var/lib/vpai/guard/*; systemctl status ssh; sshd -t; journalctl -n 40 --no-pager; true',
    )
  }

  write({ tasks, handlers = LOAD }: Pick<LockOut, 'tasks' | 'handlers'>, guard: string): void {
    const indented = (text: string) => text.replaceAll('\n', '\n    ')
    this.#project.write(
      'site.yml',
      `- hosts: web1
  become: true
  gather_facts: false
  guard: ${guard}
  tasks:${indented(tasks)}
  handlers:${indented(handlers)}
`,
    )
  }

  async run(args: readonly string[] = []): Promise<Finished & { readonly events: readonly Event[] }> {
    const ended = await this.#project.vpai([
      'run',
      'site.yml',
      '-i',
      'hosts.yml',
      '--output',
      'ndjson',
      ...args,
    ])
    const lines = ended.stdout.split('\n').filter(line => line.startsWith('{'))
    return { ...ended, events: lines.map(line => JSON.parse(line) as Event) }
  }

  /** Kills the run as soon as `when` is true on the host. */
  async cut({ when, then }: NonNullable<LockOut['cut']>): Promise<void> {
    const child = this.#project.start(['run', 'site.yml', '-i', 'hosts.yml', '--output', 'ndjson'])
    const end = finished(child)
    await this.until(when)
    child.kill('SIGKILL')
    await end
    if (then === 'reboot') await docker(['restart', '-t', '0', this.#info.container ?? ''])
  }

  async until(condition: string): Promise<void> {
    const end = Date.now() + 240_000
    while (
      !(await this.sh(condition).then(
        () => true,
        () => false,
      ))
    ) {
      if (Date.now() > end) throw new Error(`did not come true: ${condition}`)
      await sleep(100)
    }
  }

  /** Can one log in and become root? Asked until the time is up. */
  async untilLogin(): Promise<string> {
    const end = Date.now() + 240_000
    for (;;) {
      const ended = await this.#project.vpai(['exec', 'web1', '-i', 'hosts.yml', 'sudo -n id -u'])
      if (ended.code === 0) return 'in'
      if (Date.now() > end) return `out: ${ended.stdout}${ended.stderr}`
      await sleep(300)
    }
  }

  /** What the next run tells as it looks at the host. */
  async told(): Promise<readonly Event[]> {
    // Without the handler that a former test may have left due: it would run now.
    this.write({ tasks: '\n- stat: {path: /}', handlers: ' []' }, '{within: 60s, always: false}')
    return (await this.run()).events.filter(one => one.type === 'guard.fired')
  }

  remove(): void {
    this.#project.remove()
  }
}
