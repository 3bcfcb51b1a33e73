import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import { aPlace, type Place, type Ran } from '../cli/io.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`no backup is restored on a host with Docker: ${reason}`)

const SITE = `
- hosts: prod
  gather_facts: false
  become: true
  pre_tasks:
    - docker_network: { name: shop_backend, internal: true }
    - docker_network: { name: shop_egress }
  roles: [postgresql, redis, qdrant, n8n, docker-stack, backup-config]
`
const VARIABLES: Record<string, string | number | object> = {
  project_name: 'shop',
  domain_name: 'example.org',
  postgresql_password: 'not-for-everybody',
  redis_password: 'not-for-everybody-either',
  qdrant_api_key: 'nor-is-this-for-everybody',
  n8n_subdomain: 'flows',
  n8n_encryption_key: 'what-the-workflows-hide',
  n8n_webhook_secret: 'what-the-webhooks-hide',
  image_n8n: 'n8nio/n8n:2.7.3',
  n8n_health_interval: '1s',
  stack_databases: [{ name: 'books', owner: 'writer', extensions: ['uuid-ossp'] }],
  stack_health_delay: 1,
  stack_health_max_delay: 1,
  stack_health_interval: '1s',
  stack_start_period: '1s',
}

describe.skipIf(reason !== null)('on a host with Docker', () => {
  let testbed: Testbed
  let host: SandboxInfo
  let place: Place
  const on = async (command: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const sql = (text: string, database: string) =>
    on(`docker exec shop_postgresql psql -U postgres -d ${database} -v ON_ERROR_STOP=1 -Atc "${text}"`)
  const redis = (words: string) =>
    on(`docker exec shop_redis sh -c 'REDISCLI_AUTH=$(cat /run/secrets/redis_password) redis-cli ${words}'`)
  const dump = (database: string) =>
    on(
      `docker exec shop_postgresql pg_dump -U postgres --inserts ${database} | grep -vE '^(--|.(un)?restrict)' | sha256sum`,
    )
  const n8nKept = '/opt/shop/data/n8n/workflows.json'
  /** Rows, users, keys, collections and workflows. */
  const data = async () => [
    await dump('books'),
    await dump('n8n'),
    await on(
      'docker exec shop_postgresql pg_dumpall -U postgres --globals-only | grep -v "^.*restrict" | sha256sum',
    ),
    await redis('get seen'),
    await redis('dbsize'),
    await on('cd /opt/shop/data/qdrant/storage/stand-in; sha256sum *'),
    await on(`cat ${n8nKept} 2>/dev/null || echo none`),
  ]
  const started = () =>
    on("docker inspect -f '{{.Name}} {{.Id}} {{.State.StartedAt}}' $(docker ps -q) | sort")
  const vpai = (...argv: string[]) => place.run(argv)
  const fine = ({ code, out, err }: Ran) =>
    expect({ code, told: code === 0 ? '' : out + err }).toEqual({ code: 0, told: '' })
  const newest = async (item: string) =>
    `/opt/shop/backups/${item}/${await on(`ls /opt/shop/backups/${item} | tail -n 1`)}`

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0] as SandboxInfo
    place = aPlace({ 'vpai.yml': 'name: shop\n', 'playbooks/site.yml': SITE })
    fine(await vpai('secrets', 'init'))
    const one = {
      ansible_host: '127.0.0.1',
      ansible_port: host.port,
      ansible_user: 'deploy',
      ansible_ssh_private_key_file: host.privateKeyPath,
      vpai_known_hosts_file: host.knownHostsPath,
    }
    const uid = (image: string, user: string) =>
      on(`docker pull -q ${image} >/dev/null; docker run --rm --entrypoint id ${image} -u ${user}`)
    VARIABLES.postgresql_uid = Number(await uid('postgres:18.1-bookworm', 'postgres'))
    VARIABLES.redis_uid = Number(await uid('redis:8.0-bookworm', 'redis'))
    place.write('inventory/hosts.yml', JSON.stringify({ all: { children: { prod: { hosts: { one } } } } }))
    place.write('inventory/group_vars/all.yml', JSON.stringify(VARIABLES))
    await on('mkdir -p /opt/shop/logs /opt/shop/scripts')
    fine(await vpai('deploy', 'prod', '--yes'))
    await sql(
      "create table book (id int primary key, title text); insert into book select n, 'title ' || n from generate_series(1, 1000) as n; create table shelf (id int)",
      'books',
    )
    await sql(
      "create table credentials (id int, hidden text); insert into credentials values (1, 'x')",
      'n8n',
    )
    await redis('set seen one')
    await redis('setex brief 3600 two')
    await on(`echo '[{"name":"greet"}]' >${n8nKept}; chown 1000:1000 ${n8nKept}`)
  })
  afterAll(async () => {
    place?.remove()
    await testbed?.stop()
  })

  let first: readonly string[] = []

  it('every item is saved, with what a restore must hold', async () => {
    first = await data()
    const before = await started()
    const { code, out, err } = await vpai('backup', 'prod')
    expect([code, err], out).toEqual([0, ''])
    expect(out).toMatch(/postgresql ok \S+ \d+ bytes, 3 databases, 3 tables, 1001 rows/)
    expect(out).toMatch(/redis ok \S+ \d+ bytes, 2 1 keys|redis ok \S+ \d+ bytes, 2 keys/)
    expect(out).toMatch(/qdrant ok .*collection content_index, collection semantic_cache/)
    expect(out).toMatch(/n8n ok /)
    expect(await started()).toBe(before)
    const told = await vpai('backup-restore', 'prod', '--list')
    expect(told.out).toMatch(/^one {2}postgresql {2}\S+ {2}.* {2}books n8n postgres$/m)
    expect(
      await on('stat -c "%a %U" /opt/shop/backups /opt/shop/backups/*/* /opt/shop/backups/*/*/* | sort -u'),
    ).toBe('600 root\n700 root')
    expect(await on('crontab -l')).toContain('/opt/shop/scripts/backup/backup.sh run --due')
    expect(await on('cat /opt/shop/scripts/backup/items.sh')).not.toContain('what-the-workflows-hide')
  })

  it('a drill restores them elsewhere, and signs what it counted', async () => {
    const before = await started()
    const { code, out, err } = await vpai('drill', 'prod')
    expect([code, err], out).toEqual([0, ''])
    expect(out).toMatch(/^one {2}postgresql {2}ok .*1001 rows$/m)
    expect(out).toMatch(/^one {2}redis {2}ok /m)
    expect(out).toMatch(/^one {2}qdrant {2}ok /m)
    expect(await started()).toBe(before)
    expect(await on('docker ps -aq --filter label=vpai.drill | wc -l; ls -A /opt/shop/backups')).toBe(
      '0\n.lock\nn8n\npostgresql\nqdrant\nredis',
    )
    expect(await on('cat /var/lib/vpai/shop/proofs/*.json')).toMatch(/"signature":"[\w+/]{86}=="/)
    const status = await vpai('status', 'prod')
    expect(status.out).toMatch(/\d+ (seconds?|minutes?) ago$/m)
  })

  it('a dump that is cut short is refused before anything stands still', async () => {
    const file = `${await newest('postgresql')}/1.dump`
    await on(`cp -p ${file} /root/kept; truncate -s 500 ${file}`)
    const before = await started()
    const { code, err } = await vpai('backup-restore', 'prod', 'postgresql', '--yes')
    expect([code, err]).toEqual([2, expect.stringContaining('1.dump has 500 bytes')])
    expect(await started()).toBe(before)
    await on(`: >${file}`)
    const drilled = await vpai('drill', 'prod', 'postgresql')
    expect([drilled.code, drilled.out]).toEqual([
      2,
      expect.stringMatching(/postgresql {2}FAILED .*1\.dump is empty/),
    ])
    const status = await vpai('status', 'prod')
    expect([status.code, status.out]).toEqual([2, expect.stringContaining('failed')])
    await on(`cp -p /root/kept ${file}`)
  })

  it('data that is gone comes back, and what used it stood still', async () => {
    await redis('set seen later')
    fine(await vpai('backup', 'prod', 'redis'))
    await redis('set seen one')
    fine(await vpai('backup', 'prod', 'redis'))
    await sql('drop table book', 'books')
    await sql('drop database n8n with (force)', 'postgres')
    await redis('flushall')
    await on('rm -rf /opt/shop/data/qdrant/storage/stand-in/*')
    await on(`rm ${n8nKept}`)
    const looked = await vpai('backup-restore', 'prod', '--all', '--check')
    expect([looked.code, looked.out]).toEqual([2, expect.stringContaining('postgresql of ')])
    const before = await on("docker inspect -f '{{.State.StartedAt}}' shop_n8n")
    const { code, out, err } = await vpai('backup-restore', 'prod', '--all', '--yes')
    expect([code, code === 0 ? '' : err + out]).toEqual([0, ''])
    expect(
      await on("docker inspect -f '{{.State.StartedAt}} {{.State.Health.Status}}' shop_n8n"),
    ).not.toContain(before)
    fine(await vpai('backup-restore', 'prod', 'n8n', '--yes'))
    expect(await data()).toEqual(first)
    expect(await on('ls -A /opt/shop/backups')).toBe('.lock\nn8n\npostgresql\nqdrant\nredis')
  })

  it('one database comes back alone, of the newest backup that has it', async () => {
    await sql('delete from book where id > 10; insert into shelf values (7)', 'books')
    await sql("update credentials set hidden = 'y'", 'n8n')
    fine(await vpai('backup-restore', 'prod', 'postgresql/books', '--yes'))
    expect(await dump('books')).toBe(first[0])
    expect(await sql('select hidden from credentials', 'n8n')).toBe('y')
  })

  it('another key of the application is refused', async () => {
    fine(
      await vpai(
        'deploy',
        'prod',
        '--yes',
        '--no-snapshot',
        '-e',
        'n8n_encryption_key=quite-another-key-of-n8n',
      ),
    )
    const { code, err } = await vpai('backup-restore', 'prod', 'postgresql/n8n', '--yes')
    expect([code, err]).toEqual([2, expect.stringContaining('another n8n_encryption_key than the one')])
  })

  it('a backup of the night that fails leaves no half, and says so in its exit code and log', async () => {
    const there = await on('ls /opt/shop/backups/redis; ls /opt/shop/backups/qdrant')
    await on('docker stop shop_redis')
    const { code, stderr } = await testbed.exec(
      host,
      '/opt/shop/scripts/backup/backup.sh run --due >/dev/null',
    )
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('redis FAILED the container shop_redis is exited'),
    ])
    expect(await on('tail -n 4 /opt/shop/logs/backup.log')).toMatch(/ redis FAILED [\s\S]* qdrant ok /)
    const now = await on('ls /opt/shop/backups/redis; ls /opt/shop/backups/qdrant')
    expect(now.split('\n')).toHaveLength(there.split('\n').length + 1)
    await on("docker exec -u 0 shop_n8n sh -c 'echo >/usr/local/bin/n8n'")
    const empty = await vpai('backup', 'prod', 'n8n')
    expect([empty.code, empty.out]).toEqual([
      2,
      expect.stringContaining('workflows.json is empty: that is no backup'),
    ])
    const failed = await vpai('backup', 'prod', 'redis')
    expect([failed.code, failed.out]).toEqual([2, expect.stringContaining('redis FAILED')])
  })
})
