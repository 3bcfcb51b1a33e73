/** The arguments of docker_swarm_service, as Ansible documents them. */
import { z } from 'zod'
import {
  argumentsOf,
  bool,
  choice,
  float,
  int,
  list,
  listOf,
  path,
  text,
  textDict,
  word,
} from './arguments.ts'
import { dockerArguments } from './docker-cli.ts'
import { duration, quotedTexts, size } from './docker-values.ts'
import { only } from './honoured.ts'

/** Where a secret or config stands in the containers. */
const place = () => ({
  filename: text().optional(),
  uid: text().optional(),
  gid: text().optional(),
  mode: int().optional(),
})

const mount = () =>
  argumentsOf({
    target: word(),
    source: text().optional(),
    type: choice(['bind', 'volume', 'tmpfs', 'npipe']).default('bind'),
    readonly: bool().optional(),
    labels: textDict().optional(),
    propagation: choice(['shared', 'slave', 'private', 'rshared', 'rslave', 'rprivate']).optional(),
    no_copy: bool().optional(),
    driver_config: argumentsOf({ name: text().optional(), options: textDict().optional() }).optional(),
    tmpfs_size: size().optional(),
    tmpfs_mode: int().optional(),
  }).refine(({ type, source }) => type === 'tmpfs' || source !== undefined, 'needs source for this type')
export type ServiceMount = z.output<ReturnType<typeof mount>>

const network = () =>
  argumentsOf({ name: word(), aliases: list().optional(), options: textDict().optional() })

const amounts = () => argumentsOf({ cpus: float().optional(), memory: size().optional() })

const rolling = <const Actions extends readonly [string, ...string[]]>(actions: Actions) =>
  argumentsOf({
    parallelism: int().optional(),
    delay: duration().optional(),
    failure_action: choice(actions).optional(),
    monitor: duration().optional(),
    max_failure_ratio: float().optional(),
    order: choice(['start-first', 'stop-first']).optional(),
  })

const healthcheck = () =>
  argumentsOf({
    test: z.union([text(), listOf(text())]).optional(),
    interval: duration().optional(),
    timeout: duration().optional(),
    start_period: duration().optional(),
    retries: int().optional(),
  })

const publish = () =>
  argumentsOf({
    published_port: int().optional(),
    target_port: int(),
    protocol: choice(['tcp', 'udp']).default('tcp'),
    mode: choice(['ingress', 'host']).optional(),
  })

export const serviceSchema = () =>
  dockerArguments({
    name: word(),
    state: choice(['present', 'absent']).default('present'),
    image: word().optional(),
    args: list().optional(),
    command: z.union([text(), listOf(text())]).optional(),
    configs: listOf(
      argumentsOf({ config_id: word().optional(), config_name: word(), ...place() }),
    ).optional(),
    secrets: listOf(
      argumentsOf({ secret_id: word().optional(), secret_name: word(), ...place() }),
    ).optional(),
    container_labels: quotedTexts().optional(),
    labels: quotedTexts().optional(),
    cap_add: list().optional(),
    cap_drop: list().optional(),
    dns: list().optional(),
    dns_search: list().optional(),
    dns_options: list().optional(),
    endpoint_mode: choice(['vip', 'dnsrr']).optional(),
    env: z.union([listOf(text()), quotedTexts()]).optional(),
    env_files: listOf(path()).default([]),
    force_update: bool().default(false),
    groups: list().optional(),
    healthcheck: healthcheck().optional(),
    hostname: text().optional(),
    hosts: textDict().optional(),
    init: bool().optional(),
    limits: amounts().optional(),
    reservations: amounts().optional(),
    logging: argumentsOf({ driver: text().optional(), options: textDict().optional() }).optional(),
    mode: choice(['replicated', 'global']).default('replicated'),
    mounts: listOf(mount()).optional(),
    networks: listOf(z.union([text(), network()])).optional(),
    placement: argumentsOf({
      constraints: list().optional(),
      preferences: listOf(textDict()).optional(),
      replicas_max_per_node: int().optional(),
    }).optional(),
    publish: listOf(publish()).optional(),
    read_only: bool().optional(),
    replicas: int().default(-1),
    resolve_image: only(
      bool(),
      wanted => !wanted,
      'force_update: true lets the swarm look for a newer image',
    ).default(false),
    restart_config: argumentsOf({
      condition: choice(['none', 'on-failure', 'any']).optional(),
      delay: duration().optional(),
      max_attempts: int().optional(),
      window: duration().optional(),
    }).optional(),
    rollback_config: rolling(['continue', 'pause']).optional(),
    update_config: rolling(['continue', 'pause', 'rollback']).optional(),
    stop_grace_period: duration().optional(),
    stop_signal: text().optional(),
    sysctls: textDict().optional(),
    tty: bool().optional(),
    user: text().optional(),
    working_dir: text().optional(),
  }).refine(
    ({ state, image }) => state === 'absent' || image !== undefined,
    'needs image when the state is present',
  )
export type ServiceArgs = z.output<ReturnType<typeof serviceSchema>>
