/** schemas/: JSON Schemas of playbooks, roles, inventories … from the source. Another folder may be given. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const target = path.resolve(root, process.argv[2] ?? 'schemas')
const bundle = path.join(root, 'node_modules/.cache/schemas.mjs')

await build({
  entryPoints: [path.join(root, 'src/schemas/all-schemas.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  packages: 'external',
})
const { allSchemas, schemaText } = await import(pathToFileURL(bundle).href)
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
for (const [name, schema] of Object.entries(allSchemas()))
  writeFileSync(path.join(target, name), schemaText(schema))
