/** What several answers say together. */
import { isInside, overlaps } from './network.ts'
import type { Context } from './variable.ts'
import { SERVICE_LIMITS } from './variables/limits.ts'

export interface Finding {
  /** The variables it is about; the first is the one to look at. */
  readonly names: readonly string[]
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly severity: 'error' | 'warning'
}

export function crossChecks(context: Context): readonly Finding[] {
  const { systems } = context
  return [
    ...localDomains(context),
    ...(systems.includes('vpai') ? VPAI.flatMap(check => check(context)) : []),
    ...(systems.includes('atlas') ? ATLAS.flatMap(check => check(context)) : []),
    ...(systems.includes('homelab') ? largeModels(context) : []),
  ]
}

type CrossCheck = (context: Context) => readonly Finding[]

const VPAI: readonly CrossCheck[] = [
  context => sameTwice(context, SUBDOMAINS, 'WIZARD_SUBDOMAIN_TWICE'),
  context => sameTwice(context, ['s3_bucket_backups', 's3_bucket_shared'], 'WIZARD_BUCKET_TWICE'),
  context => overlapping(context, [...NETWORKS.map(name => `docker_${name}_subnet`), 'vpn_network_cidr']),
  ports,
  budgets,
  thresholds,
  webServer,
  memorySum,
]

const ATLAS: readonly CrossCheck[] = [
  context => overlapping(context, ['production_cidr', 'management_cidr', 'gitops_cidr']),
  mqtt,
]

const SUBDOMAINS = [
  ...[
    'admin',
    'grafana',
    'n8n',
    'litellm',
    'qdrant',
    'nocodb',
    'palais',
    'sure',
    'mc',
    'oc',
    'comfyui',
    'remotion',
    'opencut',
  ],
  ...['webhook', 'headscale', 'obsidian'],
]
  .map(name => `${name}_subdomain`)
  .concat('subdomain_preprod')

const NETWORKS = ['frontend', 'backend', 'monitoring', 'egress', 'sandbox']

function text(context: Context, name: string): string {
  const value = context.get(name)
  return typeof value === 'string' ? value : ''
}

function number(context: Context, name: string): number {
  const value = context.get(name)
  return typeof value === 'number' ? value : 0
}

function error(code: string, names: readonly string[], message: string, hint?: string): Finding {
  return { code, names, message, hint, severity: 'error' }
}

function warning(code: string, names: readonly string[], message: string, hint?: string): Finding {
  return { code, names, message, hint, severity: 'warning' }
}

function sameTwice(context: Context, names: readonly string[], code: string): readonly Finding[] {
  const seen = new Map<string, string>()
  return names.flatMap(name => {
    const value = text(context, name)
    const former = seen.get(value)
    if (value === '' || former === undefined) {
      seen.set(value, name)
      return []
    }
    return [error(code, [name, former], `${name} is ${value}, and so is ${former}; they must differ`)]
  })
}

function overlapping(context: Context, names: readonly string[]): readonly Finding[] {
  return names.flatMap((name, index) =>
    names.slice(0, index).flatMap(other => {
      const [one, two] = [text(context, name), text(context, other)]
      return overlaps(one, two)
        ? [error('WIZARD_SUBNET_OVERLAP', [name, other], `${name} (${one}) overlaps ${other} (${two})`)]
        : []
    }),
  )
}

/** Ports that something listens on at the same machine. */
const TAKEN: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  prod_ssh_port: { 80: 'the web server', 443: 'the web server', 8080: 'cAdvisor', 9100: 'the node exporter' },
  vpn_ssh_port: {
    80: 'the webhook relay',
    443: 'Headscale',
    3001: 'Uptime Kuma',
    4096: 'Zerobyte',
    5984: 'CouchDB',
    8080: 'Headscale',
    9090: 'Headscale',
    50443: 'Headscale',
  },
}

function ports(context: Context): readonly Finding[] {
  return Object.entries(TAKEN).flatMap(([name, taken]) => {
    const user = taken[number(context, name)]
    return user === undefined
      ? []
      : [error('WIZARD_PORT_TAKEN', [name], `${name} is ${number(context, name)}, which ${user} uses`)]
  })
}

function budgets(context: Context): readonly Finding[] {
  const names = ['anthropic', 'openai', 'openrouter', 'google'].map(
    provider => `litellm_${provider}_budget_daily`,
  )
  const sum = names.reduce((total, name) => total + number(context, name), 0)
  const most = number(context, 'litellm_budget_global_daily')
  if (sum <= most + 1e-9) return []
  const message = `the budgets of the providers add up to ${sum.toFixed(2)}, more than the ${most.toFixed(2)} of litellm_budget_global_daily`
  return [
    warning(
      'WIZARD_BUDGET_SUM',
      ['litellm_budget_global_daily', ...names],
      message,
      'the global budget stops them first',
    ),
  ]
}

function thresholds(context: Context): readonly Finding[] {
  const names = ['litellm_budget_alert_warning', 'litellm_budget_alert_critical']
  const [warn, critical] = names.map(name => number(context, name))
  return (warn ?? 0) < (critical ?? 0)
    ? []
    : [error('WIZARD_THRESHOLDS', names, `${names[0]} (${warn}) must be below ${names[1]} (${critical})`)]
}

function webServer(context: Context): readonly Finding[] {
  const findings: Finding[] = []
  const [trusted, frontend] = ['caddy_docker_frontend_cidr', 'docker_frontend_subnet']
  if (text(context, trusted) !== text(context, frontend)) {
    findings.push(
      error(
        'WIZARD_FRONTEND',
        [trusted, frontend],
        `${trusted} must be the same as ${frontend} (${text(context, frontend)})`,
      ),
    )
  }
  for (const implied of ['caddy_acme_dns01', 'caddy_no_port80', 'caddy_webhook_relay']) {
    if (context.get('caddy_vpn_only_mode') !== true || context.get(implied) === true) continue
    findings.push(
      error(
        'WIZARD_VPN_ONLY',
        [implied, 'caddy_vpn_only_mode'],
        `caddy_vpn_only_mode needs ${implied}: true`,
      ),
    )
  }
  if (context.get('caddy_acme_dns01') === true && text(context, 'domain_registrar') !== 'ovh') {
    findings.push(
      error(
        'WIZARD_DNS01',
        ['caddy_acme_dns01', 'domain_registrar'],
        'certificates through DNS (caddy_acme_dns01) need domain_registrar: ovh',
      ),
    )
  }
  if (context.get('hardening_vpn_only_mode') === true && context.get('hardening_ssh_force_open') === true) {
    const names = ['hardening_ssh_force_open', 'hardening_vpn_only_mode']
    findings.push(
      warning(
        'WIZARD_SSH_OPEN',
        names,
        'hardening_ssh_force_open keeps SSH open to the internet in spite of hardening_vpn_only_mode',
      ),
    )
  }
  return findings
}

function localDomains(context: Context): readonly Finding[] {
  return ['domain_name', 'base_domain', 'coredns_domain']
    .filter(name => /\.(local|lan|home|internal)$/i.test(text(context, name)) && name !== 'coredns_domain')
    .map(name =>
      warning(
        'WIZARD_LOCAL_DOMAIN',
        [name],
        `${name} (${text(context, name)}) is no public domain: no public certificate can be had for it`,
        'use a domain you own with certificates through DNS, or an authority of your own',
      ),
    )
}

function memorySum(context: Context): readonly Finding[] {
  const running = SERVICE_LIMITS.filter(
    limit => limit.switch === undefined || context.get(limit.switch) !== false,
  )
  const sum = running.reduce(
    (total, { service }) => total + megabytes(text(context, `${service}_memory_limit`)),
    0,
  )
  const ram = number(context, 'prod_ram_gb') * 1024
  if (sum <= ram) return []
  const message = `the memory limits of the containers add up to ${sum} MB, more than the ${ram} MB of prod_ram_gb`
  return [
    warning(
      'WIZARD_MEMORY_SUM',
      ['prod_ram_gb'],
      message,
      'fine while they do not all peak at once; lower some limits or switch services off',
    ),
  ]
}

function megabytes(limit: string): number {
  const amount = Number.parseInt(limit, 10)
  return Number.isNaN(amount) ? 0 : amount * (/g$/i.test(limit) ? 1024 : 1)
}

function mqtt(context: Context): readonly Finding[] {
  const findings: Finding[] = []
  const address = text(context, 'mqtt_vip').replace(/:\d+$/, '')
  if (address !== '' && !isInside(address, text(context, 'production_cidr'))) {
    findings.push(
      error(
        'WIZARD_MQTT',
        ['mqtt_vip', 'production_cidr'],
        `mqtt_vip (${address}) must lie inside production_cidr (${text(context, 'production_cidr')})`,
      ),
    )
  }
  const users = context.get('mosquitto_users')
  if (users === undefined || users === null || Object.keys(users).length === 0) {
    findings.push(
      warning(
        'WIZARD_MQTT_ANONYMOUS',
        ['mosquitto_users'],
        'there are no mosquitto_users: anybody who reaches MQTT may read and write',
      ),
    )
  }
  return findings
}

function largeModels(context: Context): readonly Finding[] {
  const models = context.get('ollama_models')
  const large = (Array.isArray(models) ? models : []).filter(
    model => Number(/:(\d+)b/.exec(String(model))?.[1] ?? 0) > 13,
  )
  if (large.length === 0) return []
  return [
    warning(
      'WIZARD_MODEL_SIZE',
      ['ollama_models'],
      `${large.join(', ')} will not fit a graphics card with 12 GB`,
    ),
  ]
}
