/**
 * The shapes of `vpai status --output json` and `ndjson`; docs/schemas/ is made from them. Version 1: fields
 * may be added, none is taken away or changes its meaning.
 */
import { z } from 'zod'

const version = z.literal(1).describe('Version of this schema')
const texts = z.array(z.string())
const percent = z.int().nullable().describe('0–100; null: it is not told')

const ran = z
  .object({
    run: z.string(),
    command: z.string(),
    user: z.string(),
    machine: z.string(),
    started: z.string().describe('As people read it, UTC'),
    ended: z.string().nullable().describe('ok, failed, interrupted, cut; null: it goes on, or was cut off'),
  })
  .nullable()

const seen = z.object({
  state: z.enum(['fine', 'ill']),
  reason: z.null(),
  ills: texts.describe('What is not well, for people'),
  lastRun: ran.describe('The last run that changed something'),
  lastDeploy: ran.describe('The last deploy among the runs that the host remembers'),
  release: z
    .object({
      number: z.int(),
      env: z.string(),
      when: z.string(),
      by: z.string(),
      run: z.string(),
      lease: z.int().describe('Fencing number of its run'),
      isNewest: z.boolean().describe('No run has changed something since'),
    })
    .nullable(),
  open: z
    .object({
      lease: z.enum(['free', 'held', 'ending']).describe('free: it was cut off'),
      holder: z.record(z.string(), z.unknown()),
      task: z.string().nullable(),
    })
    .nullable(),
  pendingHandlers: z.array(z.object({ handler: z.string(), by: z.string(), run: z.string() })),
  failedUnits: texts.nullable().describe('null: systemd does not run there'),
  containers: z
    .array(
      z.object({
        name: z.string(),
        status: z.string(),
        health: z.string().describe('Empty: it has no check'),
        restarts: z.int(),
        image: z.string(),
      }),
    )
    .nullable()
    .describe('null: they could not be looked at'),
  certificates: z.array(
    z.object({
      path: z.string(),
      names: texts,
      expires: z.string().nullable().describe('ISO 8601; null: it cannot be read'),
      daysLeft: z.int().nullable(),
      isIll: z.boolean(),
    }),
  ),
  disks: z.array(z.object({ mount: z.string(), used: percent, inodes: percent })),
  restore: z
    .object({
      at: z.string().nullable(),
      result: z.enum(['ok', 'failed']),
      what: texts,
      run: z.string(),
    })
    .nullable()
    .describe('The last proof that a backup can be restored; null: never'),
  needsReboot: z
    .object({ isNeeded: z.boolean(), packages: texts })
    .nullable()
    .describe('null: the host does not tell'),
  uptimeS: z.int(),
  notLookedAt: z.array(z.object({ what: z.string(), why: z.string() })),
})

const host = z.union([seen, z.object({ state: z.enum(['failed', 'unreachable']), reason: z.string() })])
const exitCode = z.int()

export const statusDocumentSchema = z
  .object({ version, env: z.string(), exitCode, hosts: z.record(z.string(), host).describe('By name') })
  .meta({ title: 'vpai status --output json', description: 'One document' })

export const statusLine = z
  .discriminatedUnion('type', [
    z.object({ version, type: z.literal('host'), host: z.string(), status: host }),
    z.object({ version, type: z.literal('exit'), exitCode }).describe('The last line'),
  ])
  .meta({ title: 'vpai status --output ndjson', description: 'One line of the stream' })
