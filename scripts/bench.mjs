/** node scripts/bench.mjs FLAGS…: bundles the bench, which is TypeScript, and runs it. The built vpai is what is measured. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
// Below node_modules, so that the packages it imports are found.
const outdir = path.join(root, 'node_modules', '.cache', 'vpai-bench')

await build({
  entryPoints: ['bench/main.ts', 'bench/kit/relay.ts', 'bench/kit/embedded-hosts.ts'].map(file =>
    path.join(root, file),
  ),
  outdir,
  entryNames: '[name]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
})
const bench = spawn(process.execPath, [path.join(outdir, 'main.mjs'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => bench.kill('SIGTERM'))
bench.on('exit', code => {
  process.exitCode = code ?? 1
})
