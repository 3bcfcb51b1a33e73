/** docs/schemas/saved-plan-1.json is written anew by `npx vitest run test/saved-plan/schema -u`. */
import path from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { PLAN_VERSION, planDocument } from '../../src/saved-plan/format.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../docs/schemas')

it('docs/schemas has the schema of a saved plan as it is', async () => {
  const text = JSON.stringify(z.toJSONSchema(planDocument, { io: 'input', reused: 'ref' }), null, 2)
  await expect(`${text}\n`).toMatchFileSnapshot(path.join(FOLDER, `saved-plan-${PLAN_VERSION}.json`))
})
