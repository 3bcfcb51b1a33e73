import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { manifest } from '../manifest/a-service.ts'
import { renderStack } from './render-stack.ts'

const SECRETS = {
  postgresql_password: 'p1-a-long-password',
  redis_password: 'r1-a-long-password',
  qdrant_api_key: 'q1-a-long-key',
}
const SHIPPED = ['postgresql', 'redis', 'qdrant', 'caddy']

interface ComposeService {
  readonly [key: string]: unknown
  readonly image: string
  readonly networks?: readonly string[]
  readonly deploy: { readonly resources: { readonly limits: { readonly memory: string } } }
}

/** A role of a project's own: all that the manifests of the shipped ones leave out. */
const SHOP = manifest(
  {
    shop: {
      networks: ['backend', 'inner'],
      env_file: '/opt/{{ project_name }}/shop.env',
      environment: { PRICE: '5$', ON: true, COUNT: 3 },
      user: 1000,
      init: true,
      command: ['serve', 8080, '$HOME'],
      depends_on: { postgresql: 'service_healthy', helper: 'service_started' },
      limits: {
        prod: { memory: '1G', cpus: 1, pids: 512, reserve: '256M' },
        preprod: { memory: '512M', cpus: '0.5' },
      },
      routes: [
        { subdomain: 'open', port: 80, access: 'public', paths: [{ path: '/admin/*', access: 'vpn' }] },
        { subdomain: 'inside', port: 81, http1: true, paths: [{ path: '/hook/*', access: 'public' }] },
        { subdomain: "{{ '' }}", port: 82 },
      ],
    },
    helper: { networks: [], on_demand: true },
    // Nothing of it is rendered.
    absent: {
      enabled: '{{ 1 == 2 }}',
      environment: { X: '{{ 1 / 0 }}' },
      routes: [{ subdomain: 'absent', port: 1 }],
    },
  },
  { inner: { internal: true, subnet: '172.20.9.0/24' } },
)
const OWN = {
  'shop/service.yml': SHOP,
  'shop/defaults/main.yml': 'image_shop: registry.example.org/shop:1.0\n',
  'shop/tasks/main.yml': '[]\n',
}

describe('what is made of the manifests', () => {
  let infra: { readonly services: Readonly<Record<string, ComposeService>>; readonly networks: unknown }
  let apps: typeof infra
  let caddyfile: string

  beforeAll(async () => {
    const texts = await renderStack(
      {
        roles: [...SHIPPED, 'shop', 'docker-stack'],
        own: OWN,
        variables: { ...SECRETS, qdrant_subdomain: 'qd', target_env: 'preprod' },
      },
      ['docker-compose-infra.yml', 'docker-compose.yml', 'Caddyfile'],
    )
    infra = parse(texts['docker-compose-infra.yml'])
    apps = parse(texts['docker-compose.yml'])
    caddyfile = texts.Caddyfile
  })

  it('phase A: the data services and the proxy, pinned, in their networks', () => {
    expect(
      Object.entries(infra.services).map(([name, { image, networks }]) => [name, image, networks]),
    ).toEqual([
      ['postgresql', 'postgres:18.1-bookworm', ['backend']],
      ['redis', 'redis:8.0-bookworm', ['backend']],
      ['qdrant', 'qdrant/qdrant:v1.16.3', ['backend']],
      ['caddy', 'caddy:2.10.2-alpine', ['frontend', 'backend']],
    ])
    expect(infra.networks).toEqual({
      backend: { name: 'shop_backend', external: true },
      frontend: { name: 'shop_frontend', external: true },
    })
  })

  it('every service restarts, has no capabilities of its own, a health check, limits, and logs of a limited size', () => {
    for (const service of Object.values({ ...infra.services, ...apps.services })) {
      expect(service).toMatchObject({
        restart: 'unless-stopped',
        security_opt: ['no-new-privileges:true'],
        cap_drop: ['ALL'],
        healthcheck: { test: expect.any(Array), interval: '10s' },
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
        deploy: { resources: { limits: { memory: expect.any(String), cpus: expect.any(String) } } },
      })
    }
  })

  it('no data store has a port of the host; the proxy has those of the web', () => {
    const ports = Object.entries(infra.services).map(([name, service]) => [name, service.ports])
    expect(Object.fromEntries(ports)).toEqual({
      postgresql: undefined,
      redis: undefined,
      qdrant: undefined,
      caddy: ['80:80/tcp', '443:443/tcp', '443:443/udp'],
    })
  })

  it('limits are those of the environment', () => {
    const memory = Object.values(infra.services).map(({ deploy }) => deploy.resources.limits.memory)
    expect(memory).toEqual(['768M', '384M', '768M', '256M'])
  })

  it('phase B: services of other roles, with everything as Compose wants it', () => {
    expect(Object.keys(apps.services)).toEqual(['shop', 'helper'])
    expect(apps.services.shop).toMatchObject({
      container_name: 'shop_shop',
      image: 'registry.example.org/shop:1.0',
      command: ['serve', '8080', '$$HOME'],
      user: '1000',
      init: true,
      env_file: ['/opt/shop/shop.env'],
      environment: { PRICE: '5$$', ON: 'true', COUNT: '3' },
      // PostgreSQL is healthy before phase B begins, and in another Compose project.
      depends_on: { helper: { condition: 'service_started' } },
    })
    expect(apps.services.helper).toMatchObject({ network_mode: 'bridge', profiles: ['on-demand'] })
    expect(apps.networks).toEqual({
      backend: { name: 'shop_backend', external: true },
      inner: { name: 'shop_inner', internal: true, ipam: { config: [{ subnet: '172.20.9.0/24' }] } },
    })
  })

  it('the Caddyfile has a site for each route that has a name, and none for a service that is not there', () => {
    const sites = [...caddyfile.matchAll(/^(\S+\.example\.org) \{$/gm)].map(([, name]) => name)
    expect(sites).toEqual(['qd.example.org', 'open.example.org', 'inside.example.org'])
  })

  const site = (name: string) =>
    caddyfile.split(`\n${name}.example.org {\n`)[1]?.split('\n}\n')[0]?.replaceAll(/\s+/g, ' ')

  it('a route for the VPN asks who comes before it answers', () => {
    expect(site('qd')).toMatch(/route \{ import vpn_only handle \{ reverse_proxy qdrant:6333 \} \}$/)
  })

  it('paths with another access stand before the rest', () => {
    expect(site('open')).toMatch(
      /route \{ handle \/admin\/\* \{ import vpn_only handle \{ reverse_proxy shop:80 \} \} handle \{ reverse_proxy shop:80 \} \}$/,
    )
    expect(site('inside')).toMatch(
      /route \{ handle \/hook\/\* \{ reverse_proxy shop:81 \{ transport http \{ versions 1.1 \} \} \} import vpn_only handle \{ reverse_proxy shop:81/,
    )
  })
})

describe('n8n', () => {
  const n8n = {
    n8n_subdomain: 'flows',
    n8n_encryption_key: 'n1-a-long-key$HOME',
    n8n_webhook_secret: 'n2-a-long-secret',
  }
  const render = (variables: object = {}) =>
    renderStack(
      { roles: [...SHIPPED, 'n8n', 'docker-stack'], variables: { ...SECRETS, ...n8n, ...variables } },
      ['docker-compose.yml', 'Caddyfile', 'n8n.env'],
    )

  it('has its secrets in the file of variables alone, where Compose puts nothing in', async () => {
    const texts = await render()
    const { services } = parse(texts['docker-compose.yml'])
    expect(services.n8n).toMatchObject({
      env_file: ['/opt/shop/configs/n8n/n8n.env'],
      networks: ['backend', 'egress'],
    })
    expect(texts['docker-compose.yml']).not.toMatch(/-a-long-/)
    expect(texts['n8n.env']).toContain("N8N_ENCRYPTION_KEY='n1-a-long-key$HOME'\n")
    expect(texts['n8n.env']).toContain("DB_POSTGRESDB_PASSWORD='p1-a-long-password'\n")
    expect(texts['n8n.env'].split('\n').filter(line => !/^(?:#.*|[A-Z0-9_]+='.*'|)$/.test(line))).toEqual([])
  })

  it('opens its webhooks only where that is said', async () => {
    expect((await render()).Caddyfile).not.toContain('handle /webhook/*')
    expect((await render({ n8n_webhooks_public: true })).Caddyfile).toContain('handle /webhook/*')
  })

  it('that is not enabled is nowhere', async () => {
    const texts = await render({ n8n_enabled: false })
    expect(texts['docker-compose.yml'] + texts.Caddyfile).not.toMatch(/n8n|flows/)
  })
})

it('without enforcement of the VPN nobody is asked', async () => {
  const variables = { ...SECRETS, qdrant_subdomain: 'qd', caddy_vpn_enforce: false }
  const { Caddyfile } = await renderStack({ roles: [...SHIPPED, 'docker-stack'], variables }, ['Caddyfile'])
  expect(Caddyfile).not.toContain('import vpn_only')
})
