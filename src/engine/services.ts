/** `vpai_services`: the services that the roles of a play declare in their service.yml, in the order of the roles. */
import type { Dict, Value } from '../base/value.ts'
import type { RoleManifest } from '../manifest/service.ts'
import { LazyMapping } from '../template/index.ts'
import type { PlayState } from './play-state.ts'

interface Known {
  /** How many uses of roles there were when it was made: an include may bring more. */
  readonly uses: number
  readonly services: Value
}

const known = new WeakMap<PlayState, Known>()

/** Templates in it are rendered for the host and task that looks. One object for a play, so that each is rendered once. */
export function servicesOf(play: PlayState): Value {
  const before = known.get(play)
  if (before?.uses === play.publicUses.length) return before.services
  const services = manifestsOf(play).flatMap(manifest => manifest.services.map(({ value }) => lazy(value)))
  known.set(play, { uses: play.publicUses.length, services })
  return services
}

/** `vpai_service_networks`: networks that only the services of one role use, by name. */
export function serviceNetworksOf(play: PlayState): Value {
  return Object.assign({}, ...manifestsOf(play).map(({ networks }) => networks))
}

/** Filters render whole lists: what of a service nobody reads, such as of one that is not enabled, stays unrendered. */
function lazy(value: Dict): Value {
  return new LazyMapping(
    key => (Object.hasOwn(value, key) ? value[key] : undefined),
    () => Object.keys(value),
  )
}

/** A role that is used twice has its services once. */
function manifestsOf(play: PlayState): RoleManifest[] {
  return [...new Map(play.publicUses.map(({ role }) => [role.path, role.manifest])).values()]
}
