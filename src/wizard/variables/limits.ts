import { memory } from '../checks.ts'
import { of, themed } from '../variable.ts'

export interface ServiceLimits {
  readonly service: string
  readonly memory: string
  /** Cores. */
  readonly cpu: number
  /** What the smaller preprod server gives instead. */
  readonly preprod?: { readonly memory: string; readonly cpu?: number }
  /** The switch without which it does not run. */
  readonly switch?: string
}

/** Memory and processor of each container of the production server. */
export const SERVICE_LIMITS: readonly ServiceLimits[] = [
  { service: 'postgresql', memory: '1536M', cpu: 1.5, preprod: { memory: '768M', cpu: 0.75 } },
  { service: 'redis', memory: '768M', cpu: 0.5, preprod: { memory: '384M' } },
  { service: 'qdrant', memory: '1536M', cpu: 0.75, preprod: { memory: '768M' } },
  { service: 'caddy', memory: '256M', cpu: 0.5 },
  { service: 'n8n', memory: '1024M', cpu: 1, preprod: { memory: '512M' } },
  { service: 'litellm', memory: '1024M', cpu: 1, preprod: { memory: '512M' } },
  { service: 'openclaw', memory: '1536M', cpu: 1, preprod: { memory: '768M' }, switch: 'openclaw_enabled' },
  { service: 'nocodb', memory: '384M', cpu: 0.5, preprod: { memory: '256M' }, switch: 'nocodb_enabled' },
  { service: 'palais', memory: '192M', cpu: 0.75, switch: 'palais_enabled' },
  { service: 'sure_web', memory: '768M', cpu: 1, preprod: { memory: '384M' }, switch: 'sure_enabled' },
  { service: 'sure_worker', memory: '384M', cpu: 0.5, preprod: { memory: '256M' }, switch: 'sure_enabled' },
  { service: 'grafana', memory: '384M', cpu: 0.5, switch: 'monitoring_enabled' },
  { service: 'victoriametrics', memory: '512M', cpu: 0.5, switch: 'monitoring_enabled' },
  { service: 'loki', memory: '384M', cpu: 0.5, switch: 'monitoring_enabled' },
  { service: 'alloy', memory: '256M', cpu: 0.25, switch: 'monitoring_enabled' },
  { service: 'cadvisor', memory: '256M', cpu: 0.25, switch: 'monitoring_enabled' },
  { service: 'diun', memory: '128M', cpu: 0.25 },
]

export const limitVariables = themed(
  { theme: 'Memory and processor of each container', step: 'hosts', systems: ['vpai'] },
  SERVICE_LIMITS.flatMap(({ service, memory: most, cpu }) => [
    of('str', `${service}_memory_limit`, `Memory of ${service}`, {
      default: most,
      required: true,
      check: memory,
      detail: true,
    }),
    of('float', `${service}_cpu_limit`, `Cores of ${service}`, {
      default: cpu,
      required: true,
      range: [0.05, 256],
      detail: true,
    }),
  ]),
)
