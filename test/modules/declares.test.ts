import { describe, expect, it, test } from 'vitest'
import { resourceId } from '../../src/base/resource.ts'
import type { Context, LocalFile } from '../../src/modules/contract.ts'
import { ALL_MODULES, findModule } from '../../src/modules/index.ts'

const LOOKS = 'it looks, or steers the run, and leaves nothing'
const PART = 'it edits a part of what is somebody else’s'
const SETTING = 'it sets something that a host always has'
const DATA = 'what it makes holds data or keys, which are not taken away with the task that made them'
const CLUSTER = 'what it makes is of a cluster or another service, not of the host'
const COMMAND = 'what it does is not known'
const IMAGE = 'images, logins and prunes are the store’s, which keeps what is in use'
const FOLDER = 'what it puts is inside a folder or list that others keep as well'

const OWNS_NOTHING: Readonly<Record<string, string>> = {
  ...reason(
    LOOKS,
    'add_host assert async_status debug fail find getent group_by include_vars meta package_facts pause ping',
    'service_facts set_fact set_stats setup slurp stat validate_argument_spec wait_for wait_for_connection',
    'docker_container_health docker_container_info docker_host_info docker_image_info docker_network_info',
    'docker_node_info docker_stack_info docker_stack_task_info docker_swarm_info docker_volume_info',
    'openssl_privatekey_info x509_certificate_info postgresql_info postgresql_ping fetch',
  ),
  ...reason(
    PART,
    'authorized_key blockinfile htpasswd ini_file known_hosts lineinfile replace xml dpkg_selections debconf',
  ),
  ...reason(
    SETTING,
    'alternatives hostname locale_gen modprobe seboolean sefcontext selinux timezone reboot at',
  ),
  ...reason(
    DATA,
    'archive mysql_db mysql_query mysql_user mysql_variables postgresql_db postgresql_ext postgresql_owner postgresql_privs',
    'postgresql_query postgresql_schema postgresql_set postgresql_user openssh_keypair openssl_csr',
    'openssl_dhparam openssl_pkcs12 openssl_privatekey openssl_publickey x509_certificate tempfile',
  ),
  ...reason(
    CLUSTER,
    'docker_config docker_node docker_secret docker_stack docker_swarm docker_swarm_service hcloud_firewall',
    'hcloud_server hcloud_ssh_key s3_object uri',
  ),
  ...reason(
    COMMAND,
    'command expect raw script shell docker_compose_v2_exec docker_compose_v2_run docker_container_exec',
  ),
  ...reason(
    IMAGE,
    'docker_compose_v2_pull docker_image docker_image_build docker_image_export docker_image_load',
    'docker_image_pull docker_image_push docker_image_remove docker_image_tag docker_login docker_prune',
  ),
  ...reason(FOLDER, 'apt_key rpm_key npm pip unarchive'),
}

function reason(why: string, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap(one => one.split(' ')).map(name => [name, why]))
}

test('every module says what a host has by it, or stands here with the reason why that is nothing', () => {
  const declaring = ALL_MODULES.filter(({ declares }) => declares !== undefined).map(({ name }) => name)
  const owningNothing = Object.keys(OWNS_NOTHING)
  expect([...declaring, ...owningNothing].sort()).toEqual(ALL_MODULES.map(({ name }) => name).sort())
})

function declared(module: string, given: object, result = {}, local?: LocalFile): string[] {
  const found = findModule(module)
  if (found?.declares === undefined) throw new Error(`${module} declares nothing`)
  const context: Partial<Context> = {
    user: 'ada',
    local: () => local ?? { kind: 'missing', path: '', searched: [] },
  }
  return found.declares(found.args().parse(given), result, context as Context).map(resourceId)
}

describe('what a task declares', () => {
  it.each<[string, string, object, object, readonly string[]]>([
    ['a folder', 'file', { path: '/srv/app/', state: 'directory' }, {}, ['file /srv/app']],
    [
      'a folder of a home',
      'file',
      { path: '~/app', state: 'directory' },
      { path: '/home/ada/app' },
      ['file /home/ada/app'],
    ],
    ['a link', 'file', { path: '/a', src: '/b', state: 'link' }, { dest: '/a' }, ['file /a']],
    ['nothing where attributes are set', 'file', { path: '/etc/passwd', mode: '0644' }, {}, []],
    ['nothing for a touch', 'file', { path: '/etc/environment', state: 'touch' }, {}, []],
    ['nothing for what is absent', 'file', { path: '/a', state: 'absent' }, { path: '/a' }, []],
    [
      'the file in a folder',
      'copy',
      { content: 'x', dest: '/etc/' },
      { dest: '/etc/x', checksum: 'c' },
      ['file /etc/x'],
    ],
    ['nothing for a first filling', 'copy', { content: 'x', dest: '/a', force: false }, { dest: '/a' }, []],
    [
      'a copied folder as a whole',
      'copy',
      { src: '/a', dest: '/b', remote_src: true },
      { dest: '/b/a', state: 'directory' },
      ['tree /b/a'],
    ],
    ['a template', 'template', { src: 'a.j2', dest: '/a' }, { dest: '/a' }, ['file /a']],
    ['nothing where the path is not known', 'template', { src: 'a.j2', dest: 'a' }, {}, []],
    ['a download', 'get_url', { url: 'http://x/y', dest: '/opt/' }, { dest: '/opt/y' }, ['file /opt/y']],
    ['a unit that is to run', 'systemd', { name: 'app', state: 'started' }, {}, ['unit system app.service']],
    ['a timer', 'systemd', { name: 'a.timer', enabled: true, scope: 'user' }, {}, ['unit user a.timer']],
    ['nothing for a stopped unit', 'systemd', { name: 'app', state: 'stopped', enabled: false }, {}, []],
    ['nothing for a reload of all', 'systemd', { daemon_reload: true }, {}, []],
    ['a service', 'service', { name: 'app', enabled: true }, {}, ['unit system app.service']],
    ['a job', 'cron', { name: 'n', job: 'true' }, {}, ['cron ada job n']],
    [
      'a job of a file',
      'cron',
      { name: 'n', job: 'true', cron_file: 'f', user: 'root' },
      {},
      ['cron /etc/cron.d/f job n'],
    ],
    ['a compose project', 'docker_compose_v2', { project_src: '/srv/My App' }, {}, ['compose myapp']],
    [
      'a compose project as it names itself',
      'docker_compose_v2',
      { project_src: '/srv/a' },
      { project: 'web' },
      ['compose web'],
    ],
    ['nothing of another engine', 'docker_network', { name: 'n', docker_host: 'tcp://x:1' }, {}, []],
    ['a network', 'docker_network', { name: 'n' }, {}, ['network n']],
    ['a volume', 'docker_volume', { name: 'v' }, {}, ['volume v']],
    ['a container', 'docker_container', { name: 'c', image: 'i' }, {}, ['container c']],
    [
      'packages by their names',
      'apt',
      { name: ['a=1.2-3', 'b/sid', 'c-', '/tmp/d.deb', 'e*'] },
      {},
      ['package a', 'package b'],
    ],
    ['a package of any manager', 'package', { name: 'a', state: 'latest' }, {}, ['package a']],
    ['nothing for packages that go', 'apt', { name: 'a', state: 'absent' }, {}, []],
    ['a user', 'user', { name: 'u' }, {}, ['user u']],
    ['a mount', 'mount', { path: '/m', src: 'x', fstype: 'ext4', state: 'mounted' }, {}, ['mount /m']],
    ['a sysctl', 'sysctl', { name: 'a.b', value: '1' }, {}, ['sysctl /etc/sysctl.conf a.b']],
    [
      'a source of apt',
      'apt_repository',
      { repo: 'deb http://x/y s main', filename: 'f' },
      {},
      ['file /etc/apt/sources.list.d/f.list'],
    ],
    ['a clone', 'git', { repo: 'r', dest: '/srv/x' }, {}, ['tree /srv/x']],
  ])('%s (%s)', (_title, module, args, result, ids) => {
    expect(declared(module, args, result)).toEqual(ids)
  })

  it('is each entry of a folder of the project', () => {
    const entries = [
      { type: 'directory', path: 'd', mode: 0o755 },
      { type: 'file', path: 'd/f', mode: 0o644, content: new Uint8Array() },
    ] as const
    const tree = { kind: 'tree', path: 'files/site', entries } as const
    expect(declared('copy', { src: 'site', dest: '/srv' }, { dest: '/srv' }, tree)).toEqual([
      'file /srv/site',
      'file /srv/site/d',
      'file /srv/site/d/f',
    ])
  })

  it.each([
    ['ufw', { rule: 'allow', port: '80', proto: 'tcp' }, { delete: true }],
    ['firewalld', { port: '80/tcp', permanent: true, state: 'enabled' }, { state: 'disabled' }],
    [
      'iptables',
      { chain: 'INPUT', protocol: 'tcp', destination_port: '80', jump: 'ACCEPT' },
      { state: 'absent' },
    ],
  ])('a rule of %s can be given to the module again, which then declares nothing', (name, args, away) => {
    const module = findModule(name)
    const [resource] = module?.declares?.(module.args().parse(args), {}, {} as Context) ?? []
    if (resource?.kind !== 'rule') throw new Error('no rule')
    expect(module?.args().parse(resource.rule)).toEqual(module?.args().parse(args))
    expect(declared(name, { ...resource.rule, ...away })).toEqual([])
  })
})
