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
/** What failed, a line each: named once more at the end, where it is found without searching. */
const failures = []

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
  else fail(name)
}

function fail(what) {
  total.failed++
  failures.push(what)
}

function vitest(name, packages, more = []) {
  console.log(`\n== ${name}`)
  const missing = installPackages(packages)
  if (missing !== null) return leftOut(name, missing)
  if (BUILT.has(name) && !run(['node', 'scripts/build.mjs'])) return fail(`${name}: the build`)
  const file = path.join(scratch, `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const workers = PARALLEL.has(name) ? ['--maxWorkers=2'] : []
  const argv = ['npx', 'vitest', 'run', '--project', name, ...workers, ...reporters, ...more]
  const ok = run(argv, { VPAI_IN_TESTS: '1' })
  count(name, file, ok)
}

function count(name, file, ok) {
  const report = readReport(file)
  if (report === null) return fail(`${name}: vitest left no report`)
  total.passed += report.numPassedTests
  total.skipped += report.numPendingTests + report.numTodoTests
  for (const one of report.testResults.flatMap(failuresOf)) fail(one)
  // A file that does not even load has no failed test in it.
  if (!ok && report.numFailedTests === 0) fail(`${name}: outside of a test`)
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** `test/room/file.test.ts > title: first line of the message` */
function failuresOf({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => {
      const [message = ''] = (failureMessages[0] ?? '').split('\n')
      return `${path.relative(root, name)} > ${fullName}: ${message}`
    })
}

function leftOut(name, why) {
  console.log(`${inCi ? 'FAILED' : 'left out'}: ${name}: ${why}`)
  if (inCi) fail(`${name}: ${why}`)
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
if (failures.length > 0) console.log(`\nfailed:\n${failures.map(line => `  ${line}`).join('\n')}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
