import {
  addressAndPort,
  cidr,
  cron,
  domainName,
  duration,
  durationBetween,
  hostName,
  httpsUrl,
  ipAddress,
  size,
  snapshotPattern,
} from '../checks.ts'
import { alphanumeric, type Context, detail, hex, key, made, of, themed } from '../variable.ts'

const snapshots = ({ get }: Context) => get('enable_snapshots') === true

const environments = themed({ theme: 'Incus environments', step: 'hosts', systems: ['atlas'] }, [
  of('list', 'atlas_environments', 'Environments', {
    default: ['iapetus', 'cluster01'],
    required: true,
    check: hostName,
  }),
  of('map', 'incus_remote_names', 'Incus remote of each environment', {
    help: 'environment=remote',
    default: ({ get }) => {
      const names = get('atlas_environments')
      return Array.isArray(names) ? Object.fromEntries(names.map(name => [String(name), String(name)])) : {}
    },
  }),
  of('map', 'incus_remote_addresses', 'Address of each remote', {
    help: 'environment=https://host:8443',
    check: httpsUrl,
  }),
  of('map', 'incus_remote_tokens', 'Trust token of each remote', { secret: true, help: 'environment=token' }),
  of('enum', 'network_mode', 'How instances reach the network', {
    default: 'bridge',
    required: true,
    choices: ['bridge', 'physical', 'ovn'],
  }),
  of('cidr', 'production_cidr', 'Range of production', {
    default: '10.10.0.0/24',
    required: true,
    check: cidr,
  }),
  of('cidr', 'management_cidr', 'Range of management', {
    default: '10.20.0.0/24',
    required: true,
    check: cidr,
  }),
  of('cidr', 'gitops_cidr', 'Range of GitOps', { default: '10.30.0.0/24', required: true, check: cidr }),
  of('str', 'mqtt_vip', 'Address and port of MQTT', {
    default: '10.10.0.100:1883',
    required: true,
    check: addressAndPort,
  }),
])

const disks = themed({ theme: 'Volumes and snapshots', step: 'hosts', systems: ['atlas'] }, [
  detail(of('str', 'storage_pool', 'Storage pool', { default: 'local', required: true })),
  detail(
    of('bool', 'enable_data_persistence', 'Keep data on volumes of their own', {
      default: true,
      required: true,
    }),
  ),
  detail(
    of('str', 'data_volume_size', 'Size of a volume', { default: '10GiB', required: true, check: size }),
  ),
  detail(of('bool', 'enable_snapshots', 'Take snapshots', { default: true, required: true })),
  detail(
    of('str', 'snapshot_schedule', 'When', {
      default: '0 2 * * *',
      required: true,
      check: cron,
      when: snapshots,
    }),
  ),
  detail(
    of('str', 'snapshot_name_pattern', 'How they are called', {
      default: 'snap%d',
      required: true,
      check: snapshotPattern,
      when: snapshots,
    }),
  ),
  detail(
    of('str', 'snapshots_expiry', 'How long they are kept', {
      default: '7d',
      required: true,
      check: duration,
      when: snapshots,
    }),
  ),
])

const gitops = themed({ theme: 'GitOps and tunnel', step: 'external-keys', systems: ['atlas'] }, [
  key('cloudflare_tunnel_token', 'Cloudflare tunnel token', { help: 'Needed for access over HTTP.' }),
  of('str', 'atlantis_gh_user', 'GitHub user of Atlantis', { required: true }),
  key('atlantis_gh_token', 'GitHub token of Atlantis', { required: true }),
  made('atlantis_gh_webhook_secret', 'GitHub webhook secret of Atlantis', hex(64)),
  of('list', 'atlantis_repo_allowlist', 'Repositories Atlantis serves', {
    required: true,
    help: 'github.com/owner/name',
  }),
  of('url', 'atlantis_url', 'Address of Atlantis', { required: true, check: httpsUrl }),
  of('url', 'forgejo_url', 'Address of Forgejo', { check: httpsUrl }),
  detail(
    of('list', 'forgejo_runner_labels', 'Labels of its runner', {
      default: ['debian-trixie:host', 'linux_amd64:host'],
    }),
  ),
  detail(of('str', 'forgejo_runner_version', 'Version of its runner', { default: '6.2.2', required: true })),
  key('FORGEJO_RUNNER_TOKEN', 'Registration token of its runner', {
    detail: true,
    help: 'May stay empty and be given when it is registered.',
  }),
])

const services = themed({ theme: 'Services of Atlas', step: 'hosts', systems: ['atlas'] }, [
  of('str', 'step_ca_name', 'Name of the certificate authority', {
    default: 'Atlas Internal CA',
    required: true,
  }),
  of('list', 'step_ca_dns', 'Host names of the certificate authority', { check: hostName }),
  made('step_ca_password', 'Password of the certificate authority', alphanumeric(40), {
    step: 'secrets',
    forever: true,
  }),
  detail(
    of('str', 'cert_duration', 'How long certificates live', {
      default: '24h',
      required: true,
      check: durationBetween('1h', '168h'),
    }),
  ),
  detail(
    of('str', 'loki_retention', 'How long logs are kept', {
      default: '720h',
      required: true,
      check: duration,
    }),
  ),
  detail(
    of('str', 'prometheus_retention', 'How long metrics are kept', {
      default: '30d',
      required: true,
      check: duration,
    }),
  ),
  of('map', 'mosquitto_users', 'MQTT users and their passwords', {
    secret: true,
    help: 'user=password; none: anybody may connect.',
  }),
  of('host', 'coredns_domain', 'Internal domain', { check: domainName }),
  detail(of('list', 'coredns_records', 'Records of its own', { help: 'name=address' })),
  detail(
    of('list', 'coredns_upstreams', 'Name servers to ask', {
      default: ['1.1.1.1', '1.0.0.1'],
      required: true,
      check: ipAddress,
    }),
  ),
  of('map', 'alertmanager_receivers', 'Where alerts go', {
    secret: true,
    help: 'name=https://... or name=address',
  }),
])

export const atlasVariables = [...environments, ...disks, ...services, ...gitops]
