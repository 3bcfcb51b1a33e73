/**
 * node scripts/test.mjs SUITE…: runs suites one after the other, says which could not run and why, and
 * ends with one line that counts them all. In CI (CI=true) a suite that cannot run is a failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installPackages } from './debian-packages.mjs'

const root = path.resolve(import.meta.dirname, '..')
const inCi = process.env.CI === 'true'
const scratch = mkdtempSync(path.join(tmpdir(), 'vpai-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }

const SUITES = {
  lint: () => plain('lint', ['npx', 'biome', 'check', '.']),
  types: () => plain('types', ['npx', 'tsc', '--noEmit']),
  unit: () => vitest('unit', []),
  integration: () => vitest('integration', packagesFor('integration')),
  e2e: () => vitest('e2e', packagesFor('e2e')),
  long: () => vitest('long', packagesForAll(), shardOf(process.env.VPAI_SHARD)),
  faults: () => vitest('long', packagesForAll(), ['test/faults', ...shardOf(process.env.VPAI_SHARD)]),
  differential: () =>
    vitest('long', packagesForAll(), ['test/differential', ...shardOf(process.env.VPAI_SHARD)]),
}

/** In memory; the others wait for programs within times, and share a Docker engine. */
const PARALLEL = new Set(['unit'])
/** They start dist/vpai.mjs. */
const BUILT = new Set(['e2e', 'long'])

function packagesFor(suite) {
  return readFileSync(path.join(root, 'test', 'packages', `${suite}.txt`), 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line && !line.startsWith('#'))
}

/** The long suites have parts of both kinds. */
function packagesForAll() {
  return [...new Set([...packagesFor('integration'), ...packagesFor('e2e')])]
}

/** VPAI_SHARD=2/3 */
function shardOf(text) {
  return text ? [`--shard=${text}`] : []
}

function run(argv, env = {}) {
  const started = Date.now()
  const { status } = spawnSync(argv[0], argv.slice(1), {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  console.log(
    `-- ${argv.join(' ')}: ${status === 0 ? 'ok' : `exit ${status}`}, ${Math.round((Date.now() - started) / 1000)} s`,
  )
  return status === 0
}

function plain(name, argv) {
  console.log(`\n== ${name}`)
  if (run(argv)) total.passed++
  else total.failed++
}

function vitest(name, packages, more = []) {
  console.log(`\n== ${name}`)
  const missing = installPackages(packages)
  if (missing !== null) return leftOut(name, missing)
  if (BUILT.has(name) && !run(['node', 'scripts/build.mjs'])) {
    total.failed++
    return
  }
  const file = path.join(scratch, `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const workers = PARALLEL.has(name) ? ['--maxWorkers=2'] : []
  const argv = ['npx', 'vitest', 'run', '--project', name, ...workers, ...reporters, ...more]
  const ok = run(argv, { VPAI_IN_TESTS: '1' })
  count(file, ok)
}

function count(file, ok) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'))
    total.passed += report.numPassedTests
    total.failed += report.numFailedTests
    total.skipped += report.numPendingTests + report.numTodoTests
    // A file that does not even load has no failed test in it.
    if (!ok && report.numFailedTests === 0) total.failed++
  } catch {
    total.failed++
  }
}

function leftOut(name, why) {
  console.log(`${inCi ? 'FAILED' : 'left out'}: ${name}: ${why}`)
  if (inCi) total.failed++
  else total.skipped++
}

try {
  for (const name of process.argv.slice(2)) {
    const suite = SUITES[name]
    if (!suite) throw new Error(`no suite is called ${name}; known: ${Object.keys(SUITES).join(', ')}`)
    suite()
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
