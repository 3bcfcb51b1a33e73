/** How a system is, for tests, said with as few words as they need. */
import type { ContainerState, PortState, SystemState, UnitState } from '../../src/release/system-state.ts'

export function aState(over: Partial<SystemState> = {}): SystemState {
  return {
    at: 1_000_000,
    uptime: 100_000,
    units: [],
    packages: [],
    containers: [],
    ports: [],
    ephemeral: { low: 32_768, high: 60_999 },
    blind: {},
    ...over,
  }
}

export function aUnit(over: Partial<UnitState> = {}): UnitState {
  const state = { load: 'loaded', active: 'active', sub: 'running', file: 'enabled' }
  return { name: 'web.service', ...state, since: 950_000, until: null, ...over }
}

export function aContainer(over: Partial<ContainerState> = {}): ContainerState {
  return {
    id: 'c1',
    name: 'shop-web-1',
    project: 'shop',
    service: 'web',
    isOneOff: false,
    config: 'hash',
    status: 'running',
    health: 'healthy',
    exitCode: 0,
    restarts: 0,
    restartPolicy: 'always',
    startedAt: '1970-01-11T00:00:00.5Z',
    reference: 'web:1',
    image: 'sha256:one',
    ports: [],
    ...over,
  }
}

export function aPort(port: number, over: Partial<PortState> = {}): PortState {
  return { protocol: 'tcp', address: '0.0.0.0', port, program: 'web', holder: 'web.service', ...over }
}
