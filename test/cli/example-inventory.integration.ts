import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { parse } from 'yaml'
import { aPlace, type Place } from './io.ts'

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/stack')
const read = (folder: string, file: string) => readFileSync(path.join(folder, file), 'utf8')

let place: Place | undefined
afterEach(() => place?.remove())

async function written(): Promise<Place> {
  place = aPlace({ 'answers.yml': read(EXAMPLE, 'answers.yml') })
  const { code, err } = await place.run(['wizard', '--answers', 'answers.yml'])
  if (code !== 0) throw new Error(err)
  return place
}

const VERSIONS = 'inventory/group_vars/all/versions.yml'

it('the example inventory is what the wizard writes', async () => {
  const { folder } = await written()
  const files = readdirSync(path.join(EXAMPLE, 'inventory'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yml'))
    .map(file => `inventory/${file}`)
    .filter(file => file !== VERSIONS)
  expect(files).toHaveLength(6)
  for (const file of files) expect(read(EXAMPLE, file), file).toBe(read(folder, file))
})

it('its versions are those of the role, each pinned', () => {
  const pins = parse(read(EXAMPLE, VERSIONS))
  expect(pins).toEqual(parse(read(path.resolve(EXAMPLE, '../../roles/versions'), 'defaults/main.yml')))
  expect(Object.keys(pins).length).toBeGreaterThan(25)
})

it('it names no address and no domain but those of documentation', () => {
  const texts = readdirSync(EXAMPLE, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yml'))
    .map(file => read(EXAMPLE, file))
    .join('\n')
  const addresses = [...texts.matchAll(/\b\d+\.\d+\.\d+\.\d+\b/g)].map(([address]) => address)
  expect(addresses.filter(address => !/^(?:192\.0\.2|172\.20\.[1-5]|100\.64\.0)\./.test(address))).toEqual([])
})

it('the shipped stack has its services in it', async () => {
  const { code, out, err } = await (await written()).run(['services', 'prod', '--output', 'json'])
  expect([code, err]).toEqual([0, ''])
  const [{ host, services }] = JSON.parse(out).hosts
  expect(host).toBe('vps-prod-01')
  expect(services.map((one: { service: string }) => one.service)).toEqual([
    'postgresql',
    'redis',
    'qdrant',
    'caddy',
    ...['n8n', 'litellm', 'nocodb', 'openclaw', 'sure-web', 'sure-worker', 'palais', 'diun'],
  ])
  expect(services[4]).toMatchObject({
    image: 'docker.n8n.io/n8nio/n8n:2.7.3',
    enabled: true,
    routes: [{ host: 'mayi.example.org', access: 'vpn', port: 5678 }],
  })
})
