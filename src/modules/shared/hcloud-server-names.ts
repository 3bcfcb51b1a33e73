/** Things that a server is tied to by name, where the API wants numbers. */
import type { Dict } from '../../base/value.ts'
import type { Key, Seen } from '../../probes/contract.ts'
import { dictsOf, lookCloud, readCloud } from './hcloud-api.ts'
import type { ServerArgs } from './hcloud-server-arguments.ts'

export type Things = 'networks' | 'firewalls' | 'placement_groups' | 'primary_ips' | 'ssh_keys' | 'images'

interface Mention {
  readonly things: Things
  readonly name: string
}

/** What the task names; keys for those that stand for themselves are asked none the less: a name may be a number. */
export function mentions(args: ServerArgs, makes: boolean): readonly Mention[] {
  const all = (things: Things, names: readonly (string | undefined)[]) =>
    names.filter(name => name !== undefined).map(name => ({ things, name }))
  const isBuilt = makes || args.state === 'rebuild'
  return [
    ...all('networks', args.private_networks ?? []),
    ...all('firewalls', args.firewalls ?? []),
    ...all('placement_groups', [args.placement_group]),
    ...all('primary_ips', makes ? [args.ipv4, args.ipv6] : []),
    ...all('ssh_keys', args.rescue_mode === undefined ? [] : (args.ssh_keys ?? [])),
    ...all('images', isBuilt ? [args.image] : []),
  ]
}

export function mentionKey(args: ServerArgs, { things, name }: Mention): Key & { readonly kind: 'read' } {
  const more = things === 'images' ? '&include_deprecated=true' : ''
  return lookCloud(args, `/${things}?name=${encodeURIComponent(name)}${more}`)
}

export interface Names {
  /** First sentence that says what is not there or not to be had; null when all is well. */
  readonly problem: string | null
  readonly id: (things: Things, name: string) => number
}

export function readNames(args: ServerArgs, mentioned: readonly Mention[], seen: Seen): Names {
  const ids = new Map<string, number>()
  let problem: string | null = null
  for (const mention of mentioned) {
    const answer = readCloud(seen.get(mentionKey(args, mention)))
    const [thing] = dictsOf(answer.body[mention.things])
    const id = typeof thing?.id === 'number' ? thing.id : idOf(mention)
    problem ??= answer.problem ?? (id === null ? `${mention.things} ${mention.name} was not found` : null)
    problem ??= deprecation(args, mention, thing)
    ids.set(`${mention.things} ${mention.name}`, id ?? 0)
  }
  return { problem, id: (things, name) => ids.get(`${things} ${name}`) ?? 0 }
}

function idOf({ name }: Mention): number | null {
  return /^\d+$/.test(name) ? Number(name) : null
}

function deprecation(args: ServerArgs, { things, name }: Mention, thing: Dict | undefined): string | null {
  if (things !== 'images' || args.allow_deprecated_image || !thing?.deprecated) return null
  return `the image ${name} is deprecated since ${String(thing.deprecated)}: to use it none the less, say allow_deprecated_image`
}
