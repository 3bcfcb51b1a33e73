/**
 * docker_swarm: this engine's part in a swarm.
 *
 * Args     state present (a swarm of its own, with these settings) | join | absent | remove (another node, by node_id),
 *          advertise_addr, listen_addr, remote_addrs, join_token, force, and the settings of the swarm.
 * Changes  the swarm is begun, changed in place, joined or left. force begins it anew, or leaves with what only this node
 *          has.
 * Errors   the engine's own words. Tokens and keys travel in a file, never as arguments.
 * Returns  swarm_facts (JoinTokens, and UnlockKey when managers are locked), actions.
 */
import type { Dict, Value } from '../base/value.ts'
import type { Seen } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { covers } from './shared/container-wish.ts'
import { type ApiRequest, askEngine } from './shared/docker-api.ts'
import {
  at,
  dictAt,
  dockerKey,
  dockerLine,
  dockerRefuses,
  jsonLines,
  problemOf,
  readInspected,
  textAt,
} from './shared/docker-cli.ts'
import { fail, failedResult } from './shared/results.ts'
import { SWARM_SETTINGS, type SwarmArgs, swarmSchema, swarmSpec } from './shared/swarm-arguments.ts'

export const dockerSwarm = defineModule<SwarmArgs>({
  name: 'docker_swarm',
  summary: "This engine's part in a swarm",
  args: swarmSchema,
  keys: args => [infoKey(args), ...(args.state === 'remove' ? [nodeKey(args)] : [])],
  settles:
    'rotate_worker_token, rotate_manager_token, signing_ca_key and force act each time they are asked for',
  decide(args, seen): Verdict {
    const answer = seen.get(infoKey(args))
    const problem = problemOf(answer)
    if (problem !== null) return dockerRefuses('its swarm', problem)
    const swarm = jsonLines(answer.stdout)[0] ?? {}
    switch (args.state) {
      case 'present':
        return present(args, swarm, seen)
      case 'join':
        return isMember(swarm)
          ? { kind: 'ok', result: { actions: [] } }
          : change(args, [joins(args)], [joining(args)])
      case 'absent':
        return isMember(swarm)
          ? change(args, [leaves(swarm)], [leaving(args)])
          : { kind: 'ok', result: { actions: [] } }
      case 'remove':
        return removal(args, swarm, seen)
    }
  },
})

const infoKey = (args: SwarmArgs) => dockerKey(args, ['info', '--format', '{{json .Swarm}}'])
const nodeKey = (args: SwarmArgs) => dockerKey(args, ['node', 'inspect', '--', args.node_id ?? ''])

/** Tokens, one a line; the key to unlock managers with, when they are locked. */
function factsKey(args: SwarmArgs) {
  const line = (...words: string[]) => dockerLine(args, ['swarm', ...words])
  const script = `${line('join-token', '-q', 'worker')} && ${line('join-token', '-q', 'manager')} && { ${line('unlock-key', '-q')} 2>/dev/null || :; }`
  return { kind: 'read', name: script, script } as const
}

function isMember(swarm: Dict): boolean {
  return !['inactive', ''].includes(textAt(swarm, 'LocalNodeState'))
}

function present(args: SwarmArgs, swarm: Dict, seen: Seen): Verdict {
  if (!isMember(swarm) || args.force) {
    const from = isMember(swarm) ? 'member' : 'none'
    return change(args, [{ what: 'swarm', subject: 'swarm', from, to: 'manager' }], [initing(args)])
  }
  if (at(swarm, 'ControlAvailable') !== true)
    return fail(
      `this node is no manager of its swarm (${textAt(swarm, 'LocalNodeState')}), so it cannot change it`,
    )
  const changes = [...differences(args, dictAt(swarm, 'Cluster')), ...rotations(args)]
  if (changes.length > 0) return change(args, changes, [updating(args, dictAt(swarm, 'Cluster'))])
  const key = factsKey(args)
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  return { kind: 'ok', result: { swarm_facts: readFacts(seen.get(key).stdout), actions: [] } }
}

function differences(args: SwarmArgs, cluster: Dict): Change[] {
  return SWARM_SETTINGS.flatMap(({ name, path, hidden }): Change[] => {
    const want = args[name] as Value | undefined
    const have =
      name === 'signing_ca_cert'
        ? textAt(cluster, 'TLSInfo.TrustRoot').trim()
        : at(cluster, `Spec.${path.join('.')}`)
    const wanted = typeof want === 'string' ? want.trim() : want
    if (want === undefined || covers(wanted, have)) return []
    if (name === 'signing_ca_key' && args.signing_ca_cert === undefined) return []
    // A key is never shown; it belongs to its certificate.
    if (
      name === 'signing_ca_key' &&
      covers(args.signing_ca_cert?.trim(), textAt(cluster, 'TLSInfo.TrustRoot').trim())
    )
      return []
    return [{ what: name, subject: 'swarm', from: hidden ? 'another' : have, to: hidden ? 'given' : want }]
  })
}

function rotations(args: SwarmArgs): Change[] {
  const rotated = (['rotate_worker_token', 'rotate_manager_token'] as const).filter(name => args[name])
  return rotated.map(what => ({ what, subject: 'swarm', from: null, to: 'another token' }))
}

const joins = (args: SwarmArgs): Change => ({
  what: 'swarm',
  subject: args.remote_addrs.join(', '),
  from: 'none',
  to: 'member',
})

const leaves = (swarm: Dict): Change => ({
  what: 'swarm',
  subject: textAt(swarm, 'NodeID') || 'swarm',
  from: 'member',
  to: 'none',
})

function removal(args: SwarmArgs, swarm: Dict, seen: Seen): Verdict {
  if (at(swarm, 'ControlAvailable') !== true) return fail('only a manager of the swarm can remove a node')
  const found = readInspected(seen.get(nodeKey(args)))
  if ('problem' in found) return dockerRefuses(`the node ${args.node_id}`, found.problem)
  const [node] = found.found
  if (node === undefined) return { kind: 'ok', result: { actions: [] } }
  if (!args.force && textAt(node, 'Status.State') !== 'down')
    return fail(`the node ${args.node_id} is not down; force: true removes it all the same`)
  const request: ApiRequest = {
    method: 'DELETE',
    path: `/nodes/${textAt(node, 'ID')}?force=${args.force}`,
    failure: `docker could not remove the node ${args.node_id}`,
  }
  return change(
    args,
    [{ what: 'node', subject: args.node_id ?? '', from: 'present', to: 'absent' }],
    [request],
  )
}

function addresses(args: SwarmArgs): Dict {
  return {
    ListenAddr: args.listen_addr,
    ...(args.advertise_addr === undefined ? {} : { AdvertiseAddr: args.advertise_addr }),
    ...(args.data_path_addr === undefined ? {} : { DataPathAddr: args.data_path_addr }),
  }
}

function initing(args: SwarmArgs): ApiRequest {
  const body = {
    ...addresses(args),
    ...(args.data_path_port === undefined ? {} : { DataPathPort: args.data_path_port }),
    ...(args.default_addr_pool === undefined ? {} : { DefaultAddrPool: args.default_addr_pool }),
    ...(args.subnet_size === undefined ? {} : { SubnetSize: args.subnet_size }),
    ForceNewCluster: args.force,
    Spec: swarmSpec(args, {}),
  }
  return { method: 'POST', path: '/swarm/init', body, failure: 'docker could not begin a swarm' }
}

function updating(args: SwarmArgs, cluster: Dict): ApiRequest {
  const query = [
    `version=${textAt(cluster, 'Version.Index')}`,
    `rotateWorkerToken=${args.rotate_worker_token}`,
    `rotateManagerToken=${args.rotate_manager_token}`,
  ]
  return {
    method: 'POST',
    path: `/swarm/update?${query.join('&')}`,
    body: swarmSpec(args, dictAt(cluster, 'Spec')),
    failure: 'docker could not change the swarm',
  }
}

function joining(args: SwarmArgs): ApiRequest {
  const body = { ...addresses(args), RemoteAddrs: args.remote_addrs, JoinToken: args.join_token ?? '' }
  return { method: 'POST', path: '/swarm/join', body, failure: 'docker could not join the swarm' }
}

function leaving(args: SwarmArgs): ApiRequest {
  const path = `/swarm/leave?force=${args.force}`
  return { method: 'POST', path, failure: 'docker could not leave the swarm' }
}

function change(args: SwarmArgs, changes: readonly Change[], requests: readonly ApiRequest[]): Verdict {
  return { kind: 'change', changes, apply: () => carryOut(args, requests), touches: [infoKey(args)] }
}

function* carryOut(args: SwarmArgs, requests: readonly ApiRequest[]): Generator<Action, Result, Output> {
  for (const request of requests) {
    const { problem } = yield* askEngine(args, request)
    if (problem !== null) return failedResult(problem)
  }
  const actions = requests.map(({ method, path }) => `${method} ${path.split('?')[0]}`)
  if (args.state !== 'present') return { actions }
  const { stdout } = yield { do: 'run', script: factsKey(args).script, ok: 'any', readOnly: true }
  return { swarm_facts: readFacts(stdout), actions }
}

function readFacts(stdout: string): Dict {
  const [worker = '', manager = '', key = ''] = stdout.trim().split('\n')
  return { JoinTokens: { Worker: worker, Manager: manager }, ...(key === '' ? {} : { UnlockKey: key }) }
}
