/** What `vpai services` tells of a service: its manifest with the variables of a host, as far as they are known before a run. */
import { isMapping, Template, type Value } from '../../base/value.ts'
import type { Service } from '../../manifest/service.ts'
import type { Templar } from '../../template/index.ts'

export interface ServiceView {
  readonly service: string
  readonly role: string
  readonly about: Value
  readonly stage: string
  readonly enabled: Value
  readonly image: Value
  readonly networks: Value
  readonly ports: readonly string[]
  /** Host names, or what stands for them. */
  readonly routes: readonly { readonly host: string; readonly access: string; readonly port: Value }[]
  readonly depends_on: Value
  readonly databases: Value
  readonly collections: Value
  readonly health: string
  readonly on_failure: string
  readonly limits: Value
  readonly backup: Value
  readonly scrape: Value
  readonly smoke: Value
  readonly monitors: Value
}

/** `templar` null: templates are shown as they are written. */
export function serviceView({ name, role, stage, value }: Service, templar: Templar | null): ServiceView {
  const said = (key: string) => rendered(value[key] ?? null, templar)
  const list = (key: string) => [said(key) ?? []].flat() as readonly Readonly<Record<string, Value>>[]
  const health = said('healthcheck') as Readonly<Record<string, Value>>
  const domain = rendered(new Template('{{ domain_name }}'), templar)
  return {
    service: name,
    role,
    about: said('about'),
    stage,
    enabled: said('enabled'),
    image: said('image'),
    networks: said('networks'),
    ports: list('ports').map(({ address, host, container, protocol }) =>
      [
        ...(address === undefined ? [] : [text(address)]),
        text(host ?? null),
        `${text(container ?? null)}/${text(protocol ?? null)}`,
      ].join(':'),
    ),
    routes: list('routes')
      .filter(({ subdomain }) => subdomain !== '')
      .map(({ subdomain, access, port }) => ({
        host: `${text(subdomain ?? null)}.${text(domain)}`,
        access: text(access ?? null),
        port: port ?? null,
      })),
    depends_on: said('depends_on'),
    databases: list('databases').map(database => database.name ?? null),
    collections: list('collections').map(collection => collection.name ?? null),
    health: [health.test ?? []].flat().map(text).join(' '),
    on_failure: text(health.on_failure ?? null),
    limits: said('limits'),
    backup: list('backup').map(item => item.name ?? null),
    scrape: said('scrape'),
    smoke: list('smoke').map(item => item.name ?? null),
    monitors: list('monitors').map(item => item.name ?? null),
  }
}

/** What needs facts or secrets that are not there stays as it is written. */
function rendered(value: Value, templar: Templar | null): Value {
  if (value instanceof Template) return settled(value, templar)
  if (Array.isArray(value)) return value.map((item: Value) => rendered(item, templar))
  if (!isMapping(value) || value instanceof Map) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rendered(item, templar)]))
}

function settled(template: Template, templar: Templar | null): Value {
  if (templar === null) return template.source
  try {
    return templar.value(template)
  } catch {
    return template.source
  }
}

function text(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
