/**
 * The file of a saved plan. All texts are free of secrets; `id` and `digest` are keyed digests (plan-key.ts), by which
 * things are told apart, as their names may be masked. Version 1: another version is refused, not read.
 */
import { z } from 'zod'
import { keySchema } from '../probes/key-schema.ts'

export const PLAN_VERSION = 1

const digest = z.string().regex(/^[0-9a-f]{32}$/)
const count = z.int().min(1)

const position = z.object({ file: z.string(), line: count, column: count })

const change = z.object({
  what: z.string(),
  subject: z.string().describe('The file, package, unit … that would change'),
  from: z.unknown().describe('Any value; null: nothing'),
  to: z.unknown().describe('Any value; null: nothing'),
  diff: z.string().optional().describe('Unified diff'),
})

const task = z.object({
  id: digest.describe('The same for a task on every host'),
  name: z.string(),
  module: z.string(),
  role: z.string().nullable(),
  handler: z.boolean(),
  delegatedTo: z.string().nullable(),
  position: position.describe('Relative to the project; (vpai)/ for what ships'),
  status: z
    .enum(['ok', 'changed', 'skipped', 'failed', 'ignored', 'unreachable', 'late'])
    .describe('changed: it would change something; late: known after apply'),
  changes: z.array(change),
  reason: z.string().nullable().describe('Why it is known only after apply'),
  may: z.array(digest).describe('All that it may do: its changes, or the command it would run'),
})

const look = z.object({
  id: digest,
  name: z.string().describe('What was looked at'),
  shows: z.string().nullable().describe('What was seen, where that is no content'),
  digest,
  moves: z.literal(true).optional().describe('It was other at the second look of the plan: not compared'),
  asked: z
    .object({ as: z.string(), key: keySchema })
    .optional()
    .describe(
      'How it was asked, where that can be told, so that it can be asked along with the first question',
    ),
})

const host = z.object({
  id: digest,
  name: z.string(),
  tasks: z.array(task).describe('Those that would do something, in their order'),
  seen: z.array(look),
})

const named = z.object({ name: z.string(), digest })

const selection = z.object({
  environment: z.string(),
  playbook: z.string(),
  flags: z
    .record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())]))
    .describe('Flags that choose what is done where and how'),
  limit: z.string().nullable().describe('What --limit came to'),
})

export const planBody = z
  .object({
    version: z.literal(PLAN_VERSION),
    vpaiVersion: z.string(),
    madeAt: z.iso.datetime(),
    key: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .describe('Which signing key: a digest of its public part'),
    salt: z.string().regex(/^[0-9a-f]{32}$/),
    selection,
    sources: z
      .array(z.object({ id: digest, name: z.string(), digest }))
      .describe('Everything that was read on this machine'),
    secrets: z.array(named),
    extraVars: z.array(named),
    hosts: z.array(host),
  })
  .describe('What is signed')

export const planDocument = planBody
  .extend({ signature: z.string().describe('Ed25519 over the file without this, base64') })
  .meta({ title: 'vpai plan --save', description: 'A plan that `vpai deploy --plan` keeps to' })

export type PlanBody = z.output<typeof planBody>
export type PlannedHost = PlanBody['hosts'][number]
export type PlannedTask = PlannedHost['tasks'][number]
export type PlannedLook = PlannedHost['seen'][number]
