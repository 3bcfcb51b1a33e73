import { describe, expect, it } from 'vitest'
import { dockerComposeV2 } from '../../src/modules/docker_compose_v2.ts'
import { composeEvents } from '../../src/modules/shared/compose-actions.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

interface Box {
  id: string
  service: string
  hash: string
  state: string
  status: string
  image: string
  imageId: string
  /** What docker ps and docker inspect tell besides. */
  ps?: string[]
  inspect?: string[]
}

const web: Box = {
  id: 'c1',
  service: 'web',
  hash: 'h1',
  state: 'running',
  status: 'Up 2 hours',
  image: 'nginx:1',
  imageId: 'sha256:a',
}
const init: Box = {
  ...web,
  id: 'c2',
  service: 'init',
  hash: 'h2',
  state: 'exited',
  status: 'Exited (0) 1 hour ago',
}

const CONFIG = `name: shop
services:
  init:
    image: nginx:1
  web:
    depends_on:
      init:
        condition: service_completed_successfully
    image: nginx:1`

function host({
  boxes = [web, init],
  config = CONFIG,
  images = 'nginx:1\tsha256:a',
  networks = 1,
  all = 'web\ninit',
  hashes = '',
} = {}): Answers {
  const ps = boxes.map(b =>
    [b.id, `shop-${b.service}-1`, b.service, b.hash, 'False', b.state, b.status, ...(b.ps ?? [])].join('\t'),
  )
  const inspect = boxes.map(b => [b.id, b.imageId, b.image, ...(b.inspect ?? [])].join('\t'))
  const stdout = [
    '==hash',
    'web h1',
    'init h2',
    '==config',
    config,
    '==all',
    all,
    '==ps',
    ...ps,
    hashes,
    '==inspect',
    ...inspect,
    '==images',
    images,
    '==networks',
    networks,
    '==end',
  ].join('\n')
  return key => (key.kind === 'read' ? { code: 0, stdout, stderr: '' } : undefined)
}

const decide = (args: object, answers: Answers, over = {}) =>
  decideWith(dockerComposeV2, { project_src: '/srv/shop', ...args }, answers, over)

describe('docker_compose_v2.decide', () => {
  it.each<[string, object, Parameters<typeof host>[0], string]>([
    ['is done when all is in order', {}, {}, 'ok'],
    ['creates', {}, { boxes: [init] }, 'service web >Creating'],
    [
      'recreates after a change of the file',
      {},
      { boxes: [{ ...web, hash: 'old' }, init] },
      'service web other configuration>Recreate',
    ],
    [
      'knows a service with a file of variables by the hash that has their contents in it',
      {},
      { hashes: '==instead\nweb h9\ninit h2', boxes: [{ ...web, hash: 'h9' }, init] },
      'ok',
    ],
    [
      'recreates after a change of a file of variables, and where one was added',
      {},
      { hashes: '==instead\nweb h9\ninit h2' },
      'service web other configuration>Recreate',
    ],
    [
      'takes either hash where files may include others',
      {},
      { hashes: '==besides\nweb h9\ninit h2', boxes: [{ ...web, hash: 'h9' }, init] },
      'ok',
    ],
    [
      'recreates for a newer image',
      {},
      { images: 'nginx:1\tsha256:b', boxes: [web, { ...init, imageId: 'sha256:b' }] },
      'service web other image>Recreate',
    ],
    [
      'does not recreate when told so',
      { recreate: 'never' },
      { boxes: [{ ...web, hash: 'old' }, init] },
      'ok',
    ],
    [
      'recreates always when told so',
      { recreate: 'always', services: ['web'] },
      {},
      'service web running>Recreate',
    ],
    [
      'starts what stopped',
      {},
      { boxes: [{ ...web, state: 'exited', status: 'Exited (0) now' }, init] },
      'service web exited>Starting',
    ],
    [
      'starts a job that failed',
      {},
      { boxes: [web, { ...init, status: 'Exited (1) now' }] },
      'service init exited>Starting',
    ],
    ['looks at the services asked for only', { services: 'web' }, { boxes: [web] }, 'ok'],
    ['scales up', { scale: { web: 2 } }, {}, 'service web 1 containers>Creating'],
    [
      'reads replicas',
      { services: ['web'] },
      { config: CONFIG.replace('  web:', '  web:\n    deploy:\n      replicas: 2') },
      'service web 1 containers>Creating',
    ],
    ['stops', { state: 'stopped' }, {}, 'service web running>Stopping'],
    ['is done when stopped', { state: 'stopped' }, { boxes: [{ ...web, state: 'exited' }, init] }, 'ok'],
    ['restarts', { state: 'restarted', services: ['web'] }, {}, 'service web running>Restarting'],
    [
      'removes',
      { state: 'absent' },
      {},
      'container shop-init-1 exited>; container shop-web-1 running>; networks shop 1>',
    ],
    ['is done when removed', { state: 'absent' }, { boxes: [], networks: 0 }, 'ok'],
    [
      'removes orphans',
      { remove_orphans: true },
      { boxes: [web, init, { ...web, id: 'c3', service: 'old' }] },
      'orphan shop-old-1 running>',
    ],
    ['leaves orphans', {}, { boxes: [web, init, { ...web, id: 'c3', service: 'old' }] }, 'ok'],
    ['asks the registry when told so', { pull: 'always' }, {}, 'opaque: docker compose up (/srv/shop)'],
    ['refuses a service that is not there', { services: ['wep'] }, {}, 'fail: no such service: wep'],
  ])('%s', (_why, args, state, says) => {
    expect(brief(decide(args, host(state)))).toBe(says)
  })

  it('says in check mode what it would do', () => {
    const verdict = decide({}, host({ boxes: [] }), { check: true })
    expect(verdict).toMatchObject({
      result: {
        actions: [
          { id: 'web', status: 'Creating' },
          { id: 'init', status: 'Creating' },
        ],
      },
    })
  })

  it('tells of containers and images what docker compose ps and images tell', () => {
    const told: Box = {
      ...web,
      status: 'Up 2 hours (healthy)',
      ps: [
        JSON.stringify('"nginx -g"'),
        '',
        '1',
        'data',
        'shop_default',
        '0.0.0.0:8080->80/tcp',
        '2 hours ago',
      ],
      inspect: ['{"a":"b,c=d"}', '0', '{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}],"443/tcp":null}'],
    }
    const answers = host({ boxes: [told, init], images: 'nginx:1\tsha256:a 42' })
    expect(decide({}, answers)).toMatchObject({
      kind: 'ok',
      result: {
        containers: [
          { Name: 'shop-init-1' },
          {
            ...{
              ID: 'c1',
              Name: 'shop-web-1',
              Names: ['shop-web-1'],
              Project: 'shop',
              Service: 'web',
              State: 'running',
            },
            ...{
              Command: '"nginx -g"',
              ExitCode: 0,
              Health: 'healthy',
              Labels: { a: 'b,c=d' },
              Image: 'nginx:1',
            },
            ...{
              Mounts: 'data',
              LocalVolumes: '1',
              Networks: ['shop_default'],
              Ports: '0.0.0.0:8080->80/tcp',
            },
            Publishers: [
              { URL: '0.0.0.0', TargetPort: 80, PublishedPort: 8080, Protocol: 'tcp' },
              { URL: '', TargetPort: 443, PublishedPort: 0, Protocol: 'tcp' },
            ],
          },
        ],
        images: [
          {},
          { ContainerName: 'shop-web-1', ID: 'sha256:a', Repository: 'nginx', Tag: '1', Size: 42 },
        ],
      },
    })
  })

  it.each([
    ['nginx', 'nginx', 'latest'],
    ['127.0.0.1:5000/app:1', '127.0.0.1:5000/app', '1'],
    ['host:5000/app', 'host:5000/app', 'latest'],
    ['app:2@sha256:abc', 'app', '2'],
  ])('the image %s is of the repository %s with the tag %s', (image, Repository, Tag) => {
    const answers = host({ boxes: [{ ...web, image }, init], images: `${image}\tsha256:a` })
    expect(decide({}, answers)).toMatchObject({
      result: { images: [{}, { Repository, Tag }] },
    })
  })

  it('hands on what compose says is wrong', () => {
    const answers: Answers = () => ({
      code: 4,
      stdout: '',
      stderr: 'services.web: additional property imagee\n',
    })
    expect(brief(decide({}, answers))).toBe('fail: services.web: additional property imagee')
  })

  it.each<[string, object, string[]]>([
    [
      'present',
      { files: ['a.yml', 'b.yml'], profiles: 'x', wait: true, wait_timeout: 9, recreate: 'always' },
      [
        'docker compose --ansi never --file a.yml --file b.yml --profile x up --detach --force-recreate --wait --wait-timeout 9',
      ],
    ],
    [
      'absent',
      { state: 'absent', remove_volumes: true, project_name: 's' },
      ['docker compose --ansi never --project-name s down --volumes'],
    ],
    [
      'restarted',
      { state: 'restarted', services: 'web', timeout: 3 },
      ['docker compose --ansi never restart --timeout 3 -- web'],
    ],
  ])('commands: %s', (_why, args, commands) => {
    const { actions } = drive(decide(args, host({ boxes: [web] })))
    expect(lines(actions.slice(0, -1))).toEqual(commands)
    expect(actions[0]).toMatchObject({ cwd: '/srv/shop' })
  })

  it('reports the actions, and none for what already ran', () => {
    const text =
      ' Network shop_default  Creating\n Network shop_default  Created\n Container shop-web-1  Running\n Container shop-init-1  Starting\n'
    expect(composeEvents(text)).toEqual([
      { what: 'network', id: 'shop_default', status: 'Creating' },
      { what: 'container', id: 'shop-init-1', status: 'Starting' },
    ])
    const { result } = drive(decide({ pull: 'always' }, host()), () => ({
      stderr: ' Container shop-web-1  Running\n',
    }))
    expect(result).toMatchObject({ changed: false, actions: [] })
  })

  it('fails with the words of compose', () => {
    const { result } = drive(decide({}, host({ boxes: [] })), () => ({
      code: 1,
      stderr: 'port is already allocated',
    }))
    expect(result).toMatchObject({ failed: true, msg: 'docker compose up failed: port is already allocated' })
  })

  it('refuses a key it does not know', () => {
    expect(dockerComposeV2.args().safeParse({ project_src: '/x', colour: 'red' }).success).toBe(false)
  })
})
