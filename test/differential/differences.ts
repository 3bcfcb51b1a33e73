/** The differences that are meant to be: differences.yml, one entry each with its reason. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const difference = z.strictObject({
  /** What a user sees, one sentence. */
  what: z.string(),
  why: z.string(),
  /** Playbooks in which it must show; where it no longer shows the entry is stale. `any` is not checked. */
  playbooks: z.union([z.literal('any'), z.array(z.string())]),
  /** Regular expressions of whole lines. */
  lines: z.array(z.string()),
})

export type Difference = z.infer<typeof difference>

export function readDifferences(): Difference[] {
  const text = readFileSync(path.join(import.meta.dirname, 'differences.yml'), 'utf8')
  return z.array(difference).parse(parse(text))
}

/** What is left of `lines` when the kept ones are taken away, and which entries of this playbook showed nowhere. */
export function withoutKept(
  playbook: string,
  lines: readonly string[],
): { unexpected: string[]; stale: string[] } {
  const here = readDifferences().filter(
    ({ playbooks }) => playbooks === 'any' || playbooks.includes(playbook),
  )
  const matches = (entry: Difference, line: string) =>
    entry.lines.some(pattern => new RegExp(`^(?:${pattern})$`, 's').test(line))
  return {
    unexpected: lines.filter(line => !here.some(entry => matches(entry, line))),
    stale: here
      .filter(entry => entry.playbooks !== 'any' && !lines.some(line => matches(entry, line)))
      .map(entry => entry.what),
  }
}
