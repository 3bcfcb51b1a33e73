/** What flags select before anything runs: tags that nobody has, and flags that leave no host to act on. */
import { didYouMean } from '../base/did-you-mean.ts'
import { type Problem, VpaiError } from '../base/error.ts'
import type { LoadedProject } from '../config/load-playbooks.ts'
import type { Include, Node } from '../config/model.ts'
import { matchHosts } from '../inventory/pattern.ts'
import { type Project, throwErrors } from './project/open.ts'
import { words } from './run-settings.ts'

type Options = Readonly<Record<string, unknown>>

/** Warnings: a tag mistyped would run nothing, or would not skip what it should, without a word. */
export function unknownTags(loaded: LoadedProject, options: Options): Problem[] {
  const wanted = words(options.tags)
  const skipped = words(options.skipTags)
  if (wanted.length + skipped.length === 0) return []
  const { tags, unread } = tagsOf(loaded)
  // What an include brings runs for a tag only where the include has that tag, or runs always.
  const hidesWanted = unread.some(around => around.includes('always'))
  return [
    ...(hidesWanted ? [] : unknown(wanted, '--tags', tags)),
    ...(unread.length > 0 ? [] : unknown(skipped, '--skip-tags', tags)),
  ]
}

const WITH_A_MEANING = ['all', 'tagged', 'untagged', 'always', 'never']

function unknown(given: readonly string[], flag: string, tags: ReadonlySet<string>): Problem[] {
  return given
    .filter(tag => !tags.has(tag) && !WITH_A_MEANING.includes(tag))
    .map(tag => ({
      code: 'TAG_UNKNOWN',
      severity: 'warning' as const,
      message: `${flag}: no task has the tag ${tag}`,
      hint: didYouMean(tag, tags) ?? '`--list-tags` shows the tags there are.',
    }))
}

interface Tags {
  readonly tags: Set<string>
  /** For each include that is read only when it runs: the tags on and around it. */
  readonly unread: (readonly string[])[]
}

function tagsOf({ playbooks, context }: LoadedProject): Tags {
  const found: Tags = { tags: new Set(), unread: [] }
  const included = (include: Include) => context.included.get(include)
  for (const play of playbooks.flatMap(({ plays }) => plays)) {
    const around = noted(found, [], play.tags)
    for (const nodes of [play.preTasks, play.roles, play.tasks, play.postTasks])
      gather(found, nodes, { around, included })
  }
  return found
}

function gather(
  found: Tags,
  nodes: readonly Node[],
  at: {
    readonly around: readonly string[]
    readonly included: (include: Include) => readonly Node[] | undefined
  },
): void {
  for (const node of nodes) {
    const around = noted(found, at.around, node.tags)
    if (node.kind === 'block') {
      for (const part of [node.block, node.rescue, node.always]) gather(found, part, { ...at, around })
    } else if (node.kind === 'include') {
      const inner = noted(found, around, node.apply.tags)
      const brought = at.included(node)
      if (brought) gather(found, brought, { ...at, around: inner })
      else found.unread.push(around)
    }
  }
}

function noted(found: Tags, around: readonly string[], own: readonly string[] = []): readonly string[] {
  for (const tag of own) found.tags.add(tag)
  return [...around, ...own]
}

/** Throws LIMIT_NO_HOSTS or ENVIRONMENT_EMPTY: a run on nobody would look like one that found nothing to do. */
export function requireSomebody(
  project: Project,
  options: Options,
  { limit, within }: { readonly limit: string | undefined; readonly within: string | undefined },
): void {
  if (limit === undefined) return
  const { hosts, problems } = matchHosts(project.inventory, limit, limit)
  throwErrors(problems)
  if (hosts.length > 0) return
  const hint = '`vpai inventory` shows the hosts and groups there are.'
  if (options.limit !== undefined) {
    const of = within === undefined ? '' : ` of ${within}`
    throw new VpaiError('LIMIT_NO_HOSTS', `--limit ${String(options.limit)} leaves no host${of}`, { hint })
  }
  throw new VpaiError('ENVIRONMENT_EMPTY', `${within} has no hosts`, {
    hint: `Put them into the inventory, under the group ${within}.`,
  })
}
