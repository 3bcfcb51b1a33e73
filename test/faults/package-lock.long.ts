/** Another program holds the lock of dpkg: a deploy waits for it, or says so, and the next one goes through. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Deploys, hostTree } from './deploys.ts'
import { EmbeddedHost, whyNoEmbeddedHost } from './embedded-host.ts'
import type { FaultProject } from './project.ts'
import { keepResults } from './results.ts'

const reason = await whyNoEmbeddedHost()
if (reason !== null) console.warn(`no lock is held: ${reason}`)

/** As apt and dpkg take it; flock would not do. It lets go when its file is there. */
const HOLD = `cat >/root/hold <<'PERL'
use Fcntl;
for my $name ('lock-frontend', 'lock') {
  open(my $lock, '>>', "/var/lib/dpkg/$name") or die;
  my $whole = pack('s! s! x![l!] l! l! i x![l!]', F_WRLCK, 0, 0, 0, 0);
  fcntl($lock, F_SETLK, $whole) or die;
  push @locks, $lock;
}
open(my $held, '>', '/root/held'); close $held;
until (-e '/root/let-go') { select(undef, undef, undef, 0.1) }
PERL
perl /root/hold >/dev/null 2>&1 </dev/null &
for n in $(seq 1200); do [ ! -e /root/held ] || exit 0; sleep 0.05; done; exit 1`

const PACKAGE = `mkdir -p /root/small/DEBIAN /root/small/opt/small && echo small >/root/small/opt/small/file
printf 'Package: small\\nVersion: 1\\nArchitecture: all\\nMaintainer: nobody <n@example.org>\\nDescription: small\\n' >/root/small/DEBIAN/control
dpkg-deb --build /root/small /root/small.deb`

const SITE = `- hosts: all
  gather_facts: false
  tasks:
    - apt: { deb: /root/small.deb, lock_timeout: "{{ patience }}" }
    - copy: { content: "after it\\n", dest: "{{ target }}/after" }
`

describe.skipIf(reason !== null)('a dpkg that another program holds', () => {
  let host: EmbeddedHost
  let deploys: Deploys
  const found: Record<string, unknown> = {}
  beforeAll(async () => {
    deploys = new Deploys(name => host.place(name))
  })
  afterAll(() => {
    deploys?.remove()
    keepResults('package-lock', found)
  })

  async function held(name: string): Promise<FaultProject> {
    host = await EmbeddedHost.start()
    await host.sh(PACKAGE)
    await host.sh(HOLD)
    const project = deploys.project(name)
    writeFileSync(path.join(project.root, 'playbooks/site.yml'), SITE)
    return project
  }

  const deploy = (patience: number) => ['run', 'playbooks/site.yml', '-e', `patience=${patience}`]
  const isThere = () => host.sh('dpkg-query -W -f "\\${db:Status-Status}" small; cat /opt/small/file')

  it('is waited for', async () => {
    const project = await held('waits')
    try {
      const run = deploys.start(project, deploy(300))
      await host.sh(
        'for n in $(seq 1200); do pgrep -x apt-get >/dev/null && break; sleep 0.05; done; sleep 1; : >/root/let-go',
      )
      expect(await run.ended).toMatchObject({ status: 0 })
      expect(await isThere()).toBe('installedsmall\n')
      expect(hostTree(project)).toHaveLength(1)
      found['waited for'] = { code: 0, whole: 1 }
    } finally {
      await host.stop()
    }
  })

  it('is told of when it takes too long, and the next deploy goes through', async () => {
    const project = await held('fails')
    try {
      const { status, told } = await deploys.vpai(project, deploy(1))
      expect({ status, told }).toEqual({ status: 2, told: expect.stringMatching(/lock/) })
      expect(hostTree(project)).toEqual([])
      await host.sh(': >/root/let-go')
      expect(await deploys.vpai(project, deploy(300))).toMatchObject({ status: 0 })
      expect(await isThere()).toBe('installedsmall\n')
      found['told of, then deployed again'] = { code: status, whole: 1 }
    } finally {
      await host.stop()
    }
  })
})
