/** Drift of each kind, made by hand on an embedded host that is reached over ssh. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { driftDocument, driftLine } from '../../src/drift/document.ts'
import { EmbeddedHost, whyNoEmbeddedHost } from '../faults/embedded-host.ts'
import { aPlace, type Place } from './io.ts'

const reason = await whyNoEmbeddedHost()
if (reason !== null) console.warn(`no drift is made on an embedded host: ${reason}`)

const ODD = `/srv/drift/an odd "name" with 'quotes', a \\ and ünicode`
const PLAIN = ['text', 'mode', 'owner', 'gone', 'turned'].map(name => `/srv/drift/${name}`)
const SITE = `
- hosts: prod
  gather_facts: false
  tasks:
    - file: { path: /srv/drift/folder, state: directory, mode: "0755" }
    - copy: { content: "one\\n", dest: "{{ item }}", mode: "0644" }
      loop: ${JSON.stringify([...PLAIN, ODD])}
    - copy: { content: "{{ key }}\\n", dest: /srv/drift/closed, mode: "0600" }
    - copy: { content: "{{ key }} for all\\n", dest: /srv/drift/masked, mode: "0644" }
    - file: { path: /srv/drift/link, state: link, src: text }
    - apt: { name: [vpai-gone, vpai-newer] }
`
const PACKAGES = `cd /root; mkdir -p p/DEBIAN; make() {
printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: nobody <n@localhost>\\nDescription: none\\n' "$1" "$2" >p/DEBIAN/control
dpkg-deb -b p "$1-$2.deb"; }
make vpai-gone 1.0; make vpai-newer 1.0; dpkg -i *.deb; make vpai-newer 1.1`
const LISTEN = `setsid busybox nc -l -p 8099 </dev/null >/dev/null 2>&1 &
until ss -Htln | grep -q :8099; do sleep 0.05; done`
const BY_HAND = `cd /srv/drift; echo two >text; echo hidden >closed; echo two >an*odd*; echo aVerySecretWord77 two >masked
chmod 600 mode; chown 1 owner; chmod 700 folder; rm gone turned; mkdir turned; ln -sfn closed link
dpkg -P vpai-gone; dpkg -i /root/vpai-newer-1.1.deb; ${LISTEN}`

describe.skipIf(reason !== null)('vpai drift', () => {
  let host: EmbeddedHost
  let place: Place
  const drift = async (...flags: string[]) => {
    const { code, out, err } = await place.run(['drift', 'prod', '--output', 'json', ...flags])
    expect(err).toBe('')
    const document = JSON.parse(out)
    expect(driftDocument.parse(document)).toEqual(document)
    const { findings, ...about } = document.hosts.one
    return { code, about, findings: findings as Record<string, unknown>[] }
  }

  beforeAll(async () => {
    host = await EmbeddedHost.start()
    const { info } = host
    const one = {
      ansible_host: info.host,
      ansible_port: info.port,
      ansible_user: info.user,
      ansible_ssh_private_key_file: info.privateKeyPath,
      vpai_host_key: info.hostKey,
    }
    place = aPlace({ 'vpai.yml': 'name: shop\n', 'playbooks/site.yml': SITE })
    place.write('inventory/hosts.yml', JSON.stringify({ all: { children: { prod: { hosts: { one } } } } }))
    expect((await place.run(['secrets', 'init'])).code).toBe(0)
    expect((await place.run(['secrets', 'set', 'key'], { stdin: 'aVerySecretWord77' })).code).toBe(0)
    await host.sh(`${PACKAGES}; mkdir -p /srv/drift`)
  })
  afterAll(async () => {
    place?.remove()
    await host?.stop()
  })

  it('says that there is no release, and what to do', async () => {
    const { code, out } = await place.run(['drift', 'prod'])
    expect([code, out]).toEqual([3, expect.stringContaining('hint: a deploy makes one')])
  })

  it('is nothing right after a deploy, and leaves files and record as they were', async () => {
    const { code, err } = await place.run(['deploy', 'prod', '--yes'])
    expect([code, err]).toEqual([0, ''])
    const all =
      "find /srv/drift /var/lib/vpai -printf '%p %m %U %T@ %C@ %l\\n' | sort; find /srv/drift /var/lib/vpai -type f -exec sha256sum {} + | sort"
    const before = await host.sh(all)
    expect(await drift()).toMatchObject({ code: 0, findings: [], about: { state: 'same' } })
    expect((await place.run(['status', 'prod'])).code).not.toBe(4)
    expect(await host.sh(all)).toBe(before)
    expect(before).toContain('releases/0000000001/manifest')
  })

  it('tells all that was done by hand, each with what the host knows of it, and nothing else', async () => {
    await host.sh(BY_HAND)
    const { code, findings } = await drift()
    expect(code).toBe(2)
    expect(findings.map(({ kind, subject, problem }) => [kind, subject, problem])).toEqual([
      ['file', '/srv/drift/folder', 'attributes'],
      ['file', '/srv/drift/text', 'content'],
      ['file', '/srv/drift/mode', 'attributes'],
      ['file', '/srv/drift/owner', 'attributes'],
      ['file', '/srv/drift/gone', 'gone'],
      ['file', '/srv/drift/turned', 'type'],
      ['file', ODD, 'content'],
      ['file', '/srv/drift/closed', 'content'],
      ['file', '/srv/drift/masked', 'content'],
      ['file', '/srv/drift/link', 'target'],
      ['package', 'vpai-gone', 'gone'],
      ['package', 'vpai-newer', 'version'],
      ['port', '8099/tcp', 'came'],
    ])
    const TOLD = { file: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/, package: /dpkg\.log: .* vpai-/, port: /^$/ }
    for (const { kind, evidence } of findings)
      expect(String(evidence)).toMatch(TOLD[kind as keyof typeof TOLD])
    expect(findings.at(-1)?.is).toMatch(/ on every address$/)
  })

  it('shows with --diff what everybody may read, secrets masked, and nothing of the rest', async () => {
    const { out } = await place.run(['drift', 'prod', '--diff'])
    expect(out).toContain('-one\n      +two')
    expect(out).toContain('+[secret] two')
    expect(out).not.toMatch(/hidden|aVerySecretWord/)
  })

  it('streams lines of its schema, the exit code last', async () => {
    const { out } = await place.run(['drift', 'prod', '--output', 'ndjson'])
    const lines = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(line => driftLine.parse(line))).toEqual(lines)
    expect(lines.slice(-2).map(({ type }) => type)).toEqual(['host', 'exit'])
    expect(lines.at(-1)).toMatchObject({ exitCode: 2 })
  })

  it('names a host that is not reached beside those that are', async () => {
    place.write(
      'inventory/more.yml',
      'all: { children: { prod: { hosts: { two: { ansible_host: 127.0.0.1, ansible_port: 1 } } } } }',
    )
    const { code, out, err } = await place.run(['drift', 'prod'])
    place.write('inventory/more.yml', '{}')
    expect([code, err]).toEqual([4, ''])
    expect(out).toMatch(/one: drift[\s\S]*two: unreachable: /)
  })
})
