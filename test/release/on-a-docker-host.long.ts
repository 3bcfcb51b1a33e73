import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { aPlace, type Place, type Ran } from '../cli/io.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'
import { BOTH, ONE, site, TIDY_STATE, tidyProject } from './tidy-project.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`no release is gone back to on a host with Docker: ${reason}`)

/** Two real images under one moving name; a container is healthy as long as its release is told to be. */
const FIRST = 'redis:8.0-bookworm'
const SECOND = 'caddy:2.10.2-alpine'
const MOVING = 'shop/web:latest'

const COMPOSE = `services:
  web:
    image: ${MOVING}
    entrypoint: [sh, -c, "echo here is {{ text }}; sleep 100000 & wait"]
    stop_grace_period: 1s
    volumes: ["/srv/state:/state:ro", "./app.conf:/app.conf:ro"]
    healthcheck: { test: ["CMD", "sh", "-c", "test -e /state/{{ text }}"], interval: 1s, timeout: 5s, retries: 2 }
  side:
    image: ${SECOND}
    entrypoint: [sh, -c, "sleep 100000 & wait"]
    stop_grace_period: 1s
`
const MODES = { one: { mode: '0750', file_mode: '0600' }, two: { mode: '0755', file_mode: '0640' } }
const PHASES = ['folder', 'files', 'compose', 'health'] as const
const failing = (phase: (typeof PHASES)[number]) => `
    - fail: { msg: "as asked" }
      when: fail_after == '${phase}'`
const SITE = `
- hosts: prod
  gather_facts: false
  become: true
  tasks:
    - file: { path: /opt/shop, state: directory, mode: "{{ mode }}" }${failing('folder')}
    - copy: { content: "key={{ key }} {{ text }}\\n", dest: /opt/shop/app.conf, mode: "{{ file_mode }}" }
      notify: Reload
    - template: { src: compose.yml.j2, dest: /opt/shop/compose.yml, mode: "0644" }
    - copy: { content: new, dest: /opt/shop/only-later }
      when: text == 'two'${failing('files')}
    - docker_compose_v2: { project_src: /opt/shop, project_name: shop, pull: missing, files: [compose.yml] }${failing('compose')}
    - docker_container_health: { name: shop-web-1, delay: 1, max_delay: 1 }${failing('health')}
  handlers:
    - name: Reload
      shell: cat /opt/shop/app.conf >>/srv/reloaded
`

/** Of a container that does not get well. */
const SAID = /its last log lines:\s+(.*)/g
const isNumber = (name: string) => /^\d+$/.test(name)

describe.skipIf(reason !== null)('on a host with Docker, going back', () => {
  let testbed: Testbed
  let host: SandboxInfo
  let place: Place
  let tidy: Place
  const on = async (command: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const state = () =>
    on(`cd /opt/shop; stat -c '%n %a %U' . *; sha256sum *; docker inspect -f '{{.Name}} {{.Image}} {{.State.Health.Status}}' shop-web-1
docker inspect -f '{{.Name}} {{.Id}}' shop-side-1`)
  const deploy = async (text: 'one' | 'two', failAfter = 'none', image = text === 'one' ? FIRST : SECOND) => {
    await on(`docker tag ${image} ${MOVING}`)
    const vars = { ...MODES[text], text, key: 'not-for-everybody', fail_after: failAfter }
    place.write('inventory/group_vars/all.yml', JSON.stringify(vars))
    return place.run(['deploy', 'prod', '--yes'])
  }
  const vpai = (...argv: string[]) => place.run(argv)
  const newest = async () =>
    String(Number((await on('ls /var/lib/vpai/shop/releases')).split('\n').filter(isNumber).at(-1)))
  const fine = ({ code, out, err }: Ran) =>
    expect({ code, told: code === 0 ? '' : out + err }).toEqual({ code: 0, told: '' })

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0] as SandboxInfo
    place = aPlace({
      'vpai.yml': 'name: shop\nreleases: { keep: 20 }\n',
      'playbooks/site.yml': SITE,
      'playbooks/templates/compose.yml.j2': COMPOSE,
    })
    const one = {
      ansible_host: '127.0.0.1',
      ansible_port: host.port,
      ansible_user: 'deploy',
      ansible_ssh_private_key_file: host.privateKeyPath,
      vpai_known_hosts_file: host.knownHostsPath,
    }
    place.write('inventory/hosts.yml', JSON.stringify({ all: { children: { prod: { hosts: { one } } } } }))
    tidy = tidyProject({ one })
    await on(
      `docker pull -q ${FIRST} && docker pull -q ${SECOND}; mkdir -p /srv/state; touch /srv/state/one /srv/state/two`,
    )
  })
  afterAll(async () => {
    place?.remove()
    tidy?.remove()
    await testbed?.stop()
  })

  let first = ''
  let second = ''

  it('has two releases: another image under the same name, other files and modes', async () => {
    fine(await deploy('one'))
    first = await state()
    fine(await deploy('two'))
    second = await state()
    expect(second).not.toBe(first)
    expect(second.split('\n').at(-1)).toBe(first.split('\n').at(-1))
    const differs = await vpai('diff', '1', '2', 'prod')
    expect(differs.out).toContain('image of shop/web')
    expect(differs.out).toContain('+    entrypoint: [sh, -c, "echo here is two; sleep 100000 & wait"]')
    expect(differs.out).not.toContain('not-for-everybody')
  })

  it('brings back files, modes and the image by its id, also where only the release still names it', async () => {
    await on(`docker rmi ${FIRST}; docker image prune -f`)
    fine(await vpai('rollback', 'prod', '--yes', '--wait', '60'))
    expect(await state()).toBe(first)
    expect(await on('tail -n 1 /srv/reloaded')).toBe('key=not-for-everybody one')
    expect((await vpai('diff', '1', '3', 'prod')).out).toBe('one: no difference\n')
    await on(`docker tag ${MOVING} ${FIRST}`)
  })

  it.each(PHASES)('from a deploy that failed after its %s brings back all of it', async phase => {
    expect((await deploy('two', phase)).code).toBe(2)
    expect(await state()).not.toBe(first)
    fine(await vpai('rollback', 'prod', '--yes', '--wait', '60'))
    expect(await state()).toBe(first)
  })

  it('changes one service and the files of its project, and nothing else, when told so', async () => {
    fine(await deploy('two'))
    const back = await vpai('rollback', 'prod', '--to', '1', '--service', 'web', '--yes', '--wait', '60')
    fine(back)
    const now = await state()
    expect(now).toContain('/opt/shop/only-later'.slice('/opt/shop/'.length))
    expect(now.split('\n').slice(-2)).toEqual(first.split('\n').slice(-2))
  })

  it('to a release that does not get well puts the newer one back, and says what the older one said', async () => {
    fine(await deploy('two'))
    const newer = await state()
    await on('rm /srv/state/one')
    const back = await vpai('rollback', 'prod', '--to', '1', '--yes', '--wait', '8')
    expect([back.code, back.err]).toEqual([2, expect.stringMatching(/Release \d+ is back/)])
    expect([...back.out.matchAll(SAID)].map(([, text]) => text)).toEqual(['here is one'])
    expect(await state()).toBe(newer)
  })

  it('to a release that does not get well, from one that does not either, says what both said and ends', async () => {
    const files = 'cd /opt/shop; stat -c "%n %a %U" . *; sha256sum *; docker inspect -f {{.Image}} shop-web-1'
    const newer = await on(files)
    await on('rm -f /srv/state/*')
    const back = await vpai('rollback', 'prod', '--to', '1', '--yes', '--wait', '6')
    expect([back.code, back.err]).toEqual([
      2,
      expect.stringMatching(
        /Release 1 could not be gone back to: .*\nRelease \d+ could not be put back either/s,
      ),
    ])
    expect([...back.out.matchAll(SAID)].map(([, text]) => text)).toEqual(['here is one', 'here is two'])
    expect(await on(files)).toBe(newer)
    await on('touch /srv/state/one')
    fine(await vpai('rollback', 'prod', '--to', '1', '--yes', '--wait', '60'))
    expect(await vpai('diff', '1', await newest(), 'prod')).toMatchObject({
      code: 0,
      out: 'one: no difference\n',
    })
  })

  describe('what a role has brought', () => {
    let kept = ''
    let both = ''
    const now = () => on(TIDY_STATE)
    const deployed = (roles: string, ...more: string[]) => {
      tidy.write('playbooks/site.yml', site(roles))
      return tidy.run(['deploy', 'prod', '--yes', ...more])
    }

    it('is told when the role is gone, and stays', async () => {
      fine(await deployed(ONE))
      kept = await now()
      fine(await deployed(BOTH))
      both = await now()
      expect(both).not.toBe(kept)
      const told = await deployed(ONE)
      fine(told)
      expect(told.out.match(/no longer declared: one: /g)).toHaveLength(17)
      expect(await now()).toBe(both)
    })

    it('goes with --prune, but for what another role declares; the second time nothing is left', async () => {
      const plan = await tidy.run(['plan', 'prod', '--prune'])
      expect([plan.code, await now()]).toEqual([2, both])
      fine(await deployed(ONE, '--prune'))
      expect(await now()).toBe(kept)
      const again = await deployed(ONE, '--prune')
      fine(again)
      expect(again.out).not.toContain('no longer declared')
      expect((await tidy.run(['plan', 'prod', '--prune'])).code).toBe(0)
    })

    it('goes with remove, but for what another role declares; the second time nothing is left', async () => {
      fine(await deployed(BOTH))
      expect(await now()).toBe(both)
      fine(await tidy.run(['remove', 'old', 'prod', '--yes']))
      expect(await now()).toBe(kept)
      const again = await tidy.run(['remove', 'old', 'prod', '--yes'])
      expect([again.code, again.err]).toEqual([
        0,
        expect.stringContaining('Nothing on these hosts is of role old'),
      ])
    })
  })
})
