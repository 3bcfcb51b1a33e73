/** Runs inventory programs: `--list`, and `--host NAME` for each host when the list has no `_meta`. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import type { Problem } from '../base/error.ts'
import type { InventorySource } from '../inventory/model.ts'

export interface ProgramSettings {
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface RanPrograms {
  readonly sources: readonly InventorySource[]
  /** INVENTORY_PROGRAM: it ended with an error or printed no JSON. */
  readonly problems: readonly Problem[]
}

export function runInventoryPrograms(
  sources: readonly InventorySource[],
  settings: ProgramSettings,
): RanPrograms {
  const problems: Problem[] = []
  const read = sources.flatMap((source): InventorySource[] => {
    if (source.kind !== 'program') return [source]
    try {
      return [{ ...source, output: told(source.file, settings) }]
    } catch (error) {
      problems.push(failed(source.file, error))
      return []
    }
  })
  return { sources: read, problems }
}

const MOST_OUTPUT = 256 * 1024 * 1024

function told(file: string, { root, env }: ProgramSettings): string {
  const run = (...args: string[]) =>
    execFileSync(path.resolve(root, file), args, {
      cwd: root,
      env: { ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: MOST_OUTPUT,
    })
  const text = run('--list')
  const list: unknown = JSON.parse(text)
  if (typeof list !== 'object' || list === null || '_meta' in list) return text
  const names = new Set(Object.values(list).flatMap(hostsOf))
  const hostvars = Object.fromEntries(
    [...names].map(name => [name, JSON.parse(run('--host', name) || '{}') as unknown]),
  )
  return JSON.stringify({ ...list, _meta: { hostvars } })
}

/** A group is a mapping with hosts, or a bare list of them. */
function hostsOf(group: unknown): string[] {
  const hosts = Array.isArray(group) ? group : ((group as { hosts?: unknown } | null)?.hosts ?? [])
  return Array.isArray(hosts) ? hosts.map(String) : []
}

function failed(file: string, error: unknown): Problem {
  const { status, stderr, code } = error as { status?: number; stderr?: string; code?: string }
  const why =
    typeof status === 'number'
      ? `it ended with ${status}. ${(stderr ?? '').trim()}`.trim()
      : error instanceof SyntaxError
        ? 'it printed no JSON'
        : String(code ?? error)
  return {
    code: 'INVENTORY_PROGRAM',
    message: `The inventory program ${file} gave no hosts: ${why}`,
    hint: `Try it by hand: ${file} --list. Is it no program, take away its execute permission.`,
    position: { file, line: 1, column: 1 },
  }
}
