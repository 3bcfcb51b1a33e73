/** What others do for a service: databases, collections, routes, backups, monitors, checks, metrics. */
import { z } from 'zod'
import { count, flag, hostPath, port, seconds, serviceName, text, word, words } from './scalars.ts'

export const databaseSchema = z.strictObject({
  name: text().describe('Name of the database.'),
  owner: text().describe('User that owns it; made with postgresql_password.'),
  extensions: words().default([]).describe('Extensions that are made in it.'),
})

export const collectionSchema = z.strictObject({
  name: text().describe('Name of the collection.'),
  size: count().describe('Length of a vector.'),
  distance: z
    .enum(['Cosine', 'Dot', 'Euclid', 'Manhattan'], { error: 'must be Cosine, Dot, Euclid or Manhattan' })
    .default('Cosine'),
  indexing_threshold: count().optional().describe('Kilobytes above which an index is built.'),
})

const access = z.enum(['vpn', 'public'], { error: 'must be vpn or public' })

export const pathRuleSchema = z.strictObject({
  path: text().describe('As Caddy matches paths, such as /webhook/*.'),
  access: access.describe('Who may come here.'),
  enabled: flag().default(true).describe('Where it is false, the path is as the rest.'),
})

export const routeSchema = z.strictObject({
  subdomain: z
    .string({ error: 'must be a text' })
    .describe('Name before the domain, mostly a template. Empty: no route.'),
  port: port().describe('Port of the container.'),
  access: access.default('vpn').describe('vpn: others get 403 and a page while caddy_vpn_enforce is on.'),
  http1: z.boolean().default(false).describe('Speak HTTP/1.1 to the service, where WebSockets need it.'),
  paths: z.array(pathRuleSchema).default([]).describe('Paths with another access than the rest.'),
})

export const BACKUP_KINDS = ['postgresql', 'redis', 'qdrant', 'files', 'command'] as const

export const backupSchema = z
  .strictObject({
    name: serviceName().describe('Name of the item, and of its folder below backups/.'),
    kind: z
      .enum(BACKUP_KINDS, { error: `must be one of ${BACKUP_KINDS.join(', ')}` })
      .describe(
        'postgresql: a dump of each database. redis, qdrant: a snapshot. files: paths. command: what it prints.',
      ),
    paths: z.array(hostPath()).default([]).describe('For files: what is packed.'),
    command: words().default([]).describe('For command: run in the container.'),
    output: text().optional().describe('For command: name of the file that its output becomes.'),
    restore: words().default([]).describe('For command: run in the container, reads what was printed.'),
    keys: z
      .array(text())
      .default([])
      .describe('Variables that the data is encrypted with: a restore refuses data of another one.'),
    when: z.enum(['daily', 'weekly'], { error: 'must be daily or weekly' }).default('daily'),
    keep: z
      .strictObject({
        daily: count().optional(),
        weekly: count().optional(),
        monthly: count().optional(),
        yearly: count().optional(),
      })
      .default({})
      .describe('How many are kept far away; default backup_gfs_keep_….'),
    seed: z.boolean().default(false).describe('Goes to the shared bucket too, to seed preprod.'),
  })
  .refine(({ kind, paths }) => kind !== 'files' || paths.length > 0, {
    path: ['kind'],
    error: 'files needs paths',
  })
  .refine(({ kind, command, output }) => kind !== 'command' || (command.length > 0 && output !== undefined), {
    path: ['kind'],
    error: 'command needs command and output',
  })

export const monitorSchema = z.strictObject({
  name: text().describe('Name of the monitor.'),
  kind: z
    .enum(['http', 'tcp', 'certificate', 'push'], { error: 'must be http, tcp, certificate or push' })
    .default('http')
    .describe('http asks a path of the first route; push waits to be called.'),
  path: text().default('/').describe('For http.'),
  port: port().optional().describe('For tcp.'),
  every: seconds().default(60).describe('Seconds between two looks.'),
  days: count().optional().describe('For certificate: fewer days left are an alarm.'),
})

export const smokeSchema = z.strictObject({
  name: text().describe('What is shown for it.'),
  kind: z
    .enum(['http', 'websocket', 'exec'], { error: 'must be http, websocket or exec' })
    .default('http')
    .describe('http and websocket go through the first route; exec runs in the container.'),
  path: text().default('/').describe('For http and websocket.'),
  status: z.int().min(100).max(599).default(200).describe('For http.'),
  contains: text().optional().describe('Text that the answer or output holds.'),
  header_file: hostPath()
    .optional()
    .describe('For http: a file on the host, 0600, that holds the header with the key.'),
  command: words().default([]).describe('For exec.'),
  strict: z.boolean().default(true).describe('false: a failure only warns.'),
})

export const scrapeSchema = z.strictObject({
  port: port().describe('Port of the container.'),
  path: text().default('/metrics'),
  every: seconds().default(30).describe('Seconds between two looks.'),
  bearer: text().optional().describe('Name of the secret variable that is sent as bearer token.'),
  labels: z.record(z.string(), word()).default({}),
  enabled: flag().default(true),
})

const list = <T extends z.ZodType>(item: T, about: string) =>
  z.array(item, { error: 'must be a list' }).default([]).describe(about)

export const dutyShape = {
  databases: list(databaseSchema, 'Databases that are made in PostgreSQL.'),
  collections: list(collectionSchema, 'Collections that are made in Qdrant.'),
  routes: list(routeSchema, 'Names under which Caddy serves it; each becomes a name in the DNS of the VPN.'),
  backup: list(backupSchema, 'What is saved each night; docs/backups.md.'),
  monitors: list(monitorSchema, 'What watches it from outside.'),
  smoke: list(smokeSchema, 'What is asked after a deploy.'),
  scrape: list(scrapeSchema, 'Where its metrics are.'),
} as const
