import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { findProgram } from '../../src/sandbox/tier.ts'
import {
  type Container,
  DATA,
  renderApplications,
  renderFiles,
  SECRETS,
  variablesOf,
} from './applications.ts'

type Rendered = Awaited<ReturnType<typeof renderApplications>>

let all: Rendered
beforeAll(async () => {
  all = await renderApplications()
})
const service = (name: string) => all.services[name] as Container

describe('the applications', () => {
  it('are in phase B, each pinned (F103–F106, F109e, F387), in the networks of the plan (F139–F141, F185–F187, F191)', () => {
    const found = Object.entries(all.services).map(([name, one]) => [
      name,
      one.image,
      one.networks?.join(' ') ?? one.network_mode,
    ])
    expect(found).toEqual([
      ['n8n', 'docker.n8n.io/n8nio/n8n:2.7.3', 'backend egress'],
      ['litellm', 'ghcr.io/berriai/litellm:v1.81.3-stable', 'backend egress sandbox'],
      ['nocodb', 'nocodb/nocodb:0.301.2', 'backend frontend'],
      ['openclaw', 'ghcr.io/openclaw/openclaw:2026.2.23', 'backend egress'],
      ['sure-web', 'ghcr.io/we-promise/sure:0.7.4', 'backend frontend'],
      ['sure-worker', 'ghcr.io/we-promise/sure:0.7.4', 'backend'],
      ['palais', 'registry.example.org/palais:2.1.0', 'frontend backend'],
      ['diun', 'crazymax/diun:4.31.0', 'bridge'],
    ])
  })

  it('have no secret in the Compose files and the Caddyfile (F38, F388)', () => {
    const open = all.texts['docker-compose-infra.yml'] + all.texts['docker-compose.yml'] + all.texts.Caddyfile
    expect(open).not.toContain('secret-of')
  })

  it('have their secrets in files of variables, each value in single quotes (F116)', () => {
    const files = Object.entries(all.services).map(([name, one]) => [name, one.env_file?.[0]])
    expect(Object.fromEntries(files)).toEqual({
      n8n: '/opt/shop/configs/n8n/n8n.env',
      litellm: '/opt/shop/configs/litellm/litellm.env',
      nocodb: '/opt/shop/configs/nocodb/nocodb.env',
      openclaw: '/opt/shop/configs/openclaw/openclaw.env',
      'sure-web': '/opt/shop/configs/sure/sure.env',
      'sure-worker': '/opt/shop/configs/sure/sure.env',
      palais: '/opt/shop/configs/palais/palais.env',
      diun: undefined,
    })
    for (const name of ['n8n', 'litellm', 'nocodb', 'openclaw', 'sure', 'palais'] as const) {
      expect(Object.keys(variablesOf(all.texts[`${name}.env`])).length, name).toBeGreaterThan(5)
    }
  })

  it('publish no port of the host (F391), and ask their health at 127.0.0.1', () => {
    for (const [name, { ports, healthcheck }] of Object.entries(all.services)) {
      expect([name, ports]).toEqual([name, undefined])
      expect([name, healthcheck.test.join(' ')]).toEqual([name, expect.not.stringContaining('localhost')])
    }
  })

  it('have the limits of the plan, and half of them in preprod', async () => {
    const limits = ({ services }: Rendered) =>
      Object.values(services).map(one => Object.values(one.deploy.resources.limits).join(' '))
    expect(limits(all)).toEqual([
      ...['1024M 1.0', '1024M 1.0', '384M 0.5', '1536M 1.0 512'],
      ...['768M 1.0', '384M 0.5', '192M 0.75', '128M 0.25'],
    ])
    expect(limits(await renderApplications({ target_env: 'preprod' }))).toEqual([
      ...['512M 1.0', '512M 1.0', '256M 0.5', '768M 1.0 512'],
      ...['384M 1.0', '256M 0.5', '192M 0.75', '128M 0.25'],
    ])
  })

  it('have a host name each, for the VPN alone (F80, F149); OpenClaw is spoken to in HTTP/1.1 (pitfall 48)', () => {
    const sites = all.texts.Caddyfile.split(/^(?=\S+\.example\.org \{$)/m).slice(1)
    const found = sites.map(text => [
      text.split('.')[0],
      /reverse_proxy (\S+)/.exec(text)?.[1],
      text.includes('import vpn_only'),
      text.includes('versions 1.1'),
    ])
    expect(found).toEqual([
      ['mayi', 'n8n:5678', true, false],
      ['llm', 'litellm:4000', true, false],
      ['hq', 'nocodb:8080', true, false],
      ['admin', 'openclaw:18789', true, true],
      ['nzimbu', 'sure-web:3000', true, false],
      ['cockpit', 'palais:3300', true, false],
    ])
  })

  it('wait for those that they need: OpenClaw for LiteLLM to begin (F216c), the worker of Sure for its tables', () => {
    const needs = Object.entries(all.services).map(([name, one]) => [name, one.depends_on])
    expect(Object.fromEntries(needs)).toEqual({
      openclaw: { litellm: { condition: 'service_started' } },
      'sure-worker': { 'sure-web': { condition: 'service_healthy' } },
      palais: { litellm: { condition: 'service_started' }, openclaw: { condition: 'service_started' } },
    })
  })

  it('that are not enabled are nowhere', async () => {
    const off = ['n8n', 'litellm', 'nocodb', 'openclaw', 'sure', 'palais'].map(name => [
      `${name}_enabled`,
      false,
    ])
    const { texts, services } = await renderApplications(Object.fromEntries(off))
    expect(Object.keys(services)).toEqual(['diun'])
    expect(texts.Caddyfile).not.toMatch(/\S+\.example\.org \{/)
  })
})

describe('NocoDB', () => {
  it('has the shared password of the database (pitfall 58) and the shared bucket (F117c)', () => {
    const variables = variablesOf(all.texts['nocodb.env'])
    const query = new URL((variables.NC_DB as string).replace('pg:', 'http:')).searchParams
    expect([query.get('u'), query.get('d'), query.get('p')]).toEqual([
      'nocodb',
      'nocodb',
      SECRETS.postgresql_password,
    ])
    expect(variables).toMatchObject({
      NC_PUBLIC_URL: 'https://hq.example.org',
      NC_S3_BUCKET_NAME: 'vpai-shared',
      NC_S3_ENDPOINT: 'https://objects.example.org',
    })
  })
})

describe('Sure', () => {
  it('has its database and database 1 of Redis, with passwords that a URL can hold', () => {
    const variables = variablesOf(all.texts['sure.env'])
    const database = new URL(variables.DATABASE_URL as string)
    const redis = new URL(variables.REDIS_URL as string)
    expect([database.host, database.pathname, database.username]).toEqual([
      'postgresql:5432',
      '/sure_production',
      'sure',
    ])
    expect([redis.host, redis.pathname]).toEqual(['redis:6379', '/1'])
    expect([database, redis].map(({ password }) => decodeURIComponent(password))).toEqual([
      SECRETS.postgresql_password,
      SECRETS.redis_password,
    ])
  })

  it('asks LiteLLM under the names it knows, and nobody where there is none', async () => {
    expect(variablesOf(all.texts['sure.env'])).toMatchObject({
      OPENAI_ACCESS_TOKEN: SECRETS.litellm_master_key,
      OPENAI_URI_BASE: 'http://litellm:4000/v1/',
    })
    const texts = await renderFiles([...DATA, 'sure'], { litellm_enabled: false }, ['sure.env'])
    expect(Object.keys(variablesOf(texts['sure.env'])).filter(name => name.startsWith('OPENAI'))).toEqual([])
  })
})

describe('Palais', () => {
  it('is told where the others are', () => {
    expect(variablesOf(all.texts['palais.env'])).toMatchObject({
      ORIGIN: 'https://cockpit.example.org',
      OPENCLAW_WS_URL: 'ws://openclaw:18789',
      LITELLM_URL: 'http://litellm:4000',
      QDRANT_COLLECTION: 'palais_memory',
      PALAIS_ADMIN_PASSWORD: SECRETS.palais_admin_password,
    })
  })
})

describe('DIUN', () => {
  it('looks every six hours, and its patterns arrive as they are (pitfall 55)', () => {
    const found = parse(all.texts['diun.yml'])
    expect(found.watch).toMatchObject({ schedule: '0 */6 * * *', firstCheckNotif: false })
    expect(found.defaults.includeTags[0]).toBe('^v?\\d+\\.\\d+\\.\\d+$')
    expect(found.providers.docker.watchByDefault).toBe(true)
    expect(all.texts['diun.yml']).toContain("    - '^v?\\d+")
  })

  it("reads Docker's socket and writes nothing but its own folder", () => {
    expect(service('diun').volumes).toEqual([
      '/opt/shop/configs/diun/diun.yml:/etc/diun/diun.yml:ro',
      '/opt/shop/data/diun:/data',
      '/var/run/docker.sock:/var/run/docker.sock:ro',
    ])
  })

  it.each([
    ['telegram', { telegram: { token: SECRETS.telegram_monitoring_bot_token, chatIDs: [-1001] } }],
    ['discord', { discord: { webhookURL: 'https://hooks.example.org/x', timeout: '10s' } }],
    ['slack', { slack: { webhookURL: 'https://hooks.example.org/x' } }],
    ['none', undefined],
  ])('tells by %s', async (method, notif) => {
    const address = { notification_webhook_url: 'https://hooks.example.org/x' }
    const texts = await renderFiles(['diun'], { notification_method: method, ...address }, ['diun.yml'])
    expect(parse(texts['diun.yml']).notif).toEqual(notif)
  })
})

const compose = findProgram('docker') !== null && spawnSync('docker', ['compose', 'version']).status === 0
if (!compose) console.warn('docker compose does not read the files: it is not installed')

it.skipIf(!compose)(
  'docker compose takes both files and the files of variables, and changes none of their values',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'vpai-compose-'))
    try {
      for (const stage of ['docker-compose-infra.yml', 'docker-compose.yml'] as const) {
        const text = all.texts[stage].replaceAll(/\/opt\/shop\/configs\/\w+\/(\w+\.env)/g, `${folder}/$1`)
        writeFileSync(path.join(folder, stage), text)
      }
      for (const name of ['n8n', 'litellm', 'nocodb', 'openclaw', 'sure', 'palais'] as const) {
        writeFileSync(path.join(folder, `${name}.env`), all.texts[`${name}.env`])
      }
      const read = (file: string) => {
        const done = spawnSync(
          'docker',
          ['compose', '-p', 'check', '-f', file, 'config', '--format', 'json'],
          {
            cwd: folder,
            encoding: 'utf8',
          },
        )
        expect(done.stderr).toBe('')
        return JSON.parse(done.stdout).services
      }
      expect(Object.keys(read('docker-compose-infra.yml'))).toHaveLength(4)
      const services = read('docker-compose.yml')
      expect(services['sure-web'].environment).toEqual(variablesOf(all.texts['sure.env']))
      expect(services.litellm.environment.REDIS_PASSWORD.replaceAll('$$', '$')).toBe(SECRETS.redis_password)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
