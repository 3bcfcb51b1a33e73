/**
 * What a green run of the fault suite found: told, and with VPAI_KEEP_RESULTS=1 written beside the suite, under the name
 * of its file. One line for each entry of a list, so that two of them can be compared. docs/fault-suite.md is made of
 * them (`npx vitest run test/docs -u`).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const FOLDER = path.resolve(import.meta.dirname, 'results')
const ROOT = path.resolve(import.meta.dirname, '../..')

export function keepResults(name: string, found: Readonly<Record<string, unknown>>): void {
  const parts = Object.entries({ run: aboutThisRun(), ...found }).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${textOf(value)}`,
  )
  const text = `{\n${parts.join(',\n')}\n}\n`
  console.log(`${name}: ${text}`)
  if (process.env.VPAI_KEEP_RESULTS === '1') writeFileSync(path.join(FOLDER, `${name}.json`), text)
}

/** When it was, and of what: the versions that the result may hang on. */
function aboutThisRun(): object {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const [, system = ''] = /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? []
  return {
    date: new Date().toISOString().slice(0, 10),
    vpai: version,
    node: process.versions.node,
    system,
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[\n${value.map(one => `    ${lineOf(one)}`).join(',\n')}\n  ]`
  const line = lineOf(value)
  if (line.length < WIDTH || typeof value !== 'object' || value === null) return line
  const parts = Object.entries(value).map(
    ([key, one]) => `    ${JSON.stringify(key)}: ${JSON.stringify(one)}`,
  )
  return `{\n${parts.join(',\n')}\n  }`
}

const WIDTH = 100

/** As the formatter leaves it. */
function lineOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`)
  return `{ ${parts.join(', ')} }`
}
