/**
 * docker_swarm_service: a service of the swarm.
 *
 * Args     name, state (present | absent), image, mode, replicas, command, args, env, env_files, mounts, networks, publish,
 *          configs, secrets, limits, placement, healthcheck, update_config …
 * Changes  the service is made, changed in place, or removed; another mode makes it anew. What the task does not say gets
 *          the engine's default when something changes.
 * Errors   the engine's own words; a secret, config or network that is not there. Values of env travel in a file. A login
 *          for a registry is not handed to the swarm: each node needs the image or a login of its own.
 * Returns  swarm_service (as docker service inspect tells), changes, rebuilt.
 */
import type { Dict, Value } from '../base/value.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { parseEnvFile } from './shared/container-env.ts'
import { covers } from './shared/container-wish.ts'
import { contentText } from './shared/content-text.ts'
import { askEngine } from './shared/docker-api.ts'
import {
  at,
  dictAt,
  dockerKey,
  dockerRefuses,
  dockerWords,
  readInspected,
  textAt,
} from './shared/docker-cli.ts'
import { fail, failedResult } from './shared/results.ts'
import { type ServiceArgs, serviceSchema } from './shared/swarm-service-arguments.ts'
import {
  type ServiceNames,
  type ServicePart,
  serviceParts,
  serviceSpec,
} from './shared/swarm-service-spec.ts'
import { unexpanded } from './shared/unexpanded.ts'

export const dockerSwarmService = defineModule<ServiceArgs>({
  name: 'docker_swarm_service',
  summary: 'A service of the swarm',
  args: serviceSchema,
  keys: args => keysOf(args),
  settles: 'force_update starts its tasks anew each time',
  decide(args, seen): Verdict {
    const found = readInspected(seen.get(serviceKey(args)))
    if ('problem' in found) return dockerRefuses(`the service ${args.name}`, found.problem)
    const service = found.found[0] ?? null
    if (args.state === 'absent') return absent(args, service)
    const names = namesOf(args, seen)
    return typeof names === 'string' ? fail(names) : present(args, service, serviceParts(args, names))
  },
})

const serviceKey = (args: ServiceArgs) => dockerKey(args, ['service', 'inspect', '--', args.name])
const contentKey = (path: string) => ({ kind: 'content', path }) as const
const networkNames = ({ networks = [] }: ServiceArgs) =>
  networks.map(one => (typeof one === 'string' ? one : one.name))

/** What is spoken of by name: its kind and its names. */
function named(
  args: ServiceArgs,
): readonly (readonly ['secret' | 'config' | 'network', readonly string[]])[] {
  return [
    ['secret', (args.secrets ?? []).map(one => one.secret_name)],
    ['config', (args.configs ?? []).map(one => one.config_name)],
    ['network', networkNames(args)],
  ]
}

function keysOf(args: ServiceArgs): Key[] {
  if (args.state === 'absent') return [serviceKey(args)]
  const asked = named(args).filter(([, names]) => names.length > 0)
  return [
    serviceKey(args),
    ...asked.map(([noun, names]) => dockerKey(args, [noun, 'inspect', '--', ...names])),
    ...args.env_files.map(contentKey),
  ]
}

/** A sentence when something is not there. */
function namesOf(args: ServiceArgs, seen: Seen): ServiceNames | string {
  const ids = {
    secret: new Map<string, string>(),
    config: new Map<string, string>(),
    network: new Map<string, string>(),
  }
  for (const [noun, names] of named(args)) {
    if (names.length === 0) continue
    const found = readInspected(seen.get(dockerKey(args, [noun, 'inspect', '--', ...names])))
    if ('problem' in found) return `docker does not tell about ${names.join(', ')}: ${found.problem}`
    for (const one of found.found) {
      const id = textAt(one, noun === 'network' ? 'Id' : 'ID')
      ids[noun].set(textAt(one, noun === 'network' ? 'Name' : 'Spec.Name'), id).set(id, id)
    }
    const missing = names.find(name => !ids[noun].has(name))
    if (missing !== undefined) return `there is no ${noun} ${missing}`
  }
  const env = envOf(args, seen)
  return typeof env === 'string'
    ? env
    : { secrets: ids.secret, configs: ids.config, networks: ids.network, env }
}

/** A sentence when a file is not there. */
function envOf({ env, env_files }: ServiceArgs, seen: Seen): readonly string[] | null | string {
  if (env === undefined && env_files.length === 0) return null
  let values: Record<string, string> = {}
  for (const path of env_files) {
    const text = contentText(seen.get(contentKey(path)), path)
    if (text === null) return `env_files: there is no file ${path} on the host`
    values = { ...values, ...parseEnvFile(text) }
  }
  const own = Array.isArray(env) ? parseEntries(env) : (env ?? {})
  return Object.entries({ ...values, ...own }).map(([name, value]) => `${name}=${value}`)
}

function parseEntries(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map(entry => [entry.split('=')[0] ?? '', entry.slice((entry.split('=')[0] ?? '').length + 1)]),
  )
}

function absent(args: ServiceArgs, service: Dict | null): Verdict {
  if (service === null) return { kind: 'ok', result: { swarm_service: {}, changes: [], rebuilt: false } }
  return {
    kind: 'change',
    changes: [{ what: 'state', subject: args.name, from: 'present', to: 'absent' }],
    apply: [removal(args)],
    result: { swarm_service: {}, changes: [], rebuilt: false },
    touches: [serviceKey(args)],
  }
}

function removal(args: ServiceArgs): Action {
  const argv = [...dockerWords(args), 'service', 'rm', args.name]
  return { do: 'run', argv, failure: `docker could not remove the service ${args.name}` }
}

function present(args: ServiceArgs, service: Dict | null, parts: readonly ServicePart[]): Verdict {
  const touches = [serviceKey(args)]
  if (service === null) {
    const changes = [{ what: 'state', subject: args.name, from: 'absent', to: 'present' }]
    return { kind: 'change', changes, apply: () => applying(args, null, { parts, changes: [] }), touches }
  }
  const differing = parts.filter(part => !isSame(part, at(service, `Spec.${part.path}`)))
  const mode = 'Global' in dictAt(service, 'Spec.Mode') ? 'global' : 'replicated'
  const changes: Change[] = [
    ...differing.map(({ option, path, want = null, isHidden }) => ({
      what: option,
      subject: args.name,
      from: isHidden ? 'other values' : at(service, `Spec.${path}`),
      to: isHidden ? 'the values given' : want,
    })),
    ...(mode === args.mode ? [] : [{ what: 'mode', subject: args.name, from: mode, to: args.mode }]),
    ...(args.force_update ? [{ what: 'force_update', subject: args.name, from: null, to: true }] : []),
  ]
  if (changes.length === 0)
    return { kind: 'ok', result: { swarm_service: service, changes: [], rebuilt: false } }
  const names = changes.map(({ what }) => what)
  return { kind: 'change', changes, apply: () => applying(args, service, { parts, changes: names }), touches }
}

function isSame({ option, want = null, isSet }: ServicePart, have: Value): boolean {
  if (option === 'image') return String(want).split('@')[0] === String(have).split('@')[0]
  if (!isSet || !Array.isArray(want)) return covers(want, have) && sameSize(want, have)
  const there = Array.isArray(have) ? (have as readonly Value[]) : []
  return want.length === there.length && want.every(one => there.some(other => covers(one, other)))
}

/** A mapping is wanted as it is, without more. */
function sameSize(want: Value, have: Value): boolean {
  const size = (value: Value) => (value !== null && typeof value === 'object' ? Object.keys(value).length : 0)
  return Array.isArray(want) || size(want) === size(have) || 'Test' in (want as object)
}

interface Work {
  readonly parts: readonly ServicePart[]
  readonly changes: readonly string[]
}

function* applying(
  args: ServiceArgs,
  service: Dict | null,
  { parts, changes }: Work,
): Generator<Action, Result, Output> {
  const anew = changes.includes('mode')
  if (anew) yield removal(args)
  const kept = Number(at(service, 'Spec.Mode.Replicated.Replicas') ?? 1)
  const spec = serviceSpec(args, parts, args.replicas >= 0 ? args.replicas : kept)
  const makes = service === null || anew
  const forced = Number(at(service, 'Spec.TaskTemplate.ForceUpdate') ?? 0) + (args.force_update ? 1 : 0)
  const body = makes
    ? spec
    : { ...spec, TaskTemplate: { ...dictAt(spec, 'TaskTemplate'), ForceUpdate: forced } }
  const query = `version=${textAt(service, 'Version.Index')}`
  const { problem } = yield* askEngine(args, {
    method: 'POST',
    path: makes ? '/services/create' : `/services/${textAt(service, 'ID')}/update?${query}`,
    body,
    failure: `docker could not ${makes ? 'make' : 'change'} the service ${args.name}`,
  })
  if (problem !== null) return failedResult(unexpanded(problem))
  const script = serviceKey(args).script
  const found = readInspected(yield { do: 'run', script, ok: 'any', readOnly: true })
  const after = 'found' in found ? (found.found[0] ?? {}) : {}
  return { swarm_service: after, changes: [...changes], rebuilt: anew }
}
