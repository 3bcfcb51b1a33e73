import { afterEach, expect, it } from 'vitest'
import { SECRETS, SETTINGS } from '../roles/applications.ts'
import { aPlace, type Place } from './io.ts'

let place: Place | undefined
afterEach(() => place?.remove())

const VARIABLES = {
  project_name: 'shop',
  domain_name: 'example.org',
  qdrant_subdomain: 'qd',
  ...SECRETS,
  ...SETTINGS,
}

function aProject(): Place {
  place = aPlace()
  place.write('inventory/hosts.yml', 'prod: { hosts: { web1: } }\n')
  place.write('inventory/group_vars/all.yml', JSON.stringify(VARIABLES))
  return place
}

it('services tells what is declared, with the variables of the host', async () => {
  const { code, out, err } = await aProject().run(['services', 'prod', '--output', 'plain'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^postgresql +infra +postgres:18.1-bookworm$/m)
  expect(out).toMatch(/networks +frontend, backend/)
  expect(out).toMatch(/ports +80:80\/tcp, 443:443\/tcp, 443:443\/udp/)
  expect(out).toMatch(/routes +qd\.example\.org → 6333 \(vpn\)/)
})

it('services without an environment shows what is written', async () => {
  const { code, out } = await aProject().run(['services', '--output', 'plain'])
  expect([code, out]).toEqual([0, expect.stringMatching(/^redis +infra +\{\{ image_redis \}\}$/m)])
})

it('services as JSON holds the same', async () => {
  const { out } = await aProject().run(['services', 'prod', '--output', 'json'])
  const { version, env, hosts } = JSON.parse(out)
  expect({ version, env, host: hosts[0].host }).toEqual({ version: 1, env: 'prod', host: 'web1' })
  const [, , qdrant] = hosts[0].services
  expect(qdrant).toMatchObject({
    service: 'qdrant',
    role: 'qdrant',
    collections: ['semantic_cache', 'content_index'],
    routes: [{ host: 'qd.example.org', access: 'vpn', port: 6333 }],
    limits: { prod: { memory: '1536M' }, preprod: { memory: '768M' } },
  })
})

it('services of an environment that is not there names those that are', async () => {
  const { code, err } = await aProject().run(['services', 'prdo'])
  expect([code, err]).toEqual([1, expect.stringMatching(/no environment prdo[\s\S]*prod/)])
})
