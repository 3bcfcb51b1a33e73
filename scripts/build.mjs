/** dist/: one entry and chunks loaded on use, with roles/, playbooks/, templates/ and schemas/ beside them. No node_modules needed. Another folder may be given. */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const dist = path.resolve(root, process.argv[2] ?? 'dist')
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

rmSync(dist, { recursive: true, force: true })
await build({
  entryPoints: { vpai: path.join(root, 'bin/vpai.ts') },
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // ssh2's add-ons only make it faster; it runs without them.
  external: ['*.node', 'cpu-features'],
  define: { VPAI_VERSION: JSON.stringify(version) },
  banner: {
    js: [
      "import{createRequire as __cr}from'node:module';import{fileURLToPath as __fu}from'node:url';import{dirname as __dn}from'node:path';",
      'const require=__cr(import.meta.url),__filename=__fu(import.meta.url),__dirname=__dn(__filename);',
    ].join(''),
  },
})
for (const folder of ['roles', 'playbooks', 'templates', 'schemas']) {
  const from = path.join(root, folder)
  if (existsSync(from))
    cpSync(from, path.join(dist, folder), { recursive: true, filter: file => !file.includes('/test/') })
}
