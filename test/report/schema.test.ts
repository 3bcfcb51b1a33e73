/** docs/schemas/ is written anew by `npx vitest run test/report/schema -u`. */
import path from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { driftDocument, driftLine } from '../../src/drift/document.ts'
import { JSON_SCHEMA_VERSION } from '../../src/report/json.ts'
import { eventLine, runDocument } from '../../src/report/schema.ts'
import { statusDocumentSchema, statusLine } from '../../src/status/document.ts'
import { verifyDocument, verifyLine } from '../../src/verify/document.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../docs/schemas')

it.each([
  ['run', runDocument],
  ['event', eventLine],
  ['drift', driftDocument],
  ['drift-line', driftLine],
  ['status', statusDocumentSchema],
  ['status-line', statusLine],
  ['verify', verifyDocument],
  ['verify-line', verifyLine],
])('docs/schemas has the %s schema as it is', async (name, schema) => {
  // What is read, not what is written: readers must let fields pass that they do not know.
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', reused: 'ref' }), null, 2)
  await expect(`${text}\n`).toMatchFileSnapshot(path.join(FOLDER, `${name}-${JSON_SCHEMA_VERSION}.json`))
})

it('the schemas are of the version that is written', () => {
  expect(runDocument.shape.version.value).toBe(JSON_SCHEMA_VERSION)
})
