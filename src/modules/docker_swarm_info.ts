/**
 * docker_swarm_info: what a manager knows of its swarm.
 *
 * Args     nodes, services, tasks, and the *_filters of each; unlock_key, verbose_output.
 * Changes  none.
 * Errors   an engine that is no manager of a swarm: then only can_talk_to_docker, docker_swarm_active and
 *          docker_swarm_manager are told.
 * Returns  those, swarm_facts (with JoinTokens), swarm_unlock_key, and the lists asked for; with verbose_output all that
 *          docker inspect tells.
 */
import type { z } from 'zod'
import type { Dict, Value } from '../base/value.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { bool, dict } from './shared/arguments.ts'
import {
  at,
  dictAt,
  dockerArguments,
  dockerKey,
  dockerLine,
  dockerRefuses,
  jsonLines,
  problemOf,
  readInspected,
  textAt,
} from './shared/docker-cli.ts'
import { filterWords } from './shared/docker-filters.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments({
    nodes: bool().default(false),
    nodes_filters: dict().default({}),
    services: bool().default(false),
    services_filters: dict().default({}),
    tasks: bool().default(false),
    tasks_filters: dict().default({}),
    unlock_key: bool().default(false),
    verbose_output: bool().default(false),
  })
type Args = z.output<ReturnType<typeof schema>>

const LISTS = ['nodes', 'services', 'tasks'] as const
type List = (typeof LISTS)[number]

export const dockerSwarmInfo = defineModule<Args>({
  name: 'docker_swarm_info',
  summary: 'What a manager knows of its swarm',
  args: schema,
  keys: args => [infoKey(args)],
  settles: true,
  decide(args, seen): Verdict {
    const answer = seen.get(infoKey(args))
    const problem = problemOf(answer)
    if (problem !== null) return dockerRefuses('its swarm', problem)
    const swarm = jsonLines(answer.stdout)[0] ?? {}
    const isManager = at(swarm, 'ControlAvailable') === true
    const known = {
      can_talk_to_docker: true,
      docker_swarm_active: !['inactive', ''].includes(textAt(swarm, 'LocalNodeState')),
      docker_swarm_manager: isManager,
    }
    if (!isManager) return fail('this engine is no manager of a swarm', known)
    const missing = furtherKeys(args).filter(key => !seen.has(key))
    return missing.length > 0 ? { kind: 'ask', keys: missing } : told(args, seen, { known, swarm })
  },
})

const infoKey = (args: Args) => dockerKey(args, ['info', '--format', '{{json .Swarm}}'])
const unlockKey = (args: Args) => dockerKey(args, ['swarm', 'unlock-key', '--quiet'])

function tokensKey(args: Args) {
  const line = (role: string) => dockerLine(args, ['swarm', 'join-token', '--quiet', role])
  const script = `${line('worker')} && ${line('manager')}`
  return { kind: 'read', name: script, script } as const
}

/** All tasks are those of all nodes. */
function listKey(args: Args, list: List) {
  const filters = filterWords(args[`${list}_filters`])
  const line = (...words: string[]) => dockerLine(args, words)
  const script = {
    nodes: `i=$(${line('node', 'ls', '--quiet', ...filters)}) || exit 1
[ -z "$i" ] || ${line('node', 'inspect')} $i`,
    services: `i=$(${line('service', 'ls', '--quiet', ...filters)}) || exit 1
[ -z "$i" ] || ${line('service', 'inspect')} $i`,
    tasks: `n=$(${line('node', 'ls', '--quiet')}) || exit 1
i=$(${line('node', 'ps', '--quiet', '--no-trunc', ...filters)} $n) || exit 1
[ -z "$i" ] || ${line('inspect', '--type', 'task')} $i`,
  }[list]
  return { kind: 'read', name: script, script } as const
}

function furtherKeys(args: Args): Key[] {
  const lists = LISTS.filter(list => args[list]).map(list => listKey(args, list))
  return [tokensKey(args), ...(args.unlock_key ? [unlockKey(args)] : []), ...lists]
}

interface Known {
  readonly known: Dict
  readonly swarm: Dict
}

function told(args: Args, seen: Seen, { known, swarm }: Known): Verdict {
  const [Worker = '', Manager = ''] = seen.get(tokensKey(args)).stdout.trim().split('\n')
  const result: Record<string, Value> = {
    ...known,
    swarm_facts: { ...dictAt(swarm, 'Cluster'), JoinTokens: { Worker, Manager } },
  }
  if (args.unlock_key) result.swarm_unlock_key = seen.get(unlockKey(args)).stdout.trim() || null
  for (const list of LISTS.filter(one => args[one])) {
    const found = readInspected(seen.get(listKey(args, list)))
    if ('problem' in found) return dockerRefuses(list, found.problem)
    result[list] = args.verbose_output ? found.found : found.found.map(SHORT[list])
  }
  return { kind: 'ok', result }
}

const SHORT: Readonly<Record<List, (one: Dict) => Dict>> = {
  nodes: one => ({
    ID: at(one, 'ID'),
    Hostname: at(one, 'Description.Hostname'),
    Status: at(one, 'Status.State'),
    Availability: at(one, 'Spec.Availability'),
    ManagerStatus:
      at(one, 'ManagerStatus.Leader') === true ? 'Leader' : at(one, 'ManagerStatus.Reachability'),
    EngineVersion: at(one, 'Description.Engine.EngineVersion'),
  }),
  services: one => ({
    ID: at(one, 'ID'),
    Name: at(one, 'Spec.Name'),
    Image: at(one, 'Spec.TaskTemplate.ContainerSpec.Image'),
    Mode: Object.keys(dictAt(one, 'Spec.Mode'))[0] ?? null,
    Replicas: at(one, 'Spec.Mode.Replicated.Replicas'),
    Ports: at(one, 'Endpoint.Ports'),
  }),
  tasks: one => ({
    ID: at(one, 'ID'),
    Name: at(one, 'Name'),
    Image: at(one, 'Spec.ContainerSpec.Image'),
    Node: at(one, 'NodeID'),
    ServiceID: at(one, 'ServiceID'),
    DesiredState: at(one, 'DesiredState'),
    CurrentState: at(one, 'Status.State'),
    Error: at(one, 'Status.Err'),
  }),
}
