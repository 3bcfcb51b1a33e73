import { defineConfig } from 'vitest/config'

/** Four projects: `unit` is memory only, the others start real programs and say what they need. */
const project = (name: string, include: string[], testTimeout: number) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, environment: 'node' as const },
})

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/**/*.test.ts'], 20_000),
      project('integration', ['test/**/*.integration.ts'], 60_000),
      project('e2e', ['test/**/*.e2e.ts'], 600_000),
    ],
  },
})
