/**
 * What of an answer counts: what decisions hang on, without what moves by itself. `counts` is only ever digested;
 * `shows` stands in the plan and holds no content.
 */
import type { Key, SeenByKind } from '../probes/contract.ts'
import type { Answer } from '../probes/index.ts'
import { stableText } from './stable-text.ts'

export interface Look {
  /** Tells looks with one key apart. */
  readonly part: string
  readonly name: string
  readonly shows: string | null
  readonly counts: string | Uint8Array
}

type KeyOf<Kind extends Key['kind']> = Extract<Key, { kind: Kind }>

interface Teller<K, A> {
  tell(key: K, answer: A): readonly Look[]
}

export function looksOf(key: Key, answer: Answer): readonly Look[] {
  return tellerOf(key.kind).tell(key, answer)
}

function tellerOf(kind: Key['kind']): Teller<Key, Answer> {
  return TELLERS[kind]
}

const TELLERS: { readonly [Kind in Key['kind']]: Teller<KeyOf<Kind>, SeenByKind[Kind]> } = {
  path: {
    tell({ path }, seen) {
      if (seen.type === 'absent' || seen.type === 'unknown') return [one(path, seen.type, seen.type)]
      const { type, mode, uid, gid, owner, group, target, resolved, sha256 } = seen
      const shows = `${type} ${mode.toString(8).padStart(4, '0')} ${owner ?? uid}:${group ?? gid}`
      const counts = stableText({ type, mode, uid, gid, owner, group, target, resolved, sha256 })
      return [one(path, target === undefined ? shows : `${shows} → ${target}`, counts)]
    },
  },
  content: {
    tell({ path }, seen) {
      if (seen.state === 'present') return [one(path, 'a file', seen.bytes)]
      return [one(path, seen.state === 'absent' ? 'absent' : null, stableText(seen))]
    },
  },
  package: {
    tell({ name }, seen) {
      const { version, candidate, held, broken } = seen
      const offer = candidate === null || candidate === version ? [] : [`${candidate} on offer`]
      const marks = [...offer, ...(held ? ['held'] : []), ...(broken ? ['broken'] : [])]
      return [one(`package ${name}`, [version ?? 'not installed', ...marks].join(', '), stableText(seen))]
    },
  },
  unit: {
    tell({ name, scope }, { load, active, fileState, needsReload, manager, properties }) {
      const { FragmentPath, DropInPaths, Type } = properties
      const counts = { load, active, fileState, needsReload, manager, FragmentPath, DropInPaths, Type }
      const shows = [active, fileState === '' ? load : fileState, ...(needsReload ? ['needs a reload'] : [])]
      return [one(`${scope === 'user' ? 'user unit' : 'unit'} ${name}`, shows.join(', '), stableText(counts))]
    },
  },
  user: {
    tell: ({ name }, seen) => [
      one(`user ${name}`, seen.exists ? `${seen.uid}, ${seen.shell}` : 'absent', stableText(seen)),
    ],
  },
  group: {
    tell: ({ name }, seen) => [
      one(`group ${name}`, seen.exists ? String(seen.gid) : 'absent', stableText(seen)),
    ],
  },
  which: {
    tell: ({ command }, { path }) => [one(`program ${command}`, path ?? 'absent', stableText(path))],
  },
  facts: {
    tell: (_key, facts) =>
      Object.entries(facts)
        .filter(([name]) => !MOVING_FACTS.has(name) && !interfaces(facts.interfaces).has(name))
        .map(([name, value]) => ({
          part: name,
          name: `fact ${name}`,
          shows: null,
          counts: stableText(value),
        })),
  },
  read: {
    tell: ({ name, moves }, { code, stdout, stderr }) =>
      moves
        ? []
        : [one(name, null, stableText({ code, stdout: timeless(stdout), stderr: timeless(stderr) }))],
  },
}

function one(name: string, shows: string | null, counts: Look['counts']): Look {
  return { part: '', name, shows, counts }
}

/** Other at every look, or with every container that starts. What tasks make of them counts as ever. */
const MOVING_FACTS: ReadonlySet<string> = new Set([
  'all_ipv4_addresses',
  'all_ipv6_addresses',
  'date_time',
  'default_ipv6',
  'devices',
  'env',
  'gather_subset',
  'interfaces',
  'loadavg',
  'memfree_mb',
  'memory_mb',
  'module_setup',
  'mounts',
  'swapfree_mb',
  'uptime_seconds',
])

/** Each is a fact of its own; what counts of them is in default_ipv4. */
function interfaces(names: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(names) ? names.map(name => String(name).replace(/[^\w]/g, '_')) : [])
}

/** Points in time, and how long ago something was (`Up 3 minutes`). */
const MOMENT =
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?(?: [A-Z]{3,5}\b)?|\b(?:about |less than )?(?:an?|\d+) (?:second|minute|hour|day|week|month|year)s?(?: ago)?\b/gi

function timeless(text: string): string {
  return (/^\s*[[{]/.test(text) ? withoutProcesses(text) : text).replace(MOMENT, '…')
}

/** What docker inspect tells of a container that runs: its process, and what its last health checks printed. */
function withoutProcesses(text: string): string {
  try {
    const value: unknown = JSON.parse(text, (key, one) =>
      key === 'Pid' || isHealthLog(key, one) ? null : one,
    )
    return stableText(value)
  } catch {
    return text
  }
}

function isHealthLog(key: string, value: unknown): boolean {
  return key === 'Log' && Array.isArray(value)
}
