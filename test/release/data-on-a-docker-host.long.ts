import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { aPlace, type Place, type Ran } from '../cli/io.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`no data comes back on a host with Docker: ${reason}`)

const COMPOSE = `services:
  postgresql:
    image: postgres:18.1-bookworm
    container_name: shop_postgresql
    environment: { POSTGRES_PASSWORD_FILE: /run/secrets/password }
    volumes: ["/opt/shop/data/postgresql:/var/lib/postgresql", "/opt/shop/configs/postgresql/password:/run/secrets/password:ro"]
    stop_grace_period: 5s
    healthcheck: { test: [CMD-SHELL, "pg_isready --username=postgres --host=127.0.0.1"], interval: 1s, timeout: 5s, retries: 30 }
  redis:
    image: redis:8.0-bookworm
    container_name: shop_redis
    command: [redis-server, /usr/local/etc/redis/redis.conf]
    user: "{{ redis_uid }}:{{ redis_uid }}"
    stop_grace_period: 5s
    volumes: ["/opt/shop/data/redis:/data", "/opt/shop/configs/redis/redis.conf:/usr/local/etc/redis/redis.conf:ro", "/opt/shop/configs/redis/password:/run/secrets/redis_password:ro"]
  qdrant:
    image: qdrant/qdrant:v1.16.3
    container_name: shop_qdrant
    user: "1000:1000"
    environment: { QDRANT__SERVICE__API_KEY: "{{ qdrant_api_key }}" }
    stop_grace_period: 5s
    volumes: ["/opt/shop/data/qdrant/storage:/qdrant/storage"]
  app:
    image: redis:8.0-bookworm
    entrypoint: [sh, -c, "echo here is {{ text }}; sleep 100000 & wait"]
    stop_grace_period: 1s
    volumes: ["/srv/state:/state:ro"]
    healthcheck: { test: [CMD-SHELL, "test -e /state/{{ text }}"], interval: 1s, timeout: 5s, retries: 2 }
`
const SITE = `
- hosts: prod
  gather_facts: false
  become: true
  roles: [postgresql, redis, qdrant]
  tasks:
    - file: { path: /opt/shop/data/redis, state: directory, owner: "{{ redis_uid }}", group: "{{ redis_uid }}", mode: "0700" }
    - file: { path: /opt/shop/data/qdrant/storage, state: directory, owner: "1000", group: "1000" }
    - template: { src: compose.yml.j2, dest: /opt/shop/compose.yml, mode: "0644" }
    - docker_compose_v2: { project_src: /opt/shop, project_name: shop, pull: missing, files: [compose.yml] }
    - docker_container_health: { name: "{{ item }}", delay: 1, max_delay: 1, retries: 60 }
      loop: [shop_postgresql, shop-app-1]
    - shell: docker exec -i shop_postgresql psql --username=postgres --dbname=books --set=ON_ERROR_STOP=1
      args: { stdin: "{{ migration }}" }
      when: migration is defined
`
const TABLE = 'create table book (id int primary key, title text, pages int)'
const MIGRATION = `alter table book drop column pages; update book set title = upper(title); delete from book where id > 900; create table shelf (id int)`

describe.skipIf(reason !== null)('on a host with Docker, data', () => {
  let testbed: Testbed
  let host: SandboxInfo
  let place: Place
  const on = async (command: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const sql = (text: string, database = 'books') =>
    on(`docker exec shop_postgresql psql -U postgres -d ${database} -v ON_ERROR_STOP=1 -Atc "${text}"`)
  const redis = (words: string) =>
    on(`docker exec shop_redis sh -c 'REDISCLI_AUTH=$(cat /run/secrets/redis_password) redis-cli ${words}'`)
  /** What the stand-in answers; it keeps collections and points on its disk. */
  const qdrant = (method: string, path: string, body = '') =>
    on(
      `docker exec -i shop_qdrant sh -c 'curl -sS --fail-with-body --retry 20 --retry-connrefused --retry-delay 1 -X ${method} -H "api-key: $QDRANT__SERVICE__API_KEY" -d @- 127.0.0.1:6333/collections${path}' <<'BODY'\n${body}\nBODY`,
    )
  const points = (...ids: readonly [number, string][]) =>
    JSON.stringify({ points: ids.map(([id, text]) => ({ id, vector: [id / 10, 0.5], payload: { text } })) })
  /** All rows of all tables, the roles, what Redis holds, and the collections of Qdrant with their points. */
  const data = async () =>
    [
      await on(
        `docker exec shop_postgresql pg_dump -U postgres --inserts books | grep -vE '^(--|.(un)?restrict)' | sha256sum`,
      ),
      await on(`docker exec shop_postgresql pg_dumpall -U postgres --globals-only | grep -c 'ROLE clerk'`),
      await redis('get seen'),
      await qdrant('GET', ''),
      await qdrant('POST', '/semantic_cache/points/scroll'),
      await qdrant('POST', '/content_index/points/scroll'),
    ].join('\n')
  const deploy = (text: 'one' | 'two', more: Readonly<Record<string, string>> = {}, ...flags: string[]) => {
    place.write('inventory/group_vars/prod.yml', JSON.stringify({ ...VARS, text, ...more }))
    return place.run(['deploy', 'prod', '--yes', ...flags])
  }
  const VARS: Record<string, string | number> = {
    project_name: 'shop',
    postgresql_password: 'not-for-everybody',
    redis_password: 'not-for-everybody-either',
    qdrant_api_key: 'nor-this',
  }
  const vpai = (...argv: string[]) => place.run(argv)
  const fine = ({ code, out, err }: Ran) =>
    expect({ code, told: code === 0 ? '' : out + err }).toEqual({ code: 0, told: '' })

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0] as SandboxInfo
    place = aPlace({
      'vpai.yml': 'name: shop\n',
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
    await on('mkdir -p /srv/state; touch /srv/state/one /srv/state/two')
    const uid = (image: string, user: string) =>
      on(`docker pull -q ${image} >/dev/null; docker run --rm --entrypoint id ${image} -u ${user}`)
    VARS.postgresql_uid = Number(await uid('postgres:18.1-bookworm', 'postgres'))
    VARS.redis_uid = Number(await uid('redis:8.0-bookworm', 'redis'))
  })
  afterAll(async () => {
    place?.remove()
    await testbed?.stop()
  })

  let first = ''
  let second = ''

  it('is kept before a migration', async () => {
    fine(await deploy('one'))
    expect(await on('ls /var/lib/vpai/shop')).not.toContain('snapshots')
    await sql('create database books', 'postgres')
    await sql('create role clerk')
    await sql(TABLE)
    await sql(
      "insert into book select n, 'title ' || n, n * 3 from generate_series(1, 1000) as n; grant select on book to clerk",
    )
    await redis('set seen one')
    for (const name of ['semantic_cache', 'content_index'])
      await qdrant('PUT', `/${name}`, '{"vectors":{"size":2,"distance":"Cosine"}}')
    await qdrant('PUT', '/semantic_cache/points?wait=true', points([1, 'a'], [2, 'b'], [3, 'c']))
    await qdrant('PUT', '/content_index/points?wait=true', points([7, 'whole']))
    first = await data()
    fine(await deploy('two', { migration: MIGRATION }))
    await redis('set seen two')
    await qdrant('PUT', '/semantic_cache/points?wait=true', points([2, 'changed'], [4, 'new']))
    await qdrant('POST', '/semantic_cache/points/delete', '{"points":[1]}')
    await qdrant('PUT', '/came_later', '{"vectors":{"size":2,"distance":"Cosine"}}')
    second = await data()
    expect(second).not.toBe(first)
    expect(await on('cd /var/lib/vpai/shop/snapshots; stat -c "%a %U" . *; ls')).toMatch(
      /^700 root\n700 root\n0000000001\.\d{10}$/,
    )
    const { out } = await vpai('history', 'prod')
    expect(out).toContain('2')
  })

  it('is said not to fit the older version, whose schema was another one', async () => {
    const told = await vpai('rollback', 'prod', '--check')
    expect(told.out).toContain('the schema has moved since release 1 (books)')
    expect(told.out).toContain('--with-data')
    expect(await data()).toBe(second)
  })

  it('comes back row by row, while nothing else runs', async () => {
    const back = await vpai('rollback', 'prod', '--with-data', '--yes', '--wait', '60')
    fine(back)
    expect(back.out).toContain('the schema has moved since: books')
    expect(await data()).toBe(first)
    expect(await on('docker logs shop-app-1')).toBe('here is one')
    expect(await sql("select count(*) from pg_database where datname like 'vpai%'")).toBe('0')
  })

  it('of the newer release comes back with it where the older one does not get well', async () => {
    const forth = await vpai('rollback', 'prod', '--to', '2', '--with-data', '--yes', '--wait', '60')
    fine(forth)
    expect(await data()).toBe(second)
    await sql('insert into shelf values (7)')
    const third = await data()
    await on('rm /srv/state/one')
    const back = await vpai('rollback', 'prod', '--to', '1', '--with-data', '--yes', '--wait', '6')
    expect([back.code, back.err]).toEqual([2, expect.stringMatching(/Release \d+ is back/)])
    expect(await data()).toBe(third)
    expect(await on('docker logs shop-app-1')).toBe('here is two')
  })

  it('that finds no room, or no database that runs, stops the deploy before anything is changed', async () => {
    await on('docker stop shop_postgresql')
    const before = await on('cat /opt/shop/compose.yml')
    const failed = await deploy('one')
    expect([failed.code, failed.out]).toEqual([2, expect.stringContaining('shop_postgresql is exited')])
    expect(await on('cat /opt/shop/compose.yml')).toBe(before)
    await on('docker start shop_postgresql; mount -t tmpfs -o size=3m tmpfs /var/lib/vpai/shop/snapshots')
    const full = await deploy('one')
    await on('umount /var/lib/vpai/shop/snapshots')
    expect([full.code, full.out]).toEqual([2, expect.stringContaining('are free for a snapshot')])
    expect(await on('cat /opt/shop/compose.yml')).toBe(before)
  })
})
