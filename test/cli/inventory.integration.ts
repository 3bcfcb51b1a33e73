/** What `vpai inventory` shows beside what the real ansible-inventory (Debian's ansible-core) shows. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

// Ansible keeps its temporary files below its home.
const ansibleHome = mkdtempSync(path.join(tmpdir(), 'vpai-ansible-'))
process.env.ANSIBLE_HOME = ansibleHome
afterAll(() => rmSync(ansibleHome, { recursive: true, force: true }))

const hasAnsible = spawnSync('ansible-inventory', ['--version']).status === 0
if (!hasAnsible) console.warn('skipped: no `ansible-inventory` program here (apt-get install ansible-core)')

const INI = `; comment
lone ansible_host=10.0.0.9
jumper:2222 ansible_user=x
[2001:db8::1]:22
[web]
web[01:03:2].example.org http_port=80 note="two words" frac=1.5 yes_=yes t=True n=None h=#x lst="['a', 'b']" d={'a':1} zero=0644 hex=0x10 neg=-3 quo='"q"' sp='a b' eq=a=b
db-[a:c] x=1 # trailing
alias1 ansible_host=1.2.3.4 ansible_port=22 pw='p#w'
[web:vars]
a=1
b = two words here
c="quoted"
d=['x', 1, True]
e={'k': 'v'}
f=True
g=true
h=None
i = 'single'
j=a # comment
k="a # b"
l=0777
m=1_000
n=1e3
o=\${HOME}
p=
q=\\\\n
r="a\\nb"
s = [1,2]
[prod:children]
web   # comment
db
[db]
db-a
[db:vars]
z=5
[ungrouped]
strange
[all:vars]
glob=1
`

const HOSTS = `all:
  children:
    dc:
      children:
        web: {hosts: {h1: {env: prod, os: Debian, tags: [a, b-c], port: 80, m: {k: v, e: ''}}, h2: {env: dev, empty: ''}}}
        db: {hosts: {h3: {env: prod, os: RedHat}}}
  vars: {region: eu-1}
`

const CONSTRUCTED = `plugin: ansible.builtin.constructed
compose:
  fqdn: inventory_hostname ~ '.' ~ env ~ '.' ~ region
  has: "'web' in group_names"
  nope: undefined_thing + 1
groups:
  production: env == 'prod'
  debs: os is defined and os == 'Debian'
  never: missing == 1
keyed_groups:
  - {key: env, prefix: env}
  - {key: "os | default('none')", separator: "", prefix: os_, parent_group: systems}
  - {key: "tags | default([])", prefix: tag}
  - {key: "port | default('')", prefix: port}
  - {key: "m | default({})", prefix: m}
  - {key: "empty | default('')", prefix: em, default_value: nothing}
  - {key: region}
`

const GENERATOR = `plugin: generator
hosts:
  name: "{{ operation }}_{{ application }}_runner"
  parents:
    - name: "{{ operation }}_{{ application }}"
      parents:
        - {name: "{{ operation }}", vars: {operation: "{{ operation }}"}}
        - {name: "{{ application }}"}
    - {name: runner}
layers:
  operation: [build, launch]
  application: [web, api]
`

const BY_HOST = `#!/bin/sh
if [ "$1" = --list ]; then echo '{"g1":{"hosts":["p1","p2"],"vars":{"gv":1}},"g2":["p3"],"g3":{"children":["g1"]}}'
else echo "{\\"me\\":\\"$2\\"}"; fi
`

const WITH_META = `#!/bin/sh
touch "$(dirname "$0")/ran"
echo '{"g":{"hosts":["q1"]},"_meta":{"hostvars":{"q1":{"x":[1,2]}}}}'
`

let place: Place

function ansible(args: readonly string[]): string {
  const env = { ...process.env, ANSIBLE_INVENTORY_ENABLED: 'host_list,script,auto,yaml,ini' }
  const { stdout, stderr, status } = spawnSync('ansible-inventory', args, {
    cwd: place.folder,
    encoding: 'utf8',
    env,
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

describe.skipIf(!hasAnsible)('an inventory', () => {
  beforeAll(() => {
    place = aPlace({
      'vpai.yml': 'name: shop\n',
      'hosts.ini': INI,
      'mixed/10-hosts.yml': HOSTS,
      'mixed/90-constructed.yml': CONSTRUCTED,
      'mixed/group_vars/all/x.yml': 'from_all: 1\n',
      'mixed/group_vars/web.yml': 'from_web: "{{ env }}-x"\n',
      'mixed/host_vars/h1/one.yml': 'hv: 1\n',
      'generated.yml': GENERATOR,
    })
    chmodSync(place.write('by-host.sh', BY_HOST), 0o755)
    chmodSync(place.write('meta.sh', WITH_META), 0o755)
  })
  afterAll(() => place?.remove())

  it.each([
    ['INI', ['hosts.ini']],
    ['a folder with group_vars and constructed groups', ['mixed']],
    ['generated hosts', ['generated.yml']],
    ['a program asked for each host', ['by-host.sh']],
    ['a program that tells all at once', ['meta.sh']],
    ['several', ['hosts.ini', 'mixed', 'meta.sh', 'x1,x2,']],
  ])('of %s is what Ansible makes of it', async (_, names) => {
    const sources = names.flatMap(name => ['-i', name])
    const { out, err } = await place.run(['inventory', ...sources, '--list', '--run-programs'])
    expect(err).toBe('')
    expect(JSON.parse(out)).toEqual(JSON.parse(ansible([...sources, '--list'])))
    const graph = await place.run(['inventory', ...sources, '--graph', '--run-programs'])
    expect(graph.out).toBe(ansible([...sources, '--graph']))
  })

  it('one host has the variables that Ansible gives it', async () => {
    const args = ['-i', 'mixed', '--host', 'h1']
    expect(JSON.parse((await place.run(['inventory', ...args])).out)).toEqual(JSON.parse(ansible(args)))
  })

  it('as a file is read again as the same', async () => {
    const { out } = await place.run(['inventory', '-i', 'mixed', '--list', '--yaml'])
    place.write('again.yml', out)
    const list = async (name: string) => (await place.run(['inventory', '-i', name, '--list'])).out
    expect(JSON.parse(await list('again.yml'))).toEqual(JSON.parse(await list('mixed')))
  })

  it('a program is not run by commands that look only', async () => {
    const ran = path.join(place.folder, 'ran')
    spawnSync('rm', ['-f', ran])
    const { code, err } = await place.run(['inventory', '-i', 'meta.sh'])
    expect([code, existsSync(ran)]).toEqual([0, false])
    expect(err).toContain('this command runs none')
    place.write('p.yml', '- {hosts: all, gather_facts: false, tasks: [{debug: {msg: "{{ x }}"}}]}\n')
    const listed = await place.run(['run', 'p.yml', '-i', 'meta.sh', '--syntax-check'])
    expect([listed.code, existsSync(ran)]).toEqual([0, false])
    expect((await place.run(['run', 'p.yml', '-i', 'meta.sh', '-c', 'local'])).code).toBe(0)
    expect(existsSync(ran)).toBe(true)
  })

  it.each([
    ['fails', '#!/bin/sh\necho no token >&2\nexit 3\n', /ended with 3\. no token/],
    ['prints no JSON', '#!/bin/sh\necho hello\n', /printed no JSON/],
  ])('a program that %s is an error', async (_, text, message) => {
    chmodSync(place.write('bad.sh', text), 0o755)
    const { code, err } = await place.run(['inventory', '-i', 'bad.sh', '--run-programs'])
    expect(code).toBe(1)
    expect(err).toMatch(message)
  })
})
