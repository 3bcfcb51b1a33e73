/**
 * What a green run of the fault suite found: told, and with VPAI_KEEP_RESULTS=1 written beside the suite. One line for
 * each entry of a list, so that two of them can be compared.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const FOLDER = path.resolve(import.meta.dirname, 'results')

export function keepResults(name: string, found: Readonly<Record<string, unknown>>): void {
  const parts = Object.entries(found).map(([key, value]) => `  ${JSON.stringify(key)}: ${textOf(value)}`)
  const text = `{\n${parts.join(',\n')}\n}\n`
  console.log(`${name}: ${text}`)
  if (process.env.VPAI_KEEP_RESULTS === '1') writeFileSync(path.join(FOLDER, `${name}.json`), text)
}

function textOf(value: unknown): string {
  return Array.isArray(value)
    ? `[\n${value.map(one => `    ${lineOf(one)}`).join(',\n')}\n  ]`
    : lineOf(value)
}

/** As the formatter leaves it. */
function lineOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`)
  return `{ ${parts.join(', ')} }`
}
