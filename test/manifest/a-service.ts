/** Manifests for tests, from as little text as says what the test is about. */
import type { Problem } from '../../src/base/error.ts'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import { aLoadOptions } from '../config/load-options.ts'
import { memoryReader } from '../config/memory-reader.ts'

/** Keys that every service has; what a test says comes over them. */
const PLAIN: Readonly<Record<string, unknown>> = {
  about: 'a service',
  stage: 'apps',
  image: 'shop',
  networks: ['backend'],
  healthcheck: { test: ['CMD', 'true'] },
  limits: { prod: { memory: '1G', cpus: '1' }, preprod: { memory: '512M', cpus: '0.5' } },
}

export type Services = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A file with a line for each key, so that places can be told apart. */
export function manifest(services: Services, networks?: unknown): string {
  const head = networks === undefined ? '' : `networks: ${JSON.stringify(networks)}\n`
  const one = ([name, keys]: [string, Readonly<Record<string, unknown>>]) => {
    const all = Object.entries({ ...PLAIN, ...keys }).filter(([, value]) => value !== undefined)
    return `  ${name}:\n${all.map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`).join('')}`
  }
  return `${head}services:\n${Object.entries(services).map(one).join('')}`
}

/** What a project of these roles, in their order, is told. */
export function problemsOf(
  roles: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): readonly Problem[] {
  const files = Object.fromEntries(
    Object.entries(roles).map(([role, text]) => [`roles/${role}/service.yml`, text]),
  )
  const site = `- hosts: all\n  roles: ${JSON.stringify(Object.keys(roles))}\n`
  const tasks = Object.fromEntries(Object.keys(roles).map(role => [`roles/${role}/tasks/main.yml`, '[]\n']))
  const options = aLoadOptions({
    definedNames: new Set(['project_name', 'image_shop', 'n8n_subdomain', 'shop_port']),
  })
  return loadPlaybooks(memoryReader({ 'site.yml': site, ...tasks, ...files, ...more }), ['site.yml'], options)
    .problems
}
