/** `make bench`: measures vpai beside its peers and writes what it found. See docs/performance.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { openLab } from './kit/lab.ts'
import { page, type Report } from './kit/page.ts'
import { versions } from './kit/versions.ts'
import { MEASURES } from './measures/index.ts'
import { isWhole, readOptions } from './options.ts'

const argv = process.argv.slice(2)
const options = readOptions(argv)
const unknown = options.only.filter(name => MEASURES.every(measure => measure.name !== name))
if (unknown.length > 0)
  throw new Error(
    `no measure is called ${unknown.join(', ')}; known: ${MEASURES.map(({ name }) => name).join(', ')}`,
  )
if (process.getuid?.() !== 0) throw new Error('the bench makes namespaces and needs root')
const chosen = MEASURES.filter(({ name }) => options.only.length === 0 || options.only.includes(name))
const work = mkdtempSync(path.join(tmpdir(), 'vpai-bench-'))
// What runs leave in a temporary folder goes with all the rest.
process.env.TMPDIR = work
const lab = await openLab({
  options,
  work,
  cache: options.cache ?? process.env.VPAI_BENCH_CACHE ?? path.join(homedir(), '.cache', 'vpai-bench'),
  vpaiProgram: path.resolve('dist/vpai.mjs'),
  log: line => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`),
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => leave())
try {
  const report: Report = { versions: await versions(lab), settings: argv.join(' ') || 'none', measures: [] }
  const measures = [...report.measures]
  for (const measure of chosen) {
    lab.log(`== ${measure.title}`)
    measures.push({ name: measure.name, title: measure.title, ...(await measure.run(lab)) })
  }
  write({ ...report, measures })
} finally {
  await close()
}

async function close(): Promise<void> {
  await lab.close()
  // The mounts of a system go with its last process, which takes a moment.
  rmSync(work, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
}

/** What runs is left to end by itself; its hosts are gone. */
function leave(): void {
  void close().finally(() => process.exit(130))
}

/** A part, or a quick one, does not take the place of a whole run of the same day. */
function write(report: Report): void {
  const folder = options.out ?? path.join('bench', 'results', isWhole(options) ? '' : 'partial')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, report.versions.date.slice(0, 10))
  const text = page(report)
  writeFileSync(`${file}.md`, text)
  writeFileSync(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`)
  console.log(text)
  console.error(`written to ${file}.md and .json`)
  const missed = report.measures.flatMap(({ goals }) => goals).filter(({ holds }) => !holds)
  console.error(
    missed.length === 0 ? 'all goals that were measured hold' : `${missed.length} goals are missed`,
  )
}
