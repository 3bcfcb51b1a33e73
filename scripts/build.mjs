/** dist/: one entry and chunks loaded on use, with roles/, playbooks/, templates/ and schemas/ beside them. No node_modules needed. Another folder may be given. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build, transform } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const dist = path.resolve(root, process.argv[2] ?? 'dist')
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // V8 reads all of a file before it runs a line of it.
  minify: true,
  legalComments: 'none',
  outExtension: { '.js': '.mjs' },
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(path.join(dist, 'chunks'), { recursive: true })
const { outputFiles } = await build({
  ...common,
  entryPoints: { program: path.join(root, 'bin/program.ts') },
  outdir: path.join(dist, 'chunks'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  splitting: true,
  write: false,
  // ssh2's add-ons only make it faster; it runs without them.
  external: ['*.node', 'cpu-features'],
  define: { VPAI_VERSION: JSON.stringify(version) },
})
const chunks = outputFiles.map(({ path: file, text }) => ({ name: inCommonJs(path.basename(file)), text }))
await Promise.all(
  chunks.map(async ({ name, text }) => writeFileSync(path.join(dist, 'chunks', name), await commonJs(text))),
)
const program = chunks.find(({ name }) => name.startsWith('program-'))
await build({
  ...common,
  entryPoints: { vpai: path.join(root, 'bin/vpai.ts') },
  outdir: dist,
  define: { VPAI_PROGRAM: JSON.stringify(program.name) },
})
for (const folder of ['roles', 'playbooks', 'templates', 'schemas']) {
  const from = path.join(root, folder)
  if (existsSync(from))
    cpSync(from, path.join(dist, folder), { recursive: true, filter: file => !file.includes('/test/') })
}

/** esbuild splits ES modules only; src/cli/start-program.ts loads CommonJS. */
async function commonJs(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none',
    charset: 'ascii',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.dirname': '__dirname' },
  })
  return code.replaceAll(
    /(["'])\.\/([\w-]+\.mjs)\1/g,
    (_all, quote, name) => `${quote}./${inCommonJs(name)}${quote}`,
  )
}

function inCommonJs(name) {
  return name.replace(/\.mjs$/, '.cjs')
}
