/** Ports of the host: who may have one, and at which address. What a template says is checked on the host. */
import type { Problem } from '../base/error.ts'
import { isTemplate, type RoleManifest, type Service, SHARED_NETWORKS } from './service.ts'

export function checkPorts(service: Service, own: RoleManifest['networks']): Problem[] {
  const { name, ports, networks, routes } = service
  const isInternal =
    networks.length > 0 &&
    networks.every(network => ({ ...SHARED_NETWORKS, ...own })[network]?.internal ?? false)
  const vpnOnly = routes.filter(
    ({ access, paths }) => access === 'vpn' && paths.every(path => path.access === 'vpn'),
  )
  return ports.flatMap((port, index): Problem[] => {
    const position = service.positionOf('ports', index)
    if (isInternal) {
      const message = `${name} asks for port ${port.host} of the host, and is in internal networks only`
      const hint = 'Leave ports out: other services reach it by its name, people by a route.'
      return [{ code: 'MANIFEST_PORT_INTERNAL', message, hint, position }]
    }
    if (!isEverywhere(port.address)) return []
    if (networks.includes('monitoring')) {
      const message = `${name} is a service of the monitoring and would answer at every address of the host on port ${port.host}`
      return [
        {
          code: 'MANIFEST_PORT_PUBLIC',
          message,
          hint: 'Give it an address (127.0.0.1, or that of the VPN), or a route instead.',
          position,
        },
      ]
    }
    if (vpnOnly.some(route => route.port === port.container)) {
      const message = `${name} has a route for the VPN alone, and port ${port.host} of the host leads to the same port ${port.container} past it`
      return [
        { code: 'MANIFEST_PORT_PUBLIC', message, hint: 'Leave ports out: the route is enough.', position },
      ]
    }
    return []
  })
}

export function isEverywhere(address: string | undefined): boolean {
  return address === undefined || (!isTemplate(address) && /^(?:0\.0\.0\.0|\[?::\]?|\*)$/.test(address))
}
