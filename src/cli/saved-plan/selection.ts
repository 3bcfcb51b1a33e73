/** The flags that choose what is done where and how: they stand in a plan, and a deploy that keeps to it has no others. */
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import type { PlanBody } from '../../saved-plan/format.ts'
import { givenInventories, type Project } from '../project/open.ts'
import { limitOf } from '../run-settings.ts'

type Options = Readonly<Record<string, unknown>>
type Selection = PlanBody['selection']
type Flag = Selection['flags'][string]

/** By the name commander gives their values. */
const FLAGS: Readonly<Record<string, string>> = {
  inventory: '--inventory',
  limit: '--limit',
  tags: '--tags',
  skipTags: '--skip-tags',
  startAtTask: '--start-at-task',
  rolesPath: '--roles-path',
  user: '--user',
  connection: '--connection',
  become: '--become',
  becomeUser: '--become-user',
  becomeMethod: '--become-method',
}

/** These show something and run nothing: no plan has them. */
const LISTING: Readonly<Record<string, string>> = {
  listTasks: '--list-tasks',
  listTags: '--list-tags',
  listHosts: '--list-hosts',
  syntaxCheck: '--syntax-check',
}

/** `flag`: the one that needs a run. Throws PLAN_FLAGS. */
export function refuseListing(options: Options, flag: string): void {
  const given = Object.keys(LISTING).find(name => options[name] === true)
  if (given !== undefined)
    throw new VpaiError('PLAN_FLAGS', `${LISTING[given]} shows something and runs nothing: leave out ${flag}`)
}

export interface Selecting {
  readonly project: Project
  readonly options: Options
  readonly environment: string
  readonly playbook: string
}

/** Throws PLAN_FLAGS_SECRET. */
export function selectionOf({ project, options, environment, playbook }: Selecting): Selection {
  const { inventories } = project
  const given = givenFlags(options)
  const flags = given.inventory === undefined ? given : { ...given, inventory: [...inventories] }
  const limit = options.limit === undefined ? null : (limitOf(project, options, undefined) ?? null)
  if (project.registry.taints(JSON.stringify([environment, Object.values(flags), limit]))) {
    throw new VpaiError('PLAN_FLAGS_SECRET', 'a flag holds a secret, and would stand in the plan', {
      hint: 'Secrets may be given with -e: of those only keyed digests are kept.',
    })
  }
  return { environment, playbook, flags, limit }
}

function givenFlags(options: Options): Record<string, Flag> {
  return Object.fromEntries(
    Object.keys(FLAGS).flatMap(name => {
      const value = flagOf(options[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function flagOf(value: unknown): Flag | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(String)
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined
}

export interface Typed {
  /** As typed beside --plan; undefined: none. */
  readonly environment: string | undefined
  readonly options: Options
  readonly cwd: string
  readonly root: string
}

/** The options of a deploy that keeps to the plan. Throws PLAN_FLAGS for those that contradict it. */
export function plannedOptions({ environment, flags, limit }: Selection, typed: Typed): Options {
  const { options, cwd, root } = typed
  refuseListing(options, '--plan')
  const own = givenFlags(options)
  const given = Array.isArray(own.inventory)
    ? { ...own, inventory: [...givenInventories(own.inventory, { cwd, root })] }
    : own
  const contrary = Object.keys(FLAGS).filter(
    name => given[name] !== undefined && JSON.stringify(given[name]) !== JSON.stringify(flags[name]),
  )
  const lines = contrary.map(
    name => `${FLAGS[name]} ${shown(given[name])}: the plan was made ${made(FLAGS[name], flags[name])}`,
  )
  if (typed.environment !== undefined && typed.environment !== environment)
    lines.unshift(`${typed.environment}: the plan is one for ${environment}`)
  if (lines.length > 0) {
    const text = lines.map(line => `\n  ${line}`).join('')
    throw new VpaiError('PLAN_FLAGS', `these contradict the plan:${text}`, {
      hint: 'Leave them out: what the plan was made with counts.',
    })
  }
  const inventory = Array.isArray(flags.inventory) ? { inventory: fromRoot(flags.inventory, root) } : {}
  return { ...options, ...flags, ...inventory, ...(limit === null ? {} : { limit }) }
}

function fromRoot(inventories: readonly string[], root: string): readonly string[] {
  return inventories.map(one => (one.includes(',') ? one : path.resolve(root, one)))
}

function made(flag: string | undefined, value: Flag | undefined): string {
  return value === undefined ? 'without it' : `with ${flag} ${shown(value)}`
}

function shown(value: Flag | undefined): string {
  return value === true ? '' : Array.isArray(value) ? value.join(' ') : String(value)
}
