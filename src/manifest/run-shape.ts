/** How a service runs: what becomes of it in a Compose file. Keys that Compose has too mean the same. */
import { z } from 'zod'
import {
  account,
  count,
  duration,
  flag,
  hostPath,
  mode,
  port,
  serviceName,
  size,
  text,
  word,
  words,
} from './scalars.ts'

export const STAGES = ['infra', 'apps'] as const
export const ENVIRONMENTS = ['prod', 'preprod'] as const
export const CONDITIONS = ['service_healthy', 'service_started', 'service_completed_successfully'] as const

export const volumeSchema = z.strictObject({
  source: hostPath().describe('Folder or file on the host.'),
  target: text().describe('Where the container sees it.'),
  read_only: z
    .boolean()
    .default(false)
    .describe('The container cannot write there. The role makes it itself.'),
  owner: account()
    .optional()
    .describe(
      'User of the container that writes there. With it the folder is made before the service starts.',
    ),
  group: account().optional().describe('Default: the number or name given as owner.'),
  mode: mode().default('0700').describe('Of the folder.'),
})

export const portSchema = z.strictObject({
  host: port().describe('Port of the host.'),
  container: port().describe('Port of the container.'),
  protocol: z.enum(['tcp', 'udp'], { error: 'must be tcp or udp' }).default('tcp').describe('tcp or udp.'),
  address: text().optional().describe('Address of the host that listens; left out: all of them.'),
})

export const healthSchema = z.strictObject({
  test: words()
    .min(2, 'must be a list: [CMD, program, …] or [CMD-SHELL, "a line for sh"]')
    .describe('[CMD, program, argument …] or [CMD-SHELL, line]. $ is plain here; it is doubled for Compose.'),
  interval: duration()
    .optional()
    .describe('Time between two looks of Docker; default stack_health_interval.'),
  timeout: duration().default('5s').describe('Time a look may take.'),
  retries: count().default(5).describe('Looks that must fail before the container counts as ill.'),
  start_period: duration().optional().describe('Time it may take to come up; default stack_start_period.'),
  on_failure: z
    .enum(['fail', 'warn', 'restart'], { error: 'must be fail, warn or restart' })
    .default('fail')
    .describe(
      'When it is ill after a deploy: fail ends the deploy, warn says it, restart restarts it once, then warns.',
    ),
})

const limitsOf = z.strictObject({
  memory: size().describe('Most memory.'),
  cpus: word().describe('Most CPUs, such as "0.5".'),
  reserve: size().optional().describe('Memory kept for it.'),
  pids: count().optional().describe('Most processes.'),
})

export const limitsSchema = z.strictObject(
  {
    prod: limitsOf.describe('In prod, and wherever is not preprod.'),
    preprod: limitsOf.describe('In preprod.'),
  },
  { error: 'must hold prod and preprod' },
)

export const runShape = {
  about: text().describe('What it is for, in a line.'),
  stage: z
    .enum(STAGES, { error: 'must be infra or apps' })
    .describe(
      'infra: docker-compose-infra.yml, started first. apps: docker-compose.yml, started when infra is healthy.',
    ),
  enabled: flag().default(true).describe('Where it is false, the service is not there.'),
  on_demand: z.boolean().default(false).describe('It is there, and a deploy does not start it.'),
  image: text().describe(
    'Name of a pin: postgresql means the variable image_postgresql, see roles/versions.',
  ),
  build: hostPath().optional().describe('Folder on the host that the image is built from.'),
  command: words().optional(),
  entrypoint: words().optional(),
  user: word().optional().describe('User and group of the process, such as "1000:1000".'),
  working_dir: text().optional(),
  hostname: text().optional(),
  init: z.boolean().default(false).describe('A small init reaps what the process leaves behind.'),
  read_only: z.boolean().default(false).describe('Nothing but volumes and tmpfs can be written to.'),
  tmpfs: words().default([]),
  cap_add: words().default([]).describe('Capabilities; all others are dropped.'),
  group_add: words().default([]).describe('Further groups of the process.'),
  devices: words().default([]),
  security_opt: words().default([]).describe('Beside no-new-privileges.'),
  pid: text().optional(),
  cgroup: text().optional(),
  privileged: z.boolean().default(false),
  shm_size: size().optional(),
  stop_grace_period: duration().optional(),
  extra_hosts: words().default([]),
  restart: z
    .enum(['unless-stopped', 'always', 'on-failure', 'no'], {
      error: 'must be unless-stopped, always, on-failure or "no"',
    })
    .default('unless-stopped'),
  networks: z
    .array(text(), { error: 'must be a list of networks' })
    .describe(
      'Of frontend, backend, monitoring, egress, sandbox, and those the file itself names. []: none of them, only the way out.',
    ),
  ports: z
    .array(portSchema)
    .default([])
    .describe('Ports of the host that lead to it. Most have none: Caddy leads there.'),
  volumes: z.array(volumeSchema).default([]),
  environment: z
    .record(z.string(), z.union([word(), z.boolean(), z.null()]))
    .default({})
    .describe('No secrets: the Compose file can be read by everybody.'),
  env_file: z
    .union([hostPath(), z.array(hostPath())], { error: 'must be a path or a list of paths' })
    .default([])
    .describe('Files of variables on the host, 0600, which the role writes. This is where secrets go.'),
  healthcheck: healthSchema,
  limits: limitsSchema,
  depends_on: z
    .record(serviceName(), z.enum(CONDITIONS, { error: `must be one of ${CONDITIONS.join(', ')}` }))
    .default({})
    .describe('Services that it needs. One of an earlier stage is healthy by then anyway.'),
  labels: z.record(z.string(), word()).default({}),
} as const
