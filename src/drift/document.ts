/**
 * The shapes of `vpai drift --output json` and `ndjson`; docs/schemas/ is made from them. Version 1: fields
 * may be added, none is taken away or changes its meaning.
 */
import { z } from 'zod'
import { KINDS, PROBLEMS } from './finding.ts'

const version = z.literal(1).describe('Version of this schema')

const finding = z.object({
  kind: z.enum(KINDS),
  subject: z.string().describe('Path, name, or port and protocol'),
  problem: z.enum(PROBLEMS),
  was: z.string().nullable().describe('As the release has it, for people; null: it had none'),
  is: z.string().nullable().describe('As it is now; null: it is gone'),
  isDrift: z.boolean().describe('False: worth knowing, without a say in the exit code'),
  evidence: z.array(z.string()).describe('What the host tells around it: hints, no proof'),
  at: z.string().nullable().describe('When it may have happened, ISO 8601'),
  diff: z.string().optional().describe('With --diff, where everybody on the host may read the file'),
})

const host = z.object({
  state: z
    .enum(['same', 'drift', 'partly', 'none', 'failed', 'unreachable'])
    .describe('partly: no difference where it could be compared; none: there is no release'),
  release: z
    .object({
      number: z.int(),
      env: z.string(),
      when: z.string().describe('As people read it, UTC'),
      by: z.string(),
      run: z.string(),
    })
    .nullable(),
  findings: z.array(finding),
  notLookedAt: z.array(
    z.object({
      what: z.string(),
      why: z.string(),
      isFailure: z.boolean().describe('The release has it, and the host could not be asked now'),
    }),
  ),
  notes: z.array(z.string()),
  reason: z.string().nullable().describe('Why nothing was compared'),
})

const exitCode = z.int()

export const driftDocument = z
  .object({ version, env: z.string(), exitCode, hosts: z.record(z.string(), host).describe('By name') })
  .meta({ title: 'vpai drift --output json', description: 'One document' })

export const driftLine = z
  .discriminatedUnion('type', [
    z.object({ version, type: z.literal('finding'), host: z.string(), ...finding.shape }),
    z
      .object({ version, type: z.literal('host'), host: z.string(), ...host.omit({ findings: true }).shape })
      .describe('After the findings of the host'),
    z.object({ version, type: z.literal('exit'), exitCode }).describe('The last line'),
  ])
  .meta({ title: 'vpai drift --output ndjson', description: 'One line of the stream' })
