/**
 * The shapes of `vpai verify --output json` and `ndjson`; docs/schemas/ is made from them. Version 1: fields may be
 * added, none is taken away or changes its meaning.
 */
import { z } from 'zod'
import { RESULTS } from './checks.ts'

const version = z.literal(1).describe('Version of this schema')
const check = z.object({
  result: z.enum(RESULTS),
  service: z.string(),
  name: z.string().describe('What was asked'),
  why: z.string().describe('Why it does not hold; empty when it does'),
})
const host = z.union([
  z.object({ state: z.enum(['well', 'ill']), checks: z.array(check) }),
  z.object({ state: z.enum(['failed', 'unreachable']), reason: z.string() }),
])
const exitCode = z.int()

export const verifyDocument = z
  .object({ version, env: z.string(), exitCode, hosts: z.record(z.string(), host).describe('By name') })
  .meta({ title: 'vpai verify --output json', description: 'One document' })

export const verifyLine = z
  .discriminatedUnion('type', [
    z.object({ version, type: z.literal('host'), host: z.string(), verified: host }),
    z.object({ version, type: z.literal('exit'), exitCode }).describe('The last line'),
  ])
  .meta({ title: 'vpai verify --output ndjson', description: 'One line of the stream' })
