/** The arguments of docker_container, as Ansible documents them. */
import { z } from 'zod'
import {
  argumentsOf,
  bool,
  choice,
  dict,
  float,
  int,
  list,
  listOf,
  path,
  text,
  textDict,
  word,
} from './arguments.ts'
import { CONNECTION_ALIASES, connectionShape } from './docker-cli.ts'
import { duration, quotedTexts, size, sizeOrUnlimited } from './docker-values.ts'
import { withoutEffect } from './honoured.ts'
import { mountSchema } from './mount-arguments.ts'

const network = () =>
  argumentsOf({
    name: word(),
    ipv4_address: word().optional(),
    ipv6_address: word().optional(),
    aliases: list().optional(),
    links: list().optional(),
    mac_address: word().optional(),
    driver_opts: textDict().optional(),
    gw_priority: int().optional(),
  })
export type WantedNetwork = z.output<ReturnType<typeof network>>

const healthcheck = () =>
  argumentsOf({
    test: z.union([text(), listOf(text())]).optional(),
    test_cli_compatible: bool().default(false),
    interval: duration().optional(),
    timeout: duration().optional(),
    start_period: duration().optional(),
    start_interval: duration().optional(),
    retries: int().optional(),
  }).refine(
    ({ test }) => !Array.isArray(test) || ['NONE', 'CMD', 'CMD-SHELL'].includes(test[0] ?? ''),
    'test: a list begins with NONE, CMD or CMD-SHELL',
  )
export type WantedHealthcheck = z.output<ReturnType<typeof healthcheck>>

const limit = <Rate extends z.ZodType>(rate: Rate) => listOf(argumentsOf({ path: word(), rate }))

const deviceRequest = () =>
  argumentsOf({
    capabilities: z
      .array(listOf(text()))
      .max(1, 'docker takes one list of capabilities for each request')
      .optional(),
    count: int().optional(),
    device_ids: list().optional(),
    driver: text().optional(),
    options: textDict().optional(),
  }).refine(
    ({ capabilities }) => capabilities === undefined || (capabilities[0] ?? []).includes('gpu'),
    'capabilities: the docker program asks for none without gpu among them',
  )
export type WantedDeviceRequest = z.output<ReturnType<typeof deviceRequest>>

/** What the container is like: each of these may be compared with one that is there. */
const optionShape = () => ({
  auto_remove: bool().optional(),
  blkio_weight: int().optional(),
  capabilities: list().optional(),
  cap_drop: list().optional(),
  cgroupns_mode: choice(['private', 'host']).optional(),
  cgroup_parent: text().optional(),
  command: z.union([text(), listOf(text())]).optional(),
  cpu_period: int().optional(),
  cpu_quota: int().optional(),
  cpus: float().optional(),
  cpuset_cpus: text().optional(),
  cpuset_mems: text().optional(),
  cpu_shares: int().optional(),
  devices: list().optional(),
  device_read_bps: limit(size()).optional(),
  device_write_bps: limit(size()).optional(),
  device_read_iops: limit(int()).optional(),
  device_write_iops: limit(int()).optional(),
  device_requests: listOf(deviceRequest()).optional(),
  device_cgroup_rules: list().optional(),
  dns_opts: list().optional(),
  dns_servers: list().optional(),
  dns_search_domains: list().optional(),
  domainname: text().optional(),
  entrypoint: list().optional(),
  env: quotedTexts().optional(),
  env_file: path().optional(),
  etc_hosts: textDict().optional(),
  exposed_ports: list().optional(),
  groups: list().optional(),
  healthcheck: healthcheck().optional(),
  hostname: text().optional(),
  image: word().optional(),
  init: bool().optional(),
  interactive: bool().optional(),
  ipc_mode: text().optional(),
  kernel_memory: size().optional(),
  labels: quotedTexts().optional(),
  links: list().optional(),
  log_driver: word().optional(),
  log_options: textDict().optional(),
  mac_address: word().optional(),
  memory: size().optional(),
  memory_reservation: size().optional(),
  memory_swap: sizeOrUnlimited().optional(),
  memory_swappiness: int().optional(),
  mounts: listOf(mountSchema()).optional(),
  network_mode: word().optional(),
  networks: listOf(network()).optional(),
  oom_killer: bool().optional(),
  oom_score_adj: int().optional(),
  pid_mode: text().optional(),
  pids_limit: int().optional(),
  platform: word().optional(),
  privileged: bool().optional(),
  publish_all_ports: bool().optional(),
  published_ports: list().optional(),
  read_only: bool().optional(),
  restart_policy: choice(['no', 'on-failure', 'always', 'unless-stopped']).optional(),
  restart_retries: int().optional(),
  runtime: word().optional(),
  security_opts: list().optional(),
  shm_size: size().optional(),
  stop_signal: word().optional(),
  stop_timeout: int().optional(),
  storage_opts: textDict().optional(),
  sysctls: textDict().optional(),
  tmpfs: list().optional(),
  tty: bool().optional(),
  ulimits: listOf(text().refine(one => /^\w+(:-?\d+){1,2}$/.test(one), 'must be name:soft:hard')).optional(),
  user: text().optional(),
  userns_mode: text().optional(),
  uts: text().optional(),
  volume_driver: text().optional(),
  volumes: list().optional(),
  volumes_from: list().optional(),
  working_dir: text().optional(),
})

/** What is to be done with it. */
const actionShape = () => ({
  name: word(),
  state: choice(['absent', 'present', 'started', 'stopped', 'healthy']).default('started'),
  cleanup: bool().default(false),
  command_handling: choice(['compatibility', 'correct']).default('correct'),
  comparisons: dict().default({}),
  container_default_behavior: choice(['compatibility', 'no_defaults']).default('no_defaults'),
  default_host_ip: text().optional(),
  detach: bool().optional(),
  force_kill: bool().default(false),
  healthy_wait_timeout: float().default(300),
  ignore_image: bool().default(false),
  image_comparison: choice(['desired-image', 'current-image']).default('desired-image'),
  image_label_mismatch: choice(['ignore', 'fail']).default('ignore'),
  image_name_mismatch: choice(['recreate', 'ignore']).default('recreate'),
  keep_volumes: bool().default(true),
  kill_signal: word().optional(),
  networks_cli_compatible: bool().default(true),
  output_logs: withoutEffect(
    bool().default(false),
    'what it printed is in the result, and goes to no log of the host',
  ),
  paused: bool().optional(),
  pull: z
    .preprocess(
      value => (value === true ? 'always' : value === false ? 'missing' : value),
      choice(['never', 'missing', 'always', 'yes', 'no']),
    )
    .transform(value => (value === 'yes' ? 'always' : value === 'no' ? 'missing' : value))
    .default('missing'),
  pull_check_mode_behavior: choice(['image_not_present', 'always']).default('image_not_present'),
  purge_networks: bool().default(false),
  recreate: bool().default(false),
  removal_wait_timeout: float().optional(),
  restart: bool().default(false),
})

export const containerSchema = () =>
  argumentsOf(
    { ...actionShape(), ...optionShape(), ...connectionShape() },
    {
      ...CONNECTION_ALIASES,
      exposed: 'exposed_ports',
      expose: 'exposed_ports',
      forcekill: 'force_kill',
      log_opt: 'log_options',
      ports: 'published_ports',
    },
  )
    .refine(
      args => args.log_options === undefined || args.log_driver !== undefined,
      'log_options needs log_driver',
    )
    .refine(
      args => args.restart_retries === undefined || args.restart_policy !== undefined,
      'restart_retries needs restart_policy',
    )
export type ContainerArgs = z.output<ReturnType<typeof containerSchema>>

const COMPATIBLE = {
  auto_remove: false,
  detach: true,
  init: false,
  interactive: false,
  memory: '0',
  paused: false,
  privileged: false,
  read_only: false,
  tty: false,
} as const

/** With the defaults that container_default_behavior: compatibility stands for. */
export function withDefaults(args: ContainerArgs): ContainerArgs {
  if (args.container_default_behavior === 'no_defaults') return args
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))
  return { ...COMPATIBLE, ...(given as ContainerArgs) }
}
