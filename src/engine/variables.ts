/** The scope of one task on one host: Ansible's levels, strongest first, and the variables the engine itself knows. */
import { type Dict, OMIT, type Value } from '../base/value.ts'
import type { RoleUse } from '../config/model.ts'
import { COMPATIBLE_WITH, shortName } from '../inventory/magic.ts'
import { LazyMapping, Templar } from '../template/index.ts'
import { currentUse, type Frame } from './frame.ts'
import type { HostState } from './host-state.ts'
import type { PlayState } from './play-state.ts'
import { dictScope, lazyScope, mapScope, type Scope, stack } from './scope.ts'
import { findDirectories, searchRoots } from './search-path.ts'
import { serviceNetworksOf, servicesOf } from './services.ts'
import { type World, warn } from './world.ts'

export interface Place {
  readonly world: World
  readonly play: PlayState
  readonly host: HostState
  /** Already entered with the task's own keywords. */
  readonly frame: Frame
}

/** `ahead`: for a guess, so that looking at another host's variables runs no program either. */
export function scopeOf(place: Place, locals: Dict, ahead = false): Scope {
  return stack([saidScope(place, locals, ahead), connectionScope(place)])
}

/** Without what follows from how the host is reached. */
export function saidScope(place: Place, locals: Dict, ahead: boolean): Scope {
  const { world, play, host, frame } = place
  const uses = [...frame.uses].reverse()
  return stack([
    magicScope(place, ahead),
    dictScope(locals),
    dictScope(world.options.extraVars),
    ...[...frame.includeParams].reverse().map(dictScope),
    ...uses.map(use => dictScope(use.params)),
    mapScope(host.set),
    mapScope(host.included),
    ...[...frame.vars].reverse().map(dictScope),
    ...rolesOf(uses, play).map(use => dictScope(use.role.vars)),
    ...play.vars,
    factScope(host.facts),
    mapScope(host.kept),
    world.inventory.variables(host.name),
    ...rolesOf(uses, play).map(use => dictScope(use.role.defaults)),
  ])
}

/** The role a task is in first, then those around it, then every role the play makes public, last one first. */
function rolesOf(uses: readonly RoleUse[], play: PlayState): readonly RoleUse[] {
  return [...new Set([...uses, ...[...play.publicUses].reverse()])]
}

/** Ansible's paths are absolute; the project's own are relative to its root. */
export function absolute({ root }: World, path: string): string {
  if (path.startsWith('/')) return path
  return path === '.' || path === '' ? root : `${root}/${path}`
}

/** Facts are injected as ansible_<name>. */
function factScope(facts: Dict): Scope {
  return {
    get: name =>
      name.startsWith('ansible_') && Object.hasOwn(facts, name.slice(8)) ? facts[name.slice(8)] : undefined,
    names: () => Object.keys(facts).map(name => `ansible_${name}`),
  }
}

/** What tasks may ask of the way to their host though nobody says it; how a host is reached does not look here. */
function connectionScope({ host, frame }: Place): Scope {
  const { remoteUser, port } = frame.nearest
  return lazyScope({
    ansible_host: () => host.name,
    ansible_user: () => remoteUser,
    ansible_port: () => port,
  })
}

function magicScope(place: Place, ahead: boolean): Scope {
  const { world, play, host, frame } = place
  const { inventory, options } = world
  const use = currentUse(frame)
  return lazyScope({
    inventory_hostname: () => host.name,
    inventory_hostname_short: () => shortName(host.name),
    group_names: () => inventory.groupsOf(host.name).filter(group => group !== 'all'),
    groups: () => inventory.groups,
    inventory_file: () => inventory.file ?? undefined,
    inventory_dir: () => inventory.directory ?? undefined,
    playbook_dir: () => absolute(world, play.directory),
    hostvars: () => hostvars(world, play, ahead),
    ansible_facts: () => host.facts,
    ansible_check_mode: () => options.check,
    ansible_diff_mode: () => options.diff,
    ansible_verbosity: () => options.verbosity,
    ansible_forks: () => options.forks,
    ansible_run_tags: () => (options.tags.length > 0 ? [...options.tags] : ['all']),
    ansible_skip_tags: () => [...options.skipTags],
    ansible_version: () => COMPATIBLE_WITH,
    vpai_version: () => world.version,
    vpai_services: () => servicesOf(play),
    vpai_service_networks: () => serviceNetworksOf(play),
    ansible_play_name: () => play.name,
    ansible_play_hosts_all: () => [...play.allHosts],
    ansible_play_hosts: () => play.activeHosts(),
    play_hosts: () => play.activeHosts(),
    ansible_play_batch: () => play.activeBatch(),
    ansible_play_role_names: () => rolesOfPlay(play).listed,
    role_names: () => rolesOfPlay(play).listed,
    ansible_dependent_role_names: () => rolesOfPlay(play).needed,
    ansible_role_names: () => [...new Set([...rolesOfPlay(play).needed, ...rolesOfPlay(play).listed])],
    role_name: () => use?.role.name,
    ansible_role_name: () => use?.role.name,
    role_path: () => (use ? absolute(world, use.role.path) : undefined),
    ansible_parent_role_names: () =>
      frame.uses
        .slice(0, -1)
        .map(one => one.role.name)
        .reverse(),
    ansible_parent_role_paths: () =>
      frame.uses
        .slice(0, -1)
        .map(one => absolute(world, one.role.path))
        .reverse(),
    ansible_search_path: () => searchRoots(place).map(root => absolute(world, root)),
    ansible_limit: () => inventory.limit ?? undefined,
    ansible_inventory_sources: () => [...inventory.sources],
    ansible_config_file: () => world.configFile,
    // There is no Python here; plays name it for tasks on this machine, where it is not needed either.
    ansible_playbook_python: () => '/usr/bin/python3',
    environment: () => [...frame.environment],
    ansible_failed_task: () => host.failure?.task,
    ansible_failed_result: () => host.failure?.result,
    omit: () => OMIT as unknown as Value,
  })
}

/** The roles of the play, and those that they depend on. */
function rolesOfPlay({ publicUses }: PlayState): { listed: string[]; needed: string[] } {
  const below = (uses: readonly RoleUse[]): RoleUse[] =>
    uses.flatMap(({ role }) => [...role.dependencies, ...below(role.dependencies)])
  const needed = new Set(below(publicUses))
  const names = (uses: Iterable<RoleUse>) => [...uses].map(({ role }) => role.name)
  // A role that is listed twice is told twice.
  return {
    listed: names(publicUses.filter(use => !needed.has(use))),
    needed: [...new Set(names(needed))],
  }
}

/** Each host's own variables, rendered with that host's own values when looked at. */
function hostvars(world: World, play: PlayState, ahead: boolean): Value {
  const rendered = new Map<string, Value>()
  const of = (name: string): Value => {
    const host = play.hostState(name)
    const known = rendered.get(name)
    if (known !== undefined) return known
    const scope = stack([
      lazyScope({
        inventory_hostname: () => name,
        inventory_hostname_short: () => shortName(name),
        inventory_file: () => world.inventory.file ?? undefined,
        inventory_dir: () => world.inventory.directory ?? undefined,
        playbook_dir: () => absolute(world, play.directory),
        ansible_check_mode: () => world.options.check,
        ansible_version: () => COMPATIBLE_WITH,
        group_names: () => world.inventory.groupsOf(name).filter(group => group !== 'all'),
        groups: () => world.inventory.groups,
        ansible_facts: () => host.facts,
      }),
      dictScope(world.options.extraVars),
      mapScope(host.set),
      mapScope(host.included),
      factScope(host.facts),
      mapScope(host.kept),
      world.inventory.variables(name),
    ])
    const templar = new Templar({
      scope,
      secrets: world.secrets,
      lookups: world.lookups([play.directory], ahead),
      ...(world.machine ? { machine: world.machine } : {}),
      ...(ahead ? {} : { now: () => new Date(world.clock.now()), random: world.random }),
    })
    const value = new LazyMapping(
      key => {
        const raw = scope.get(key)
        return raw === undefined ? undefined : templar.value(raw)
      },
      () => [...scope.names()],
    )
    rendered.set(name, value)
    return value
  }
  return new LazyMapping(
    name => (world.inventory.hosts.includes(name) || play.knows(name) ? of(name) : undefined),
    () => [...world.inventory.hosts],
  )
}

/** A renderer for one task on one host. `ahead`: for guesses about later tasks, so nothing impure may run. */
export function templarOf(place: Place, scope: Scope, ahead = false): Templar {
  const { world, frame, host } = place
  const told = new Set<string>()
  const tell = (message: string) => {
    if (!told.has(message)) warn(world, message, { host: host.name })
    told.add(message)
  }
  // What a silent task looks up stays untold, also where the keyword is a template.
  const isSilent = Boolean(frame.nearest.noLog)
  return new Templar({
    scope,
    secrets: world.secrets,
    lookups: world.lookups(findDirectories(place, 'files'), ahead),
    ...(world.machine ? { machine: world.machine } : {}),
    loadTemplate: name => world.files.template(name, findDirectories(place, 'templates')),
    ...(ahead ? {} : { now: () => new Date(world.clock.now()), random: world.random }),
    ...(ahead || isSilent ? {} : { warn: tell }),
  })
}
