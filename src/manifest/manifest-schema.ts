/** `service.yml` of a role. What is not said here is refused; schemas/service.json is made from this. */
import { z } from 'zod'
import { dutyShape } from './duty-shape.ts'
import { runShape } from './run-shape.ts'
import { serviceName } from './scalars.ts'

export const serviceSchema = z.strictObject({ ...runShape, ...dutyShape })

export const networkSchema = z.strictObject({
  internal: z.boolean().default(true).describe('No way out of it.'),
  subnet: z.string().optional().describe('Addresses, such as 172.20.9.0/24; left out: Docker takes some.'),
})

export const manifestSchema = z.strictObject(
  {
    networks: z
      .record(serviceName(), networkSchema)
      .default({})
      .describe('Networks of these services alone, beside the five that role docker makes.'),
    services: z
      .record(serviceName(), serviceSchema, { error: 'must be a mapping of names to services' })
      .describe('Containers of the role, by name: <project_name>_<name>.'),
  },
  { error: 'must be a mapping with services' },
)

export type Manifest = z.output<typeof manifestSchema>
export type WrittenService = z.output<typeof serviceSchema>
