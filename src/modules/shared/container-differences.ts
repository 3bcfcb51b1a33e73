/** How a container differs from what is wanted, by the rules of `comparisons`. */
import { type Dict, isDict, type Value } from '../../base/value.ts'
import type { Change } from '../contract.ts'
import type { ContainerArgs } from './container-arguments.ts'
import { COLLECTION_OPTIONS } from './container-collections.ts'
import { networkMode } from './container-networks.ts'
import { PORT_OPTIONS } from './container-ports.ts'
import { PROGRAM_OPTIONS } from './container-program.ts'
import { VALUE_OPTIONS } from './container-values.ts'
import { VOLUME_OPTIONS } from './container-volumes.ts'
import { type ContainerOption, type ContainerSight, covers, type Wish } from './container-wish.ts'
import { textAt, textsAt } from './docker-cli.ts'

export const CONTAINER_OPTIONS: readonly ContainerOption[] = [
  ...VALUE_OPTIONS,
  ...COLLECTION_OPTIONS,
  ...PORT_OPTIONS,
  ...VOLUME_OPTIONS,
  ...PROGRAM_OPTIONS,
  networkMode,
]

export type Comparison = 'strict' | 'ignore' | 'allow_more_present'

export interface Comparisons {
  /** By the option's own name; what is not in it has the default of its kind. */
  readonly of: (name: string) => Comparison | undefined
}

const ALIASES: Readonly<Record<string, string>> = {
  expose: 'exposed_ports',
  exposed: 'exposed_ports',
  log_opt: 'log_options',
  ports: 'published_ports',
}
const OTHERS = ['image', 'networks', 'detach', 'env_file', '*']
/** Options that have more than one entry, beside `networks`. */
const MANY = new Set<string>([
  ...[...COLLECTION_OPTIONS, ...PORT_OPTIONS, ...VOLUME_OPTIONS].map(({ name }) => name),
  ...['command', 'entrypoint', 'env', 'labels', 'healthcheck', 'networks'],
])

/** The rules as they were written; a sentence when one is none. */
export function readComparisons(args: ContainerArgs): Comparisons | string {
  const rules = new Map<string, Comparison>()
  for (const [written, rule] of Object.entries(args.comparisons)) {
    const name = ALIASES[written] ?? written
    if (!OTHERS.includes(name) && !CONTAINER_OPTIONS.some(option => option.name === name))
      return `comparisons: ${written} is no option of a container`
    if (rule !== 'strict' && rule !== 'ignore' && rule !== 'allow_more_present')
      return `comparisons: ${written} must be strict, ignore or allow_more_present`
    if (rule === 'allow_more_present' && !MANY.has(name))
      return `comparisons: ${written} has one value, it cannot be allow_more_present`
    rules.set(name, rule)
  }
  if (args.ignore_image && !rules.has('image')) rules.set('image', 'ignore')
  if (args.purge_networks && args.networks !== undefined && !rules.has('networks'))
    rules.set('networks', 'strict')
  return { of: name => rules.get(name) ?? rules.get('*') }
}

export interface Difference {
  readonly option: string
  readonly change: Change
  /** The program can set it without making the container anew. */
  readonly updates: boolean
}

export function containerDifferences(
  args: ContainerArgs,
  sight: ContainerSight,
  comparisons: Comparisons,
): Difference[] {
  const { container } = sight
  if (container === null) return []
  return CONTAINER_OPTIONS.flatMap(option => {
    const wish = option.wish(args, container, sight)
    if (wish === null) return []
    const rule =
      comparisons.of(option.name) ?? (option.name === 'stop_timeout' ? 'ignore' : defaultRule(wish))
    const difference = compare(wish, rule, inherited(option.name, args, sight))
    if (difference === null) return []
    // `docker update` takes 0 and nothing for "leave it as it is".
    const updates = option.updates === true && wish.kind === 'value' && wish.want !== 0 && wish.want !== ''
    return [
      { option: option.name, updates, change: { what: option.name, subject: args.name, ...difference } },
    ]
  })
}

function defaultRule({ kind }: Wish): Comparison {
  return kind === 'set' || kind === 'dict' ? 'allow_more_present' : 'strict'
}

/** Entries that come with the image and need not be asked for, by key or as they are. */
function inherited(option: string, args: ContainerArgs, sight: ContainerSight): ReadonlySet<string> {
  const image = args.image_comparison === 'current-image' ? (sight.currentImage ?? sight.image) : sight.image
  if (option === 'labels') return new Set(Object.keys(textsAt(image, 'Config.Labels')))
  if (option !== 'env') return new Set()
  const config = isDict(image) && isDict(image.Config) ? image.Config : {}
  const own = Object.keys(sight.env ?? {})
  const entries = Array.isArray(config.Env) ? config.Env.map(String) : []
  return new Set(entries.filter(entry => !own.includes(entry.slice(0, entry.indexOf('=')))))
}

type Shown = Pick<Change, 'from' | 'to'>

function compare(wish: Wish, rule: Comparison, free: ReadonlySet<string>): Shown | null {
  if (rule === 'ignore') return null
  switch (wish.kind) {
    case 'value':
      return (wish.same ?? covers)(wish.want, wish.have) ? null : { from: wish.have, to: wish.want }
    case 'list':
      return sameList(wish.want, wish.have, rule) ? null : { from: wish.have, to: wish.want }
    case 'set':
      return compareSets(wish, rule, free)
    case 'dict':
      return compareDicts(wish.want, wish.have, { rule, free })
  }
}

/** With more allowed, the wanted words must be there in their order. */
function sameList(want: readonly string[], have: readonly string[], rule: Comparison): boolean {
  if (rule === 'strict') return want.length === have.length && want.every((one, index) => one === have[index])
  let from = 0
  return want.every(one => {
    from = have.indexOf(one, from) + 1
    return from > 0
  })
}

function compareSets(
  { want, have, same = covers, shown = entry => entry }: Extract<Wish, { kind: 'set' }>,
  rule: Comparison,
  free: ReadonlySet<string>,
): Shown | null {
  const missing = want.filter(one => !have.some(other => same(one, other)))
  const extra =
    rule === 'strict'
      ? have.filter(other => !free.has(String(other)) && !want.some(one => same(one, other)))
      : []
  if (missing.length + extra.length === 0) return null
  return { from: have.map(shown), to: want.map(shown) }
}

function compareDicts(
  want: Dict,
  have: Dict,
  { rule, free }: { readonly rule: Comparison; readonly free: ReadonlySet<string> },
): Shown | null {
  const differing = Object.keys(want).filter(
    key => !covers(want[key], have[key]) || (want[key] === '' && !(key in have)),
  )
  const extra = rule === 'strict' ? Object.keys(have).filter(key => !(key in want) && !free.has(key)) : []
  const keys = [...differing, ...extra]
  if (keys.length === 0) return null
  const part = (dict: Dict): Value =>
    Object.fromEntries(keys.flatMap(key => (key in dict ? [[key, dict[key]!]] : [])))
  return { from: part(have), to: part(want) }
}

/** Labels of the image that the task does not set, where it wants to hear of them. */
export function strangeLabels(
  args: ContainerArgs,
  sight: ContainerSight,
  comparisons: Comparisons,
): string[] {
  if (args.image_label_mismatch !== 'fail' || comparisons.of('labels') !== 'strict') return []
  return Object.keys(textsAt(sight.image, 'Config.Labels')).filter(name => !(name in (args.labels ?? {})))
}

export function isImageId(image: string): boolean {
  return /^(sha256:)?[0-9a-f]{64}$/.test(image)
}

/** Why the container must be made anew for its image; null when it need not. */
export function imageDifference(
  args: ContainerArgs,
  sight: ContainerSight,
  comparisons: Comparisons,
): Change | null {
  const { container, image } = sight
  if (args.image === undefined || container === null || comparisons.of('image') === 'ignore') return null
  const change = (from: string, to: string): Change => ({ what: 'image', subject: args.name, from, to })
  const id = textAt(image, 'Id')
  if (id !== textAt(container, 'Image')) return change(textAt(container, 'Image'), id || args.image)
  const name = textAt(container, 'Config.Image')
  const isOther = args.image_name_mismatch === 'recreate' && name !== args.image && !isImageId(args.image)
  return isOther ? change(name, args.image) : null
}
