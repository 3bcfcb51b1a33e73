import { describe, expect, it } from 'vitest'
import { manifest, problemsOf, type Services } from './a-service.ts'

const one = (keys: Readonly<Record<string, unknown>>) => problemsOf({ web: manifest({ web: keys }) })
const route = { subdomain: 'shop', port: 80 }

describe('a manifest', () => {
  it('with all it needs is no problem', () => {
    expect(
      one({
        routes: [route],
        ports: [{ host: 1, container: 2, address: '127.0.0.1' }],
        networks: ['frontend'],
      }),
    ).toEqual([])
  })

  it('may leave values to variables', () => {
    const keys = {
      networks: ['frontend'],
      ports: [{ host: '{{ shop_port }}', container: 1 }],
      routes: [{ ...route, subdomain: '{{ n8n_subdomain }}' }],
    }
    expect(one(keys)).toEqual([])
  })

  it('that reads a variable nobody defines is told with the place', () => {
    expect(one({ user: '{{ who }}' })).toMatchObject([
      { code: 'CONFIG_UNDEFINED_VARIABLE', position: { file: 'roles/web/service.yml', line: 9 } },
    ])
  })

  it('whose image nobody pins is told with the place', () => {
    expect(one({ image: 'unheard' })).toMatchObject([
      { message: 'Nothing in the project defines image_unheard', position: { line: 5 } },
    ])
  })

  it.each([
    [
      'an unknown key',
      { netwroks: ['backend'] },
      'MANIFEST_UNKNOWN_KEY',
      'services.web has no key netwroks',
      'Did you mean networks?',
      9,
    ],
    [
      'an unknown key within',
      { healthcheck: { test: ['CMD', 'true'], tset: 1 } },
      'MANIFEST_UNKNOWN_KEY',
      'services.web.healthcheck has no key tset',
      'Did you mean test?',
      7,
    ],
    [
      'an unknown key in a list',
      { ports: [{ host: 1, container: 1, proto: 'udp' }] },
      'MANIFEST_UNKNOWN_KEY',
      'services.web.ports[0] has no key proto',
      'Its keys: host, container, protocol, address.',
      9,
    ],
    [
      'a value of the wrong kind',
      { stage: 'late' },
      'MANIFEST_INVALID',
      'services.web.stage: must be infra or apps',
      'infra: docker-compose-infra.yml',
      4,
    ],
    [
      'a port that is none',
      { ports: [{ host: 70000, container: 1 }] },
      'MANIFEST_INVALID',
      'services.web.ports[0].host: must be a port (1 to 65535) or a template',
      'Port of the host.',
      9,
    ],
    [
      'a key that is missing',
      { about: undefined },
      'MANIFEST_INVALID',
      'services.web has no about',
      'What it is for, in a line.',
      3,
    ],
    [
      'no health check',
      { healthcheck: undefined },
      'MANIFEST_HEALTH_MISSING',
      'services.web has no healthcheck: without it nobody knows whether it came up',
      '',
      3,
    ],
    [
      'no limits',
      { limits: undefined },
      'MANIFEST_LIMITS_MISSING',
      'services.web has no limits: in every environment a service has limits of memory and CPU',
      '',
      3,
    ],
    [
      'limits of one environment',
      { limits: { prod: { memory: '1G', cpus: 1 } } },
      'MANIFEST_LIMITS_MISSING',
      'services.web.limits has no preprod: in every environment a service has limits of memory and CPU',
      '',
      8,
    ],
    [
      'an image in place of its pin',
      { image: 'redis:latest' },
      'MANIFEST_IMAGE',
      'web: redis:latest is no name of a pin',
      'Write image: web, and image_web:',
      5,
    ],
    [
      'an unknown network',
      { networks: ['backned'] },
      'MANIFEST_NETWORK',
      'web: there is no network backned',
      'Did you mean backend?',
      6,
    ],
    [
      'a network twice',
      { networks: ['backend', 'backend'] },
      'MANIFEST_NETWORK',
      'web is in the network backend twice',
      '',
      6,
    ],
    [
      'a volume that nobody owns',
      { volumes: [{ source: '/srv/web', target: '/data' }] },
      'MANIFEST_VOLUME_OWNER',
      'web writes to /srv/web, and nobody is said to own it',
      'Name the user',
      9,
    ],
    [
      'an owner of what is only read',
      { volumes: [{ source: '/a', target: '/a', read_only: true, owner: 1 }] },
      'MANIFEST_VOLUME_OWNER',
      'web cannot write to /a, so it has no owner to be made for',
      '',
      9,
    ],
    [
      'a volume by a relative path',
      { volumes: [{ source: 'data', target: '/a', owner: 1 }] },
      'MANIFEST_INVALID',
      'services.web.volumes[0].source: must begin with /',
      '',
      9,
    ],
    [
      'a port of a data store',
      { ports: [{ host: 5432, container: 5432 }] },
      'MANIFEST_PORT_INTERNAL',
      'web asks for port 5432 of the host, and is in internal networks only',
      '',
      9,
    ],
    [
      'a port of the monitoring for everybody',
      { networks: ['frontend', 'monitoring'], ports: [{ host: 3000, container: 3000, address: '0.0.0.0' }] },
      'MANIFEST_PORT_PUBLIC',
      'web is a service of the monitoring and would answer at every address of the host on port 3000',
      '',
      9,
    ],
    [
      'a port past a route for the VPN',
      { networks: ['frontend'], ports: [{ host: 80, container: 80 }], routes: [route] },
      'MANIFEST_PORT_PUBLIC',
      'web has a route for the VPN alone, and port 80 of the host leads to the same port 80 past it',
      '',
      9,
    ],
    [
      'a backup of no files',
      { backup: [{ name: 'x', kind: 'files' }] },
      'MANIFEST_INVALID',
      'services.web.backup[0].kind: files needs paths',
      '',
      9,
    ],
  ] as const)('with %s is refused', (_, keys, code, message, hint, line) => {
    const [problem, ...more] = one(keys)
    expect(more).toEqual([])
    expect(problem).toMatchObject({ code, position: { file: 'roles/web/service.yml', line } })
    expect(problem?.message).toContain(message)
    expect(problem?.hint ?? '').toContain(hint)
  })

  it.each(['service.yaml', 'services.yml', 'meta/service.yml'])(
    'under the name %s is refused, not passed over',
    name => {
      const problems = problemsOf({ web: manifest({ web: {} }) }, { 'roles/other/tasks/main.yml': '[]\n' })
      expect(problems).toEqual([])
      const site = {
        'site.yml': '- hosts: all\n  roles: [other]\n',
        'roles/other/tasks/main.yml': '[]\n',
        [`roles/other/${name}`]: 'services: {}\n',
      }
      expect(problemsOf({}, site)).toMatchObject([
        { code: 'MANIFEST_FILE_NAME', hint: 'Move it to roles/other/service.yml.' },
      ])
    },
  )

  it('that is no mapping is refused', () => {
    expect(problemsOf({ web: '- a\n' })).toMatchObject([
      { code: 'MANIFEST_INVALID', message: 'service.yml: must be a mapping with services' },
    ])
  })

  it('with a name that no container can have is refused at the name', () => {
    expect(problemsOf({ web: manifest({ Web_1: {} }) })).toMatchObject([
      { code: 'MANIFEST_INVALID', position: { line: 2, column: 3 } },
    ])
  })

  it('may name networks of its own', () => {
    expect(problemsOf({ web: manifest({ web: { networks: ['inner'] } }, { inner: {} }) })).toEqual([])
  })
})

describe('all manifests of a play', () => {
  const two = (first: Services[string], second: Services[string]) =>
    problemsOf({ one: manifest({ one: first }), two: manifest({ two: second }) })
  const front = { networks: ['frontend'] }

  it.each([
    [
      'one port of the host',
      { ...front, ports: [{ host: 80, container: 1 }] },
      { ...front, ports: [{ host: 80, container: 2, address: '127.0.0.1' }] },
      'MANIFEST_PORT_TAKEN',
      'port 80/tcp of the host is taken twice: by one of role one (roles/one/service.yml:9) and two of role two',
    ],
    [
      'one host name',
      { routes: [route] },
      { routes: [{ ...route, port: 81 }] },
      'MANIFEST_ROUTE_TWICE',
      'the host name shop is there twice',
    ],
    [
      'one variable as host name',
      { routes: [{ ...route, subdomain: '{{ n8n_subdomain }}' }] },
      { routes: [{ ...route, subdomain: '{{ n8n_subdomain }}' }] },
      'MANIFEST_ROUTE_TWICE',
      'the host name {{ n8n_subdomain }} is there twice',
    ],
    [
      'one database',
      { databases: [{ name: 'a', owner: 'a' }] },
      { databases: [{ name: 'a', owner: 'b' }] },
      'MANIFEST_DATABASE_TWICE',
      'the database a is there twice',
    ],
    [
      'one collection',
      { collections: [{ name: 'a', size: 1 }] },
      { collections: [{ name: 'a', size: 2 }] },
      'MANIFEST_COLLECTION_TWICE',
      'the collection a is there twice',
    ],
    [
      'one item of the backup',
      { backup: [{ name: 'a', kind: 'redis' }] },
      { backup: [{ name: 'a', kind: 'redis' }] },
      'MANIFEST_BACKUP_TWICE',
      'the item of the backup a is there twice',
    ],
  ] as const)('cannot both have %s', (_, first, second, code, message) => {
    const [problem, ...more] = two(first, second)
    expect(more).toEqual([])
    expect(problem).toMatchObject({ code, position: { file: 'roles/two/service.yml' } })
    expect(problem?.message).toContain(message)
  })

  it.each([
    ['on other addresses', { address: '127.0.0.1' }, { address: '192.0.2.7' }],
    ['of other protocols', { protocol: 'tcp' }, { protocol: 'udp' }],
  ])('may have one port %s', (_, first, second) => {
    const ports = (more: object) => ({ ...front, ports: [{ host: 80, container: 1, ...more }] })
    expect(two(ports(first), ports(second))).toEqual([])
  })

  it('cannot have one service twice', () => {
    expect(problemsOf({ one: manifest({ web: {} }), two: manifest({ web: {} }) })).toMatchObject([
      { code: 'MANIFEST_SERVICE_TWICE' },
    ])
  })

  const needs = (name: string) => ({ depends_on: { [name]: 'service_healthy' } })

  it('depend only on services there are', () => {
    expect(two(needs('tow'), {})).toMatchObject([
      {
        code: 'MANIFEST_DEPENDENCY',
        hint: 'Did you mean two?',
        position: { file: 'roles/one/service.yml', line: 9 },
      },
    ])
  })

  it('depend on an earlier stage, never on a later one', () => {
    expect(two({ stage: 'infra' }, needs('one'))).toEqual([])
    expect(two({ stage: 'infra', ...needs('two') }, {})).toMatchObject([
      {
        code: 'MANIFEST_DEPENDENCY',
        message: 'one of stage infra depends on two of stage apps, which is started later',
      },
    ])
  })

  it('never wait for one another', () => {
    const three = problemsOf({
      a: manifest({ a: needs('b') }),
      b: manifest({ b: needs('c') }),
      c: manifest({ c: needs('a') }),
    })
    expect(three).toMatchObject([
      {
        code: 'MANIFEST_CYCLE',
        message: 'these wait for one another: a → b → c → a',
        position: { file: 'roles/c/service.yml' },
      },
    ])
  })

  it.each([
    ['redis:latest', 'names a tag that moves'],
    ['redis', 'has no version'],
    ['redis:8', 'names a tag that moves'],
    ['localhost:5000/redis', 'has no version'],
    ['redis:8-alpine', 'names a tag that moves'],
    ['ghcr.io/a/b:main', 'names a tag that moves'],
  ])('have no image %s', (image, why) => {
    const problems = problemsOf(
      { web: manifest({ web: {} }) },
      { 'roles/web/defaults/main.yml': `image_shop: ${image}\n` },
    )
    expect(problems).toMatchObject([
      {
        code: 'MANIFEST_IMAGE_UNPINNED',
        message: `image_shop: ${image} ${why}`,
        position: { file: 'roles/web/defaults/main.yml', line: 1, column: 13 },
      },
    ])
  })

  it.each([
    'redis:8.0',
    'redis:8.0-bookworm',
    'a/b:v1.81.3-stable',
    'a/b:2026.2.23',
    `a/b@sha256:${'0'.repeat(64)}`,
    'localhost:5000/a:1.0',
  ])('have the image %s', image => {
    expect(
      problemsOf({ web: manifest({ web: {} }) }, { 'roles/web/defaults/main.yml': `image_shop: ${image}\n` }),
    ).toEqual([])
  })
})
