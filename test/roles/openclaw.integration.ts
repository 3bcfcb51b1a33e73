import { spawnSync } from 'node:child_process'
import { beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  type Container,
  DATA,
  renderApplications,
  renderFiles,
  SECRETS,
  variablesOf,
} from './applications.ts'

let all: Awaited<ReturnType<typeof renderApplications>>
beforeAll(async () => {
  all = await renderApplications()
})
const service = (name: string) => all.services[name] as Container
const settings = () => JSON.parse(all.texts['openclaw.json'])

it('knows LiteLLM alone (F151, F217): neither the data services nor their passwords', () => {
  const texts = all.texts['openclaw.env'] + all.texts['openclaw.json']
  expect(texts).not.toMatch(/postgres|redis|qdrant/i)
  expect(settings().models.providers.litellm).toMatchObject({
    baseUrl: 'http://litellm:4000/v1',
    apiKey: '${LITELLM_API_KEY}',
    api: 'openai-completions',
  })
})

it('has no secret in its settings, which it cannot rewrite (pitfall 57)', () => {
  expect(all.texts['openclaw.json']).not.toContain('secret-of')
  expect(variablesOf(all.texts['openclaw.env'])).toMatchObject({
    OPENCLAW_CONFIG_PATH: '/etc/openclaw/openclaw.json',
    OPENCLAW_NIX_MODE: '1',
    OPENCLAW_GATEWAY_TOKEN: SECRETS.openclaw_gateway_token,
  })
  expect(service('openclaw').volumes).toContain('/opt/shop/configs/openclaw/gateway:/etc/openclaw:ro')
})

it('listens for Caddy, and to pages of its own host name', () => {
  expect(settings().gateway).toEqual({
    mode: 'local',
    port: 18789,
    bind: 'lan',
    auth: { mode: 'token', token: '${OPENCLAW_GATEWAY_TOKEN}' },
    trustedProxies: ['172.20.2.0/24'],
    controlUi: { enabled: true, allowedOrigins: ['https://admin.example.org'] },
  })
})

it('runs sessions in sandboxes: no capabilities, a root that is read only, a network with LiteLLM alone (F104)', () => {
  expect(settings().agents.defaults.sandbox).toEqual({
    mode: 'non-main',
    scope: 'agent',
    workspaceAccess: 'none',
    workspaceRoot: '/opt/shop/data/openclaw/workspace/sandboxes',
    docker: {
      image: 'openclaw-sandbox:2026.2.23',
      network: 'shop_sandbox',
      user: '1000:1000',
      readOnlyRoot: true,
      tmpfs: ['/tmp', '/var/tmp', '/run'],
      capDrop: ['ALL'],
      memory: '1g',
      cpus: 1,
      pidsLimit: 256,
    },
  })
})

it("has Docker's socket and its group for that (pitfall 33), and folders under the paths of the host", () => {
  const { volumes, group_add, init } = service('openclaw')
  expect({ group_add, init }).toEqual({ group_add: ['998'], init: true })
  expect(volumes).toEqual(
    expect.arrayContaining([
      '/var/run/docker.sock:/var/run/docker.sock:ro',
      '/usr/bin/docker:/usr/local/bin/docker:ro',
      '/opt/shop/data/openclaw/state:/opt/shop/data/openclaw/state',
      '/opt/shop/data/openclaw/workspace:/opt/shop/data/openclaw/workspace',
    ]),
  )
})

it('has neither where sandboxes are off', async () => {
  const files = ['docker-compose.yml', 'openclaw.json'] as const
  const off = { openclaw_sandbox_enabled: false, openclaw_docker_group: '{{ openclaw_uid }}' }
  const texts = await renderFiles([...DATA, 'litellm', 'openclaw', 'docker-stack'], off, files)
  const { openclaw } = parse(texts['docker-compose.yml']).services
  expect(openclaw.volumes).toContain('/dev/null:/var/run/docker.sock:ro')
  expect(JSON.parse(texts['openclaw.json']).agents.defaults.sandbox).toEqual({ mode: 'off' })
})

it('has Telegram enabled by name, and listens to its chat alone', () => {
  expect(settings().plugins.entries.telegram).toEqual({ enabled: true })
  expect(settings().channels.telegram).toMatchObject({ dmPolicy: 'allowlist', allowFrom: ['1002'] })
})

it('takes the models of LiteLLM, the first of the profile', () => {
  const { models, agents } = settings()
  expect(models.providers.litellm.models.map(({ id }: { id: string }) => id)).toEqual([
    ...['claude-sonnet', 'claude-haiku', 'gpt-mini', 'deepseek-chat', 'free'],
  ])
  expect(agents.defaults).toMatchObject({
    model: { primary: 'litellm/claude-haiku' },
    subagents: { maxConcurrent: 4 },
  })
})

it('is asked for a WebSocket: every path answers 200', () => {
  const [, program, , script] = service('openclaw').healthcheck.test
  expect(program).toBe('node')
  expect(spawnSync('node', ['--check', '-'], { input: script, encoding: 'utf8' }).stderr).toBe('')
})
