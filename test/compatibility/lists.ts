/** What Ansible's documentation lists, and the notes to it. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import * as z from 'zod'

export const KINDS = ['keywords', 'modules', 'filters', 'tests', 'lookups', 'functions', 'variables'] as const
export type Kind = (typeof KINDS)[number]

const words = z.string().transform(text => text.trim().split(/\s+/))
const byName = z.record(z.string(), z.string())
const byKind = z.partialRecord(z.enum(KINDS), byName)

const lists = z.strictObject({
  /** By where they stand. */
  keywords: z.record(z.string(), words),
  filters: words,
  tests: words,
  lookups: words,
  functions: words,
  variables: words,
  /** By full name, `argument,other name=choice|choice`. */
  modules: z.record(z.string(), words),
})

const notes = z.strictObject({ partly: byKind, instead: byKind, beyond: byKind })

const read = (name: string) => parse(readFileSync(new URL(name, import.meta.url), 'utf8'))

export const ANSIBLE = lists.parse(read('ansible-core-2.19.yml'))
export const NOTES = notes.parse(read('notes.yml'))

/** Places of keywords that are columns of the table; a handler takes what a task takes, and listen. */
export const LEVELS = ['play', 'role', 'block', 'task', 'include', 'import_playbook'] as const

/** Every documented name of a kind. */
export function documented(kind: Kind): readonly string[] {
  if (kind === 'modules') return Object.keys(ANSIBLE.modules)
  if (kind !== 'keywords') return ANSIBLE[kind]
  const places = [...LEVELS, 'handler'].flatMap(level => ANSIBLE.keywords[level] ?? [])
  return [...new Set(places)].sort()
}
