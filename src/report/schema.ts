/**
 * The shapes of `--output json` and `--output ndjson` for programs that read them; docs/schemas/ is made from
 * these by test/report/schema.test.ts. Version 1: fields may be added, none is taken away or changes its meaning.
 */
import { z } from 'zod'

const version = z.literal(1).describe('Version of this schema')
const count = z.int().min(0)
const milliseconds = z.number().min(0).describe('Milliseconds')

const position = z
  .object({
    file: z.string().describe('As the user wrote it, or relative to the project'),
    line: z.int().min(1),
    column: z.int().min(1),
  })
  .describe('Where it stands in the files of the project')

const change = z.object({
  what: z.string(),
  subject: z.string().describe('The file, package, unit … that changes'),
  from: z.unknown().describe('Any value; null: nothing'),
  to: z.unknown().describe('Any value; null: nothing'),
  diff: z.string().optional().describe('Unified diff, with --diff'),
})

const stats = z
  .record(
    z.string(),
    z.object({
      ok: count,
      changed: count,
      unreachable: count,
      failed: count,
      skipped: count,
      rescued: count,
      ignored: count,
      late: count.describe('Known after apply; check mode only'),
    }),
  )
  .describe('By host')

const figures = z.record(z.string(), z.unknown())
const customStats = z
  .object({ run: figures, hosts: z.record(z.string(), figures).describe('By host') })
  .describe('What tasks of set_stats told; secrets are masked')

const spent = z.object({
  connect: milliseconds,
  probe: milliseconds,
  upload: milliseconds,
  act: milliseconds,
  wait: milliseconds,
  decide: milliseconds,
})

const task = {
  taskId: z.string().describe('The same for a task on every host'),
  name: z.string(),
  module: z.string(),
  role: z.string().nullable(),
  host: z.string(),
  delegatedTo: z.string().nullable(),
  status: z.enum(['ok', 'changed', 'skipped', 'failed', 'ignored', 'unreachable', 'late']),
  changes: z.array(change),
  result: z.record(z.string(), z.unknown()).describe('What the task registers; secrets are masked'),
  reason: z.string().nullable().describe('Why it was skipped, failed or is known only after apply'),
  position,
  elapsedMs: milliseconds,
  item: z.string().nullable().describe("Label of a loop's item; null for the whole task"),
  handler: z.boolean(),
  spent: spent.optional().describe('With --profile; together elapsedMs'),
}

const rows = z.array(z.object({ name: z.string(), at: z.string().nullable(), spent, total: milliseconds }))

export const runDocument = z
  .object({
    version,
    runId: z.string(),
    command: z.string(),
    check: z.boolean().describe('Nothing was changed'),
    exitCode: z.int(),
    interrupted: z.boolean(),
    elapsedMs: milliseconds,
    stats,
    customStats,
    tasks: z.array(z.object(task)),
    warnings: z.array(z.object({ message: z.string(), host: z.string().nullable() })),
    orphans: z
      .array(
        z.object({
          host: z.string(),
          role: z.string().nullable(),
          task: z.string(),
          resource: z.string(),
          left: z.string().nullable().describe('Why it is not removed in any case'),
        }),
      )
      .describe('What a task once made and no task declares any more'),
    profile: z
      .object({ loadMs: milliseconds, hosts: rows, roles: rows, tasks: rows })
      .optional()
      .describe('With --profile; dearest first'),
  })
  .meta({ title: 'vpai --output json', description: 'One document, written when the run is over' })

const envelope = { version, time: z.number().describe('Milliseconds since the epoch') }

/** One event; `type` says which. */
function event<const Type extends string, Shape extends z.core.$ZodShape>(type: Type, shape: Shape) {
  return z.object({ ...envelope, type: z.literal(type), ...shape })
}

export const eventLine = z
  .discriminatedUnion('type', [
    event('run.started', {
      runId: z.string(),
      command: z.string(),
      check: z.boolean(),
      vpaiVersion: z.string(),
    }),
    event('play.started', { name: z.string(), hosts: z.array(z.string()), position }),
    event('task.started', {
      taskId: z.string(),
      name: z.string(),
      module: z.string(),
      role: z.string().nullable(),
      handler: z.boolean(),
      position,
    }),
    event('host.connected', { host: z.string(), elapsedMs: milliseconds }),
    event('task.item', task),
    event('task.result', task),
    event('host.rescued', { host: z.string() }),
    event('task.retry', {
      host: z.string(),
      name: z.string(),
      attempt: count,
      retries: count,
      delayS: z.number().min(0),
    }),
    event('handler.notified', { host: z.string(), handler: z.string(), by: z.string() }),
    event('guard.armed', {
      host: z.string(),
      guard: z.string(),
      areas: z.array(z.string()),
      withinS: count,
      boot: z.string(),
    }),
    event('guard.disarmed', { host: z.string(), guard: z.string(), held: z.boolean() }),
    event('guard.fired', {
      host: z.string(),
      guard: z.string(),
      reason: z.string(),
      undone: z.array(z.string()),
    }),
    event('release.made', { host: z.string(), release: z.int() }),
    event('orphan', {
      host: z.string(),
      role: z.string().nullable(),
      task: z.string(),
      resource: z.string(),
      left: z.string().nullable(),
    }),
    event('progress', { host: z.string(), text: z.string() }),
    event('warning', {
      message: z.string(),
      host: z.string().nullable(),
      position: position.nullable(),
    }),
    event('run.ended', {
      stats,
      customStats,
      elapsedMs: milliseconds,
      requests: count,
      roundTrips: count,
      bytesSent: count,
      bytesReceived: count,
      interrupted: z.boolean(),
    }),
    z.object({ version, type: z.literal('exit'), exitCode: z.int() }).describe('The last line'),
  ])
  .meta({ title: 'vpai --output ndjson', description: 'One line of the stream' })
