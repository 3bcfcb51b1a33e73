/** Bundles an entry that imports our sources into one script a plain node can start, as the release does. */
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const BANNER = [
  'import { createRequire as makeRequire } from "node:module"',
  'import { dirname as parentOf } from "node:path"',
  'import { fileURLToPath as pathOf } from "node:url"',
  'const require = makeRequire(import.meta.url)',
  'const __dirname = parentOf(pathOf(import.meta.url))',
].join(';')

/** Resolves to the script's path, in a new folder that everybody may read. */
export async function bundle(entry: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'vpai-bundle-'))
  const outfile = join(dir, 'entry.mjs')
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['cpu-features'],
    loader: { '.node': 'empty' },
    banner: { js: BANNER },
    logLevel: 'error',
  })
  chmodSync(dir, 0o755)
  return outfile
}
