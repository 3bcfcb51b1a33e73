/**
 * docker_prune: remove what docker no longer needs.
 *
 * Args     containers, images, networks, volumes, builder_cache, builder_cache_all, and the *_filters of each.
 * Changes  what docker says it removed; known only when it runs.
 * Errors   docker's own words.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, dict } from './shared/arguments.ts'
import { linesOf } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    containers: bool().default(false),
    containers_filters: dict().default({}),
    images: bool().default(false),
    images_filters: dict().default({}),
    networks: bool().default(false),
    networks_filters: dict().default({}),
    volumes: bool().default(false),
    volumes_filters: dict().default({}),
    builder_cache: bool().default(false),
    builder_cache_all: bool().default(false),
    builder_cache_filters: dict().default({}),
  })
type Args = z.output<ReturnType<typeof schema>>

export const dockerPrune = defineModule<Args>({
  name: 'docker_prune',
  summary: 'Remove what docker no longer needs',
  args: schema,
  keys: () => [],
  decide(args): Verdict {
    const commands = commandsOf(args)
    if (commands.length === 0) return { kind: 'ok' }
    return {
      kind: 'opaque',
      summary: `docker prune ${commands.map(({ what }) => what).join(', ')}`,
      apply: function* () {
        const result: Record<string, string[]> = {}
        for (const { what, argv } of commands) {
          const { stdout } = yield { do: 'run', argv, failure: `pruning ${what} failed` }
          result[what] = removed(stdout)
        }
        return { ...result, changed: Object.values(result).some(names => names.length > 0) }
      },
    }
  },
  settles: 'what is no longer needed is found out by removing it',
})

function commandsOf(args: Args): { what: string; argv: string[] }[] {
  const one = (
    what: string,
    noun: string,
    filters: Readonly<Record<string, unknown>>,
    extra: readonly string[] = [],
  ) => ({
    what,
    argv: ['docker', noun, 'prune', '--force', ...extra, ...filterWords(filters)],
  })
  return [
    ...(args.containers ? [one('containers', 'container', args.containers_filters)] : []),
    ...(args.images ? [images(args)] : []),
    ...(args.networks ? [one('networks', 'network', args.networks_filters)] : []),
    ...(args.volumes ? [one('volumes', 'volume', args.volumes_filters)] : []),
    ...(args.builder_cache
      ? [one('builder_cache', 'builder', args.builder_cache_filters, args.builder_cache_all ? ['--all'] : [])]
      : []),
  ]
}

/** dangling: false means all images that no container uses; docker's command calls that --all. */
function images(args: Args) {
  const { dangling, ...filters } = args.images_filters
  const all = dangling === false || dangling === 'false' || dangling === 'no' ? ['--all'] : []
  return { what: 'images', argv: ['docker', 'image', 'prune', '--force', ...all, ...filterWords(filters)] }
}

function filterWords(filters: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(filters).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap(item => ['--filter', `${name}=${item}`]),
  )
}

/** Names and ids, without headings and the sum. */
function removed(stdout: string): string[] {
  return linesOf(stdout).filter(line => line.trim() !== '' && !/^(Deleted|Total|ID\s|Untagged)/.test(line))
}
