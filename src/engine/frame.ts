/**
 * What a task inherits from the play, roles, includes and blocks around it. Nearest wins for single
 * values; conditions, tags, variables and environment add up, outermost first.
 */
import { type Dict, isDict, type Value } from '../base/value.ts'
import type { Keywords, RoleUse } from '../config/model.ts'
import { NEAREST_KEYWORDS } from '../config/nearest-keywords.ts'
import { moduleArguments } from '../modules/catalogue.ts'

export interface Frame {
  /** Single-valued keywords, nearest one set. */
  readonly nearest: Keywords
  readonly when: readonly Value[]
  readonly tags: readonly string[]
  readonly environment: readonly Value[]
  readonly moduleDefaults: readonly Value[]
  /** vars of blocks and role entries, outermost first. */
  readonly vars: readonly Dict[]
  /** vars given to includes: stronger than registered results. */
  readonly includeParams: readonly Dict[]
  /** Role uses around it, outermost first; the last is the current role. */
  readonly uses: readonly RoleUse[]
  /** Where relative file names are looked for first. */
  readonly directory: string
  /** A rescue waits for what fails here: errors do not end the play yet. */
  readonly isRescued: boolean
  /** Ids of the includes around it, and RESCUE. */
  readonly within: readonly string[]
}

export const NO_FRAME: Frame = {
  nearest: {},
  when: [],
  tags: [],
  environment: [],
  moduleDefaults: [],
  vars: [],
  includeParams: [],
  uses: [],
  directory: '',
  isRescued: false,
  within: [],
}

export interface Entered {
  readonly use?: RoleUse | undefined
  readonly directory?: string
  /** Its vars are an include's parameters. */
  readonly asInclude?: boolean
}

export function enter(frame: Frame, keywords: Keywords, entered: Entered = {}): Frame {
  const { when = [], tags = [], vars, environment, moduleDefaults } = keywords
  return {
    nearest: nearest(frame.nearest, keywords),
    when: when.length > 0 ? [...frame.when, ...when] : frame.when,
    tags: tags.length > 0 ? [...new Set([...frame.tags, ...tags])] : frame.tags,
    environment: environment === undefined ? frame.environment : [...frame.environment, environment],
    moduleDefaults:
      moduleDefaults === undefined ? frame.moduleDefaults : [...frame.moduleDefaults, moduleDefaults],
    vars: vars && !entered.asInclude ? [...frame.vars, vars] : frame.vars,
    includeParams: vars && entered.asInclude ? [...frame.includeParams, vars] : frame.includeParams,
    uses: entered.use ? [...frame.uses, entered.use] : frame.uses,
    directory: entered.directory || frame.directory,
    isRescued: frame.isRescued,
    within: frame.within,
  }
}

function nearest(outer: Keywords, inner: Keywords): Keywords {
  let merged: Record<string, unknown> | null = null
  for (const key of NEAREST_KEYWORDS) {
    if (inner[key] === undefined) continue
    merged ??= { ...outer }
    merged[key] = inner[key]
  }
  return (merged as Keywords | null) ?? outer
}

export function currentUse(frame: Frame): RoleUse | undefined {
  return frame.uses.at(-1)
}

/** module_defaults for one module, by any of its names: outer levels first, inner ones win. */
export function moduleDefaultsFor(levels: readonly Value[], module: string): Dict {
  let merged: Dict = {}
  for (const level of levels) {
    if (!isDict(level)) continue
    for (const [name, args] of Object.entries(level)) {
      if (moduleArguments(name)?.canonical === module && isDict(args)) merged = { ...merged, ...args }
    }
  }
  return merged
}
