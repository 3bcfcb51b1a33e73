/**
 * docker_prune: remove what docker no longer needs.
 *
 * Args     containers, images, networks, volumes, builder_cache, builder_cache_all, builder_cache_keep_storage, and the
 *          *_filters of each.
 * Changes  what docker says it removed; known only when it runs.
 * Errors   docker's own words.
 * Returns  containers, images, networks, volumes, builder_cache_caches_deleted: what was removed; the *_space_reclaimed
 *          of each, as exact as docker prints it.
 */
import type { z } from 'zod'
import { defineModule, type Result, type Verdict } from './contract.ts'
import { bool, dict } from './shared/arguments.ts'
import { dockerArguments, dockerWords } from './shared/docker-cli.ts'
import { filterWords } from './shared/docker-filters.ts'
import { bytesOf, size } from './shared/docker-values.ts'
import { linesOf } from './shared/results.ts'

const schema = () =>
  dockerArguments({
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
    builder_cache_keep_storage: size().optional(),
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
        let result: Result = {}
        let changed = false
        for (const { what, argv } of commands) {
          const { stdout } = yield { do: 'run', argv, failure: `pruning ${what} failed` }
          result = { ...result, ...resultOf(what, stdout) }
          changed ||= removed(stdout).length + imageEntries(stdout).length > 0
        }
        return { ...result, changed }
      },
    }
  },
  settles: 'what is no longer needed is found out by removing it',
})

interface Prune {
  readonly what: string
  readonly argv: readonly string[]
}

function commandsOf(args: Args): Prune[] {
  const one = (what: string, noun: string, flags: readonly string[]): Prune => ({
    what,
    argv: [...dockerWords(args), noun, 'prune', '--force', ...flags],
  })
  const keep = args.builder_cache_keep_storage
  const cache = [
    ...filterWords(args.builder_cache_filters),
    ...(args.builder_cache_all ? ['--all'] : []),
    ...(keep === undefined ? [] : [`--keep-storage=${bytesOf(keep) ?? 0}`]),
  ]
  return [
    ...(args.containers ? [one('containers', 'container', filterWords(args.containers_filters))] : []),
    ...(args.images ? [images(args)] : []),
    ...(args.networks ? [one('networks', 'network', filterWords(args.networks_filters))] : []),
    ...(args.volumes ? [one('volumes', 'volume', filterWords(args.volumes_filters))] : []),
    ...(args.builder_cache ? [one('builder_cache', 'builder', cache)] : []),
  ]
}

/** dangling: false means all images that no container uses; docker's command calls that --all. */
function images(args: Args): Prune {
  const { dangling, ...filters } = args.images_filters
  const all = dangling === false || dangling === 'false' || dangling === 'no' ? ['--all'] : []
  return {
    what: 'images',
    argv: [...dockerWords(args), 'image', 'prune', '--force', ...all, ...filterWords(filters)],
  }
}

function resultOf(what: string, stdout: string): Result {
  const names = removed(stdout)
  const space = { [`${what}_space_reclaimed`]: reclaimed(stdout) }
  if (what === 'networks') return { networks: names }
  if (what === 'builder_cache') return { builder_cache_caches_deleted: names.map(idOfCache), ...space }
  return { [what]: what === 'images' ? imageEntries(stdout) : names, ...space }
}

/** Names and ids, without headings and the sum. */
function removed(stdout: string): string[] {
  return linesOf(stdout).filter(line => line.trim() !== '' && !/^(Deleted|Total|ID\s|Untagged)/i.test(line))
}

function imageEntries(stdout: string): Result[] {
  return linesOf(stdout).flatMap(line => {
    const [, word = '', name = ''] = /^(deleted|untagged): (\S+)$/i.exec(line) ?? []
    if (word === '') return []
    const entry: Result = word.toLowerCase() === 'deleted' ? { Deleted: name } : { Untagged: name }
    return [entry]
  })
}

function idOfCache(line: string): string {
  return line.split(/[\s*]/)[0] ?? line
}

const SIZES: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/** Bytes, as exact as docker prints them. */
function reclaimed(stdout: string): number {
  const [, count = '0', unit = 'B'] = /^Total.*:\s*([\d.]+)\s*([kMGT]?B)$/m.exec(stdout) ?? []
  return Math.round(Number(count) * (SIZES[unit] ?? 1))
}
