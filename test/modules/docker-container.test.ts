import { describe, expect, it } from 'vitest'
import { dockerContainer } from '../../src/modules/docker_container.ts'
import { parseEnvFile } from '../../src/modules/shared/container-env.ts'
import { parsePort } from '../../src/modules/shared/container-ports.ts'
import { bytesOf, nanosecondsOf } from '../../src/modules/shared/docker-values.ts'
import { CONTAINER, IMAGE, type Recorded, recorded } from './docker-recorded.ts'
import { brief, decideWith, drive, lines } from './tables.ts'

const decide = (args: object, host: Recorded = {}, over = {}) =>
  decideWith(dockerContainer, { name: 'web', image: 'app:1', ...args }, recorded(host), over)

const stopped = { ...CONTAINER, State: { Status: 'exited', Running: false } }
const newer = { ...IMAGE, Id: `sha256:${'b'.repeat(64)}` }

describe('docker_container finds in order', () => {
  it.each<[string, object]>([
    ['an image and nothing else', {}],
    ['limits', { memory: '64M', cpus: 0.5, memory_swap: '128M', pids_limit: -1, shm_size: '64m' }],
    ['the same ports', { published_ports: ['127.0.0.1:18080:80'] }],
    ['the same volumes', { volumes: ['/srv/:/h:ro', 'named:/n:rw'] }],
    ['a part of the volumes', { volumes: ['named:/n'] }],
    ['a part of a mount', { mounts: [{ type: 'tmpfs', target: '/t', tmpfs_mode: '1700' }] }],
    ['the same capability, written otherwise', { capabilities: ['net_admin'] }],
    ['the same device', { devices: ['/dev/null:/dev/xnull:r'] }],
    ['the same limit of a device', { device_read_bps: [{ path: '/dev/sda', rate: '1M' }] }],
    ['the same GPUs', { device_requests: [{ count: -1, capabilities: [['gpu', 'utility']] }] }],
    ['the same link', { links: ['db:store'] }],
    ['a profile by its file', { security_opts: ['seccomp=/etc/p.json', 'no-new-privileges'] }],
    ['the same hosts', { etc_hosts: { a: '1.2.3.4' } }],
    ['the default network under either name', { network_mode: 'bridge' }],
    [
      'a network with its address',
      { networks: [{ name: 'back', ipv4_address: '10.9.0.5', aliases: ['web'] }], network_mode: 'default' },
    ],
    ['the same health check', { healthcheck: { test: 'true', interval: '5s' } }],
    ['a health check of words', { healthcheck: { test: ['CMD', 'true'], interval: '5s' } }],
    ['the platform in fewer words', { platform: 'amd64' }],
    ['the command as one line', { command: 'sleep infinity' }],
    ['variables that are among those there', { env: { A: '1' } }],
    ['variables of a file', { env_file: '/e' }],
    ['exactly these', { env: { A: '1' }, labels: { x: 'y' }, comparisons: { '*': 'strict' } }],
    ['what differs but is ignored', { command: 'x', memory: '1G', comparisons: { '*': 'ignore' } }],
    ['another stop_timeout', { stop_timeout: 99 }],
  ])('%s', (_what, args) => {
    expect(brief(decide(args, { file: '# c\nA=1\n' }))).toBe('ok')
  })
})

describe('docker_container.decide', () => {
  it.each<[string, object, Recorded, string]>([
    ['makes it', {}, { container: null }, 'state web absent>running'],
    ['makes it without starting it', { state: 'present' }, { container: null }, 'state web absent>present'],
    [
      'gets the image',
      {},
      { container: null, image: null },
      'image app:1 absent>pulled; state web absent>running',
    ],
    ['starts it', {}, { container: stopped }, 'state web exited>running'],
    ['stops it', { state: 'stopped' }, {}, 'state web running>stopped'],
    ['leaves it stopped', { state: 'stopped' }, { container: stopped }, 'ok'],
    ['restarts it', { restart: true }, {}, 'state web running>restarted'],
    ['pauses it', { paused: true }, {}, 'paused web false>true'],
    ['makes it anew', { recreate: true }, {}, 'container web present>made anew'],
    ['removes it', { state: 'absent' }, {}, 'state web running>absent'],
    ['has nothing to remove', { state: 'absent' }, { container: null }, 'ok'],
    ['sees another image', {}, { image: newer }, `image web ${IMAGE.Id}>${newer.Id}`],
    ['sees another name of the image', { image: 'app:2' }, {}, 'image web app:1>app:2'],
    ['overlooks the name', { image: 'app:2', image_name_mismatch: 'ignore' }, {}, 'ok'],
    ['sees another limit', { memory: '1G' }, {}, 'memory web 67108864>1073741824'],
    ['sees another command', { command: 'sleep 5' }, {}, 'command web ["sleep","infinity"]>["sleep","5"]'],
    ['shows no value of a variable', { env: { A: 'secret' } }, {}, 'env web ["A","PATH"]>["A"]'],
    [
      'lets a variable of the task win over the file',
      { env: { A: '1' }, env_file: '/e' },
      { file: 'A=2\n' },
      'ok',
    ],
    [
      'sees a label too many',
      { labels: {}, comparisons: { labels: 'strict' } },
      {},
      'labels web {"x":"y"}>{}',
    ],
    [
      'sees a port too many',
      { ports: [], comparisons: { ports: 'strict' } },
      {},
      'published_ports web {"80/tcp":["127.0.0.1:18080"]}>{}',
    ],
    [
      'sees a missing network',
      { networks: [{ name: 'x' }], network_mode: 'default' },
      {},
      'network x web >x',
    ],
    [
      'sees a network too many',
      { networks: [{ name: 'back' }], network_mode: 'default', comparisons: { networks: 'strict' } },
      {},
      'network bridge web bridge>',
    ],
    [
      'sees other settings of a network',
      { networks: [{ name: 'back', aliases: ['y'] }], network_mode: 'default' },
      {},
      'network back web other settings>back',
    ],
    [
      'turns the health check off',
      { healthcheck: { test: ['NONE'] } },
      {},
      'healthcheck web {"Test":["CMD-SHELL","true"]}>{"Test":["NONE"]}',
    ],
    ['waits for it', { state: 'healthy' }, {}, 'opaque: wait until web is healthy'],
    ['asks the registry', { pull: 'always' }, {}, 'opaque: pull app:1 and see to web'],
    [
      'refuses without an image',
      { image: null },
      { container: null },
      'fail: there is no container web, and without image none can be made',
    ],
    [
      'refuses an image that may not be got',
      { pull: 'never' },
      { image: null },
      'fail: the image app:1 is not on the host, and it is not to be pulled',
    ],
    [
      'refuses an unknown comparison',
      { comparisons: { colour: 'strict' } },
      {},
      'fail: comparisons: colour is no option of a container',
    ],
    [
      'refuses more of one value',
      { comparisons: { memory: 'allow_more_present' } },
      {},
      'fail: comparisons: memory has one value, it cannot be allow_more_present',
    ],
    [
      'refuses a bad port',
      { ports: ['name:80:80'] },
      {},
      'fail: published_ports: name:80:80 is no port, host:port or address:host:port (with an address, not a name)',
    ],
    [
      'refuses two mounts in one place',
      { volumes: ['a:/x', 'b:/x'] },
      {},
      'fail: volumes and mounts: /x is mounted twice',
    ],
    [
      'refuses strange labels',
      { image_label_mismatch: 'fail', comparisons: { labels: 'strict' } },
      {},
      'fail: the image has labels that the task does not set: from',
    ],
    ['refuses a missing env file', { env_file: '/e' }, {}, 'fail: env_file: there is no file /e on the host'],
  ])('%s', (_why, args, host, says) => {
    expect(brief(decide(args, host))).toBe(says)
  })

  it('asks for another container of which it shares a namespace', () => {
    const other = { ...CONTAINER, Name: '/other', Id: 'f'.repeat(64) }
    const answers = recorded()
    const verdict = decideWith(dockerContainer, { name: 'web', pid_mode: 'container:other' }, key =>
      key.kind === 'read' && !key.script.includes('image')
        ? { code: 0, stdout: JSON.stringify([other, CONTAINER]), stderr: '' }
        : answers(key),
    )
    expect(brief(verdict)).toBe('ok')
  })

  it.each<[string, { code: number; stderr: string }, RegExp]>([
    [
      'no program',
      { code: 127, stderr: 'sh: docker: not found' },
      /no docker program on the host; install docker\.io/,
    ],
    ['no engine', { code: 1, stderr: 'Cannot connect to the Docker daemon' }, /Cannot connect/],
  ])('fails with %s', (_what, answer, message) => {
    const verdict = decideWith(dockerContainer, { name: 'web' }, () => ({ stdout: '', ...answer }))
    expect(brief(verdict)).toMatch(message)
  })

  it.each<[string, object]>([
    ['a number as a variable', { env: { A: 1 } }],
    ['options of a log without its driver', { log_options: { a: 'b' } }],
    ['a size that is none', { memory: 'much' }],
    ['an option of another type of mount', { mounts: [{ target: '/x', type: 'tmpfs', no_copy: true }] }],
    ['an argument it does not know', { colour: 'red' }],
    ['a name to check that docker cannot be told', { tls_hostname: 'x' }],
  ])('refuses %s', (_what, args) => {
    expect(dockerContainer.args().safeParse({ name: 'web', ...args }).success).toBe(false)
  })
})

describe('docker_container does', () => {
  it.each<[string, object, Recorded, string[]]>([
    [
      'make it',
      {
        env: { A: 'x' },
        labels: { l: 'm' },
        entrypoint: ['sh', '-c'],
        command: ['echo hi'],
        published_ports: ['8000-8001:80-81', '53/udp'],
        memory: '1G',
        networks: [
          { name: 'n', aliases: ['a'] },
          { name: 'm', ipv4_address: '10.0.0.1' },
        ],
      },
      { container: null },
      [
        `docker create --name=web --memory=1073741824 --publish=8000:80/tcp --publish=8001:81/tcp --publish=53/udp --entrypoint=sh --network=name=n,alias=a --env-file "$VPAI_FILES/env" --label-file "$VPAI_FILES/labels" -- app:1 -c 'echo hi'`,
        'docker network connect --ip 10.0.0.1 -- m web',
        'docker start -- web',
      ],
    ],
    [
      'make it anew',
      { command: 'x', stop_timeout: 3, keep_volumes: false },
      {},
      [
        'docker stop -t 3 -- web',
        'docker rm --force --volumes -- web',
        'docker create --name=web --stop-timeout=3 -- app:1 x',
        'docker start -- web',
      ],
    ],
    [
      'change limits in place',
      { memory: '1G', restart_policy: 'always' },
      {},
      ['docker update --memory=1073741824 --restart=always --memory-swap=2147483648 -- web'],
    ],
    [
      'kill it',
      { state: 'stopped', force_kill: true, kill_signal: 'USR1' },
      {},
      ['docker kill --signal USR1 -- web'],
    ],
    [
      'speak to another engine',
      {
        state: 'absent',
        docker_host: 'tcp://h:2376',
        validate_certs: true,
        ca_path: '/ca',
        api_version: '1.41',
      },
      { container: stopped },
      [
        'env DOCKER_API_VERSION=1.41 docker --host tcp://h:2376 --tlsverify --tlscacert /ca rm --force -- web',
      ],
    ],
  ])('%s', (_what, args, host, commands) => {
    const { actions } = drive(decide(args, host))
    expect(lines(actions).filter(line => !line.includes('inspect'))).toEqual(commands)
  })

  it('hand values over in files, or docker its environment when a file cannot hold them', () => {
    const [create] = drive(
      decide({ env: { A: 'x', L: 'a\nb' }, labels: { l: 'm' } }, { container: null }),
    ).actions
    const text = (name: string) =>
      new TextDecoder().decode(create?.do === 'run' ? create.files?.[name] : undefined)
    expect(create).toMatchObject({ env: { L: 'a\nb' } })
    expect([text('env'), text('labels')]).toEqual(['A=x\n', 'l=m\n'])
  })
})

it.each([
  ['80', [['', '', '80/tcp']]],
  ['8080:80/udp', [['', '8080', '80/udp']]],
  ['8000-8100:80', [['', '8000-8100', '80/tcp']]],
  [
    '8000-8001:80-82',
    [
      ['', '8000', '80/tcp'],
      ['', '8001', '81/tcp'],
    ],
  ],
  ['127.0.0.1::80', [['127.0.0.1', '', '80/tcp']]],
  ['[::1]:8080:80', [['::1', '8080', '80/tcp']]],
])('the port %s is %j', (written, says) => {
  const parsed = parsePort(written, '')
  expect(
    typeof parsed === 'string' ? parsed : parsed.map(one => [one.address, one.hostPort, one.port]),
  ).toEqual(says)
})

it.each<[string, number | null]>([
  ['64M', 67108864],
  ['1.5g', 1610612736],
  ['100', 100],
  ['2 KiB', 2048],
  ['much', null],
])('%s is %s bytes', (written, bytes) => {
  expect(bytesOf(written)).toBe(bytes)
})

it.each<[string, number | null]>([
  ['1m30s', 90e9],
  ['500ms', 5e8],
  ['30', null],
  ['1x', null],
])('%s is %s nanoseconds', (written, nanoseconds) => {
  expect(nanosecondsOf(written)).toBe(nanoseconds)
})

it('an env file is read as docker reads it', () => {
  expect(parseEnvFile('\uFEFF# no\n  A=1 \nB="x"\n\nC=a=b\nD\n')).toEqual({ A: '1 ', B: '"x"', C: 'a=b' })
})
