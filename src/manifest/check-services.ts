/** What only all services of a play together show: ports, names, dependencies, routes. Pure; each problem has its place. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Problem } from '../base/error.ts'
import { checkDependencies } from './check-dependencies.ts'
import { checkNames } from './check-names.ts'
import { checkPorts } from './check-ports.ts'
import { PIN, type RoleManifest, type Service, SHARED_NETWORKS } from './service.ts'

/** Of one role alone: also where nobody uses the role. */
export function checkManifest({ networks, services }: RoleManifest): Problem[] {
  return services.flatMap(service => [
    ...checkImage(service),
    ...checkVolumes(service),
    ...checkNetworks(service, Object.keys(networks)),
    ...checkPorts(service, networks),
  ])
}

/** Codes of what only several roles together can be told. */
export const ACROSS_ROLES: ReadonlySet<string> = new Set([
  ...['MANIFEST_BACKUP_TWICE', 'MANIFEST_COLLECTION_TWICE', 'MANIFEST_CYCLE', 'MANIFEST_DATABASE_TWICE'],
  ...['MANIFEST_DEPENDENCY', 'MANIFEST_PORT_TAKEN', 'MANIFEST_ROUTE_TWICE', 'MANIFEST_SERVICE_TWICE'],
])

/** Of all roles of a play. */
export function checkServices(manifests: readonly RoleManifest[]): Problem[] {
  const services = manifests.flatMap(({ services }) => services)
  return [...checkNames(services), ...checkDependencies(services)]
}

function checkImage({ name, image, positionOf }: Service): Problem[] {
  if (PIN.test(image)) return []
  const key = name.replaceAll('-', '_')
  return [
    {
      code: 'MANIFEST_IMAGE',
      message: `${name}: ${image} is no name of a pin`,
      hint: `Write image: ${key}, and image_${key}: with the image and its version where the others are pinned (roles/versions, or versions.yml of the inventory).`,
      position: positionOf('image'),
    },
  ]
}

function checkVolumes({ name, volumes, positionOf }: Service): Problem[] {
  return volumes.flatMap(({ source, read_only, owner }, index) => {
    const position = positionOf('volumes', index, 'source')
    if (!read_only && owner === undefined) {
      const message = `${name} writes to ${source}, and nobody is said to own it`
      const hint = 'Name the user that the process runs as: owner: 1000. Or read_only: true.'
      return [{ code: 'MANIFEST_VOLUME_OWNER', message, hint, position }]
    }
    if (read_only && owner !== undefined) {
      const message = `${name} cannot write to ${source}, so it has no owner to be made for`
      const hint = 'Leave owner out; the role makes what is mounted read_only.'
      return [
        { code: 'MANIFEST_VOLUME_OWNER', message, hint, position: positionOf('volumes', index, 'owner') },
      ]
    }
    return []
  })
}

function checkNetworks({ name, networks, positionOf }: Service, own: readonly string[]): Problem[] {
  return networks.flatMap((network, index) => {
    const position = positionOf('networks', index)
    if (networks.indexOf(network) < index) {
      const message = `${name} is in the network ${network} twice`
      return [{ code: 'MANIFEST_NETWORK', message, hint: 'Leave one out.', position }]
    }
    const known = [...SHARED, ...own]
    if (known.includes(network)) return []
    return [
      {
        code: 'MANIFEST_NETWORK',
        message: `${name}: there is no network ${network}`,
        hint:
          didYouMean(network, known) ??
          `There are ${known.join(', ')}. One of its own stands under networks: at the top of the file.`,
        position,
      },
    ]
  })
}

const SHARED = Object.keys(SHARED_NETWORKS)
