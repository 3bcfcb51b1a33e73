/** What only one service of a play may have: a name, a port of the host, a host name, a database, an item of the backup. */
import type { Position, Problem } from '../base/error.ts'
import { isEverywhere } from './check-ports.ts'
import type { Service } from './service.ts'

export function checkNames(services: readonly Service[]): Problem[] {
  return [
    ...twice(
      services.map(service => claim(service, service.name, service.positionOf())),
      {
        code: 'MANIFEST_SERVICE_TWICE',
        what: 'service',
        hint: 'Give one of them another name.',
      },
    ),
    ...portsTwice(services),
    ...twice(
      claims(services, 'routes', route => (route.subdomain === '' ? undefined : route.subdomain)),
      {
        code: 'MANIFEST_ROUTE_TWICE',
        what: 'host name',
        hint: 'Two services cannot answer to one name: give one of them another subdomain.',
      },
    ),
    ...twice(
      claims(services, 'databases', database => database.name),
      {
        code: 'MANIFEST_DATABASE_TWICE',
        what: 'database',
        hint: 'Let one service declare it; the other uses it as it is.',
      },
    ),
    ...twice(
      claims(services, 'collections', collection => collection.name),
      {
        code: 'MANIFEST_COLLECTION_TWICE',
        what: 'collection',
        hint: 'Let one service declare it; the other uses it as it is.',
      },
    ),
    ...twice(
      claims(services, 'backup', item => item.name),
      {
        code: 'MANIFEST_BACKUP_TWICE',
        what: 'item of the backup',
        hint: 'Its name is the name of its folder: give one of them another.',
      },
    ),
  ]
}

interface Claim {
  readonly service: string
  readonly role: string
  readonly key: string
  readonly position: Position
}

interface Kind {
  readonly code: string
  readonly what: string
  readonly hint: string
}

function claim({ name, role }: Service, key: string, position: Position): Claim {
  return { service: name, role, key, position }
}

type Lists = Pick<Service, 'routes' | 'databases' | 'collections' | 'backup'>

function claims<K extends keyof Lists>(
  services: readonly Service[],
  list: K,
  keyOf: (item: Lists[K][number]) => string | undefined,
): Claim[] {
  return services.flatMap(service =>
    service[list].flatMap((item: Lists[K][number], index: number) => {
      const key = keyOf(item)
      return key === undefined ? [] : [claim(service, key, service.positionOf(list, index))]
    }),
  )
}

function twice(all: readonly Claim[], { code, what, hint }: Kind): Problem[] {
  const first = new Map<string, Claim>()
  return all.flatMap(one => {
    const before = first.get(one.key)
    if (before === undefined) {
      first.set(one.key, one)
      return []
    }
    return [
      {
        code,
        message: `the ${what} ${one.key} is there twice: ${owner(before)} and ${owner(one)}`,
        hint,
        position: one.position,
      },
    ]
  })
}

function owner({ service, role, position }: Claim): string {
  return `${service} of role ${role} (${position.file}:${position.line})`
}

interface Published extends Claim {
  readonly address: string | undefined
}

/** One that listens everywhere stands in the way of each that names an address. */
function portsTwice(services: readonly Service[]): Problem[] {
  const all = services.flatMap(service =>
    service.ports.map(
      ({ host, protocol, address }, index): Published => ({
        ...claim(service, `${host}/${protocol}`, service.positionOf('ports', index)),
        address,
      }),
    ),
  )
  return all.flatMap((one, index) => {
    const before = all
      .slice(0, index)
      .find(other => other.key === one.key && meet(other.address, one.address))
    if (before === undefined) return []
    const message = `port ${one.key} of the host is taken twice: by ${owner(before)} and ${owner(one)}`
    return [
      {
        code: 'MANIFEST_PORT_TAKEN',
        message,
        hint: 'Give one of them another host port, or an address of its own.',
        position: one.position,
      },
    ]
  })
}

function meet(one: string | undefined, other: string | undefined): boolean {
  return one === other || isEverywhere(one) || isEverywhere(other)
}
