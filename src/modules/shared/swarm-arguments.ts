/** The arguments of docker_swarm, and the part of the swarm's specification they ask for. */
import type { z } from 'zod'
import type { Dict, Value } from '../../base/value.ts'
import { bool, choice, int, list, text, textDict, word } from './arguments.ts'
import { dockerArguments } from './docker-cli.ts'

export const swarmSchema = () =>
  dockerArguments({
    state: choice(['present', 'join', 'absent', 'remove']).default('present'),
    advertise_addr: text().optional(),
    listen_addr: text().default('0.0.0.0:2377'),
    data_path_addr: text().optional(),
    data_path_port: int().optional(),
    default_addr_pool: list().optional(),
    subnet_size: int().optional(),
    force: bool().default(false),
    remote_addrs: list().default([]),
    join_token: text().optional(),
    node_id: word().optional(),
    name: text().optional(),
    labels: textDict().optional(),
    task_history_retention_limit: int().optional(),
    snapshot_interval: int().optional(),
    keep_old_snapshots: int().optional(),
    log_entries_for_slow_followers: int().optional(),
    heartbeat_tick: int().optional(),
    election_tick: int().optional(),
    dispatcher_heartbeat_period: int().optional(),
    node_cert_expiry: int().optional(),
    autolock_managers: bool().optional(),
    signing_ca_cert: text().optional(),
    signing_ca_key: text().optional(),
    ca_force_rotate: int().optional(),
    rotate_worker_token: bool().default(false),
    rotate_manager_token: bool().default(false),
  })
    .refine(
      ({ state, join_token, remote_addrs }) =>
        state !== 'join' || (join_token !== undefined && remote_addrs.length > 0),
      'needs join_token and remote_addrs when the state is join',
    )
    .refine(
      ({ state, node_id }) => state !== 'remove' || node_id !== undefined,
      'needs node_id when the state is remove',
    )
export type SwarmArgs = z.output<ReturnType<typeof swarmSchema>>

interface Setting {
  readonly name: keyof SwarmArgs & string
  /** Where it stands in the swarm's specification. */
  readonly path: readonly [string] | readonly [string, string]
  /** The engine does not show it again. */
  readonly hidden?: boolean
}

export const SWARM_SETTINGS: readonly Setting[] = [
  { name: 'name', path: ['Name'] },
  { name: 'labels', path: ['Labels'] },
  { name: 'task_history_retention_limit', path: ['Orchestration', 'TaskHistoryRetentionLimit'] },
  { name: 'snapshot_interval', path: ['Raft', 'SnapshotInterval'] },
  { name: 'keep_old_snapshots', path: ['Raft', 'KeepOldSnapshots'] },
  { name: 'log_entries_for_slow_followers', path: ['Raft', 'LogEntriesForSlowFollowers'] },
  { name: 'heartbeat_tick', path: ['Raft', 'HeartbeatTick'] },
  { name: 'election_tick', path: ['Raft', 'ElectionTick'] },
  { name: 'dispatcher_heartbeat_period', path: ['Dispatcher', 'HeartbeatPeriod'] },
  { name: 'node_cert_expiry', path: ['CAConfig', 'NodeCertExpiry'] },
  { name: 'ca_force_rotate', path: ['CAConfig', 'ForceRotate'] },
  { name: 'signing_ca_cert', path: ['CAConfig', 'SigningCACert'], hidden: true },
  { name: 'signing_ca_key', path: ['CAConfig', 'SigningCAKey'], hidden: true },
  { name: 'autolock_managers', path: ['EncryptionConfig', 'AutoLockManagers'] },
]

/** The specification that is there, with what the task asks for in its place. */
export function swarmSpec(args: SwarmArgs, there: Dict): Dict {
  const spec: Record<string, Value> = { ...there }
  for (const { name, path } of SWARM_SETTINGS) {
    const value = args[name] as Value | undefined
    if (value === undefined) continue
    const [group, key] = path
    const inside = spec[group]
    const rest = inside !== null && typeof inside === 'object' ? (inside as Dict) : {}
    spec[group] = key === undefined ? value : { ...rest, [key]: value }
  }
  return spec
}
