import { defineConfig } from 'vitest/config'

/** Five projects: `unit` is memory only, the others start real programs; `long` has suites of minutes. */
const project = (name: string, include: string[], testTimeout: number) => ({
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: testTimeout,
    environment: 'node' as const,
    setupFiles: ['test/own-host-state.ts'],
    /** What was expected and what came is told whole enough to be understood from the last lines of a log. */
    chaiConfig: { truncateThreshold: 600 },
  },
})

export default defineConfig({
  test: {
    projects: [
      project('unit', ['test/**/*.test.ts'], 20_000),
      project('integration', ['test/**/*.integration.ts'], 60_000),
      project('e2e', ['test/**/*.e2e.ts'], 600_000),
      project('long', ['test/**/*.long.ts'], 600_000),
    ],
  },
})
