/** docs/fault-suite.md: what the last kept run of each file of the fault suite found. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const FOLDER = path.resolve(import.meta.dirname, '../faults')
const RESULTS = path.join(FOLDER, 'results')

export interface Suite {
  readonly name: string
  /** What its file says of itself. */
  readonly about: string
  /** null: nothing is kept of it. */
  readonly found: Readonly<Record<string, unknown>> | null
}

export function suites(): readonly Suite[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.long.ts'))
    .sort()
    .map(file => {
      const name = file.slice(0, -'.long.ts'.length)
      const [, about = ''] = /^\/\*\* (.*) \*\/$/m.exec(readFileSync(path.join(FOLDER, file), 'utf8')) ?? []
      return { name, about, found: foundBy(name) }
    })
}

/** Files of results that belong to no suite. */
export function strayResults(): readonly string[] {
  const known = new Set(suites().map(({ name }) => `${name}.json`))
  return readdirSync(RESULTS).filter(file => !known.has(file))
}

function foundBy(name: string): Suite['found'] {
  const file = path.join(RESULTS, `${name}.json`)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

export function faultSuitePage(): string {
  return `${HEAD}\n${suites().map(section).join('\n')}`.replace(/\n{3,}/g, '\n\n')
}

const HEAD = `# What the fault suite found

\`make test-faults\` kills, cuts off and breaks deploys on real hosts, and compares what one more deploy makes of them with
a host that was never disturbed: files, modes, contents, handlers that ran, what is left over. CI runs its parts in turn. This
page is made of the results that lie in \`test/faults/results\`, each written by a green run:

\`\`\`
VPAI_KEEP_RESULTS=1 make test-faults
npx vitest run --project unit test/docs -u
\`\`\`

\`code\` is the exit code of the run that was disturbed, \`whole\` counts hosts that were whole after the next one.
`

function section({ name, about, found }: Suite): string {
  if (found === null) return `## ${name}\n\n${about}\n\nNo results are kept.\n`
  const { run, ...parts } = found
  const lines = Object.entries(parts).map(([key, value]) =>
    Array.isArray(value) ? listText(key, value) : `- ${key}: ${valueText(value)}\n`,
  )
  return `## ${name}\n\n${about}\n\n${runText(run)}${lines.join('')}`
}

function runText(run: unknown): string {
  if (typeof run !== 'object' || run === null) return ''
  return `Last kept run: ${Object.entries(run)
    .map(([key, value]) => (key === 'date' || key === 'system' ? value : `${key} ${value}`))
    .join(', ')}.\n\n`
}

function valueText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, one]) => `${key} ${one}`)
    .join(', ')
}

/** Numbers that say where something happened; points that differ in nothing else are counted. */
const PLACES = new Set(['at', 'afterBytes'])
const MANY = 20

function listText(key: string, list: readonly unknown[]): string {
  const texts = list.map(one => (typeof one === 'string' ? one : null))
  if (texts.every(text => text !== null)) return `\n${key}:\n\n${texts.map(text => `- ${text}\n`).join('')}`
  const rows = list.map(one => Object.entries(one as object))
  return `\n${key}: ${list.length}\n\n${table(list.length > MANY ? counted(rows) : rows)}`
}

type Row = readonly (readonly [string, unknown])[]

function counted(rows: readonly Row[]): readonly Row[] {
  const counts = new Map<string, { row: Row; count: number }>()
  for (const full of rows) {
    const row = full.filter(([key]) => !PLACES.has(key))
    const id = JSON.stringify(row)
    counts.set(id, { row, count: (counts.get(id)?.count ?? 0) + 1 })
  }
  return [...counts.values()].map(({ row, count }) =>
    counts.size === rows.length ? row : [...row, ['points', count]],
  )
}

function table(rows: readonly Row[]): string {
  const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |\n`
  const [first = []] = rows
  const head = first.map(([key]) => key)
  return (
    line(head) + line(head.map(() => '---')) + rows.map(row => line(row.map(([, value]) => value))).join('')
  )
}
