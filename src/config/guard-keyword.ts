/** `guard`: what stands there. Checked when it is loaded as far as it is no template, and whole when it is rendered. */
import { VpaiError } from '../base/error.ts'
import { isDict, Template, type Value } from '../base/value.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'

export interface GuardKeyword {
  /** Seconds from the change to the last moment for a login. */
  readonly withinS: number
  /** Files and folders to keep besides. */
  readonly paths: readonly string[]
  /** Addresses at which one must be able to log in: `host`, `host:port`, `:port`, `[ipv6]:port`. None: as usual. */
  readonly via: readonly string[]
  /** sh, run when all else was put back. */
  readonly undo: string | null
  /** Tasks that are not known to be risky are guarded too. */
  readonly always: boolean
}

export const GUARD_KEYS = ['within', 'paths', 'via', 'undo', 'always'] as const

export const DEFAULT_GUARD: GuardKeyword = { withinS: 90, paths: [], via: [], undo: null, always: false }

const SHORTEST_S = 3
const LONGEST_S = 3600

/** false: not guarded. Throws GUARD_KEYWORD for what it cannot be. */
export function readGuard(value: Value | undefined): GuardKeyword | false {
  if (value === undefined || value === null) return DEFAULT_GUARD
  if (typeof value === 'boolean') return value && { ...DEFAULT_GUARD, always: true }
  const wrong = misfitOfGuard(value)
  if (wrong !== null || !isDict(value)) throw new VpaiError('GUARD_KEYWORD', `guard: ${wrong ?? SHAPE}`)
  return {
    withinS: value.within === undefined ? DEFAULT_GUARD.withinS : (secondsOf(value.within) ?? 0),
    paths: texts(value.paths),
    via: texts(value.via),
    undo: typeof value.undo === 'string' ? value.undo : null,
    always: value.always !== false,
  }
}

export function checkGuard(context: LoadContext, item: Cursor): void {
  const wrong = misfitOfGuard(item.value)
  if (wrong !== null) context.report('CONFIG_WRONG_TYPE', `guard ${wrong}`, { position: item.position })
}

const SHAPE = 'must be true, false or a mapping of within, paths, via, undo and always'

/** What is wrong with it; templates are right until they are rendered. */
function misfitOfGuard(value: Value): string | null {
  if (value === null || typeof value === 'boolean' || value instanceof Template) return null
  if (!isDict(value)) return SHAPE
  const unknown = Object.keys(value).find(key => !GUARD_KEYS.some(known => known === key))
  if (unknown !== undefined) return `has no ${unknown}: it takes ${GUARD_KEYS.join(', ')}`
  const { within, paths, via, undo, always } = value
  const wrong = [
    isOpen(within) || secondsOf(within) !== null
      ? null
      : `within must be a time from ${SHORTEST_S}s to ${LONGEST_S / 60}m, for example 90s or 2m`,
    isOpen(paths) || texts(paths).every(path => path.startsWith('/') && !path.includes('\n'))
      ? null
      : 'paths must be absolute paths',
    isOpen(via) || texts(via).every(address => ADDRESS.test(address))
      ? null
      : 'via must be addresses: host, host:port, :port or [ipv6]:port',
    isOpen(undo) || typeof undo === 'string' ? null : 'undo must be a command',
    isOpen(always) || typeof always === 'boolean' ? null : 'always must be true or false',
  ]
  return wrong.find(one => one !== null) ?? null
}

const ADDRESS = /^([\w.-]+(:\d+)?|:\d+|\[[\da-fA-F:.]+\](:\d+)?|[\da-fA-F]*(:[\da-fA-F]*){2,})$/

/** Not given, or a template. */
function isOpen(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.some(one => one instanceof Template)
  return value === undefined || value === null || value instanceof Template
}

function texts(value: Value | undefined): string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}

/** `90`, `90s`, `2m`. */
function secondsOf(value: Value | undefined): number | null {
  const found = /^(\d+)(s|m)?$/.exec(String(value).trim())
  const seconds = Number(found?.[1]) * (found?.[2] === 'm' ? 60 : 1)
  return seconds >= SHORTEST_S && seconds <= LONGEST_S ? seconds : null
}
