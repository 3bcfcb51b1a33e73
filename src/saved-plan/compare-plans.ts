/** What moved between a saved plan and the same plan made now: a line for each thing, by name. */
import type { PlanBody, PlannedHost, PlannedTask } from './format.ts'

export type PlanParts = Pick<PlanBody, 'sources' | 'secrets' | 'extraVars' | 'hosts'>

/** Empty: nothing moved. */
export function comparePlans(was: PlanParts, now: PlanParts): readonly string[] {
  const lines = [
    ...sources(was, now),
    ...named(was.secrets, now.secrets, {
      what: 'secret',
      added: 'is there now, and was not',
      gone: 'is not there any more',
    }),
    ...named(was.extraVars, now.extraVars, {
      what: 'extra variable',
      added: 'the plan was made without it',
      gone: 'is not given; give the -e of the plan again',
    }),
    ...hosts(was.hosts, now.hosts),
  ]
  return [...new Set(lines)]
}

function sources(was: PlanParts, now: PlanParts): string[] {
  return pairs(was.sources, now.sources, ({ id }) => id).flatMap(([before, after]) => {
    if (before === undefined) return [`${after.name}: is read now, and was not`]
    if (after === undefined) return [`${before.name}: is not read any more`]
    return before.digest === after.digest ? [] : [`${before.name}: ${OTHER_CONTENT}`]
  })
}

const OTHER_CONTENT = 'its content is another'

interface Words {
  readonly what: string
  readonly added: string
  readonly gone: string
}

function named(was: PlanParts['secrets'], now: PlanParts['secrets'], { what, added, gone }: Words): string[] {
  return pairs(was, now, ({ name }) => name).flatMap(([before, after]) => {
    if (before === undefined) return [`${what} ${after.name}: ${added}`]
    if (after === undefined) return [`${what} ${before.name}: ${gone}`]
    return before.digest === after.digest ? [] : [`${what} ${before.name}: its value is another`]
  })
}

function hosts(was: readonly PlannedHost[], now: readonly PlannedHost[]): string[] {
  return pairs(was, now, ({ id }) => id).flatMap(([before, after]) => {
    if (before === undefined) return [`${after.name}: is not in the plan`]
    if (after === undefined) return [`${before.name}: is in the plan, and takes no part now`]
    const moved = looks(before, after)
    // What else is looked at and done follows from what moved.
    const lines = moved.length > 0 ? moved : [...otherLooks(before, after), ...tasks(before, after)]
    return lines.map(line => `${before.name}: ${line}`)
  })
}

function looks(was: PlannedHost, now: PlannedHost): string[] {
  return pairs(was.seen, now.seen, ({ id }) => id).flatMap(([before, after]) => {
    if (before === undefined || after === undefined || before.moves) return []
    if (before.digest === after.digest) return []
    if (before.shows === after.shows) return [`${before.name}: ${OTHER_CONTENT}`]
    return [`${before.name}: ${before.shows ?? 'something else'} → ${after.shows ?? 'something else'}`]
  })
}

function otherLooks(was: PlannedHost, now: PlannedHost): string[] {
  return pairs(was.seen, now.seen, ({ id }) => id).flatMap(([before, after]) => {
    if (before === undefined) return [`${after.name}: is looked at now, and was not`]
    return after === undefined && !before.moves ? [`${before.name}: is not looked at any more`] : []
  })
}

function tasks(was: PlannedHost, now: PlannedHost): string[] {
  const ids = new Map([...was.tasks, ...now.tasks].map(task => [task.id, task]))
  return [...ids.values()].flatMap(task => {
    const of = ({ tasks: all }: PlannedHost) =>
      all
        .filter(({ id }) => id === task.id)
        .map(({ status, may }) => [status, ...may].join())
        .join(';')
    const [before, after] = [of(was), of(now)]
    if (before === after) return []
    const how = before === '' ? NEW : after === '' ? GONE : OTHER
    return [`${title(task)}: ${how}`]
  })
}

const NEW = 'would do something, and was not to'
const GONE = 'has nothing to do any more'
const OTHER = 'would do something else than was planned'

function title({ name, role, position }: PlannedTask): string {
  return `task ${role === null ? name : `${role} : ${name}`} (${position.file}:${position.line})`
}

type Pair<T> = readonly [T, T] | readonly [T, undefined] | readonly [undefined, T]

/** By key, in the order of the first list; what only the second has comes last. */
function pairs<T>(was: readonly T[], now: readonly T[], keyOf: (one: T) => string): readonly Pair<T>[] {
  const after = new Map(now.map(one => [keyOf(one), one]))
  const before = new Set(was.map(keyOf))
  const found = was.map((one): Pair<T> => {
    const later = after.get(keyOf(one))
    return later === undefined ? [one, undefined] : [one, later]
  })
  const added = now.filter(one => !before.has(keyOf(one)))
  return [...found, ...added.map((one): Pair<T> => [undefined, one])]
}
