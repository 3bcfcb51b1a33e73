/**
 * What a host has by each playbook, as its record keeps it: a file for each name of the host, playbook and environment,
 * one line of JSON an entry. See decision 12.
 */
import { createHash } from 'node:crypto'
import { type Resource, resourceId } from '../base/resource.ts'
import { type Dict, isDict } from '../base/value.ts'

/** Whose list it is. One machine may have several names. */
export interface Owner {
  readonly host: string
  readonly playbook: string
  readonly environment: string
}

export interface Entry {
  readonly resource: Resource
  /** null: of a play, outside roles. */
  readonly role: string | null
  /** As it is written, or the name of its module. */
  readonly task: string
  readonly module: string
  /** What brought the task in while a run went on, outermost first. */
  readonly within: readonly string[]
  /** The run that was the first to declare it. */
  readonly since: string
}

export interface OwnedHead {
  readonly id: string
  /** Of everything the list was made from: the same again makes the same list. */
  readonly basis: string
  /** What nobody declares any more. */
  readonly orphans: readonly Entry[]
}

export interface OwnedList {
  readonly id: string
  readonly owner: Owner
  readonly basis: string
  readonly orphans: readonly Entry[]
  readonly entries: readonly Entry[]
}

export function ownerId({ host, playbook, environment }: Owner): string {
  const text = JSON.stringify([host, playbook, environment])
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** Entries of the same role and resource are one. */
export function entryId({ resource, role }: Pick<Entry, 'resource' | 'role'>): string {
  return `${resourceId(resource)}\0${role ?? ''}`
}

/** Orphans stand first, so that a look at the host reads no further. */
export function ownedText({ owner, basis, orphans, entries }: Omit<OwnedList, 'id'>): string {
  const lines = (word: string, all: readonly Entry[]) =>
    [...all]
      .sort((a, b) => (entryId(a) < entryId(b) ? -1 : 1))
      .map(entry => `${word} ${JSON.stringify(entry)}`)
  return [
    JSON.stringify({ ...owner, basis }),
    ...lines('orphan', orphans),
    ...lines('entry', entries),
    '',
  ].join('\n')
}

/** For the look at the record, where D names its folder: the first line of each list, and its orphans. */
export const OWNED_HEADS = `for f in "$D"/owned/*; do
[ ! -f "$f" ] || { IFS= read -r l; printf 'owned %s %s\\n' "\${f##*/}" "$l"
while IFS= read -r l; do case $l in 'orphan '*) printf '%s\\n' "$l";; *) break;; esac; done; } <"$f"
done`

/** All lists, as they are. */
export function readOwnedScript(folder: string): string {
  return `for f in ${folder}/owned/*; do
[ ! -f "$f" ] || { printf 'owned %s ' "\${f##*/}"; cat "$f"; }
done`
}

/** A line that puts what comes on standard input in the place of the list. D names the record's folder. */
export function writeOwnedLine(id: string): string {
  const file = `"$D/owned/${id}`
  const write = `cat >${file}.$$" && mv -f ${file}.$$" ${file}"`
  return `{ [ -d "$D/owned" ] || mkdir -m 700 "$D/owned"; } && (umask 077; ${write})`
}

/** Of either script. Throws nothing: what cannot be read is not there. */
export function parseOwned(text: string): readonly OwnedList[] {
  const lists: { id: string; owner: Owner; basis: string; orphans: Entry[]; entries: Entry[] }[] = []
  for (const line of text.split('\n')) {
    const [, word, rest = ''] = /^(owned|orphan|entry) (.*)$/.exec(line) ?? []
    if (word === 'owned') lists.push(...headOf(rest))
    else if (word === 'orphan') lists.at(-1)?.orphans.push(...entryOf(rest))
    else if (word === 'entry') lists.at(-1)?.entries.push(...entryOf(rest))
  }
  // Temporary names end in a process number.
  return lists.filter(({ id }) => !id.includes('.'))
}

function headOf(rest: string) {
  const at = rest.indexOf(' ')
  const told = jsonOf(rest.slice(at + 1)) ?? {}
  const { host, playbook, environment, basis } = told
  const owner = { host: String(host), playbook: String(playbook), environment: String(environment) }
  return [{ id: rest.slice(0, at), owner, basis: String(basis ?? ''), orphans: [], entries: [] }]
}

function entryOf(json: string): Entry[] {
  const told = jsonOf(json)
  if (told === null || !isDict(told.resource) || typeof told.resource.kind !== 'string') return []
  const { role, task, module, within, since } = told
  return [
    {
      resource: told.resource as unknown as Resource,
      role: typeof role === 'string' ? role : null,
      task: String(task),
      module: String(module),
      within: Array.isArray(within) ? within.map(String) : [],
      since: String(since),
    },
  ]
}

function jsonOf(text: string): Dict | null {
  try {
    const value: unknown = JSON.parse(text)
    return isDict(value) ? value : null
  } catch {
    return null
  }
}
