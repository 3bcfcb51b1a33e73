import { buildSync } from 'esbuild'

/** One runnable file of a TypeScript driver, for tests that need vpai in a process of its own. */
export function bundleDriver(source: string, target: string): string {
  buildSync({
    entryPoints: [source],
    outfile: target,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  })
  return target
}
