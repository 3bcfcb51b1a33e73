import { dnsLabel, domainName, gitUrl, locale, projectName, timezone } from '../checks.ts'
import { detail, of, themed } from '../variable.ts'

const project = themed({ theme: 'Project', step: 'identity', systems: ['vpai'] }, [
  of('str', 'project_name', 'Project name', {
    default: 'vpai',
    required: true,
    check: projectName,
    systems: ['vpai', 'atlas', 'homelab'],
    help: 'Names folders (/opt/<name>) and containers; cannot be changed once deployed.',
  }),
  of('str', 'project_display_name', 'Name for people', { default: 'VPAI', required: true }),
  of('str', 'project_description', 'One line of description'),
  of('url', 'project_repo_url', 'Address of its git repository', { check: gitUrl }),
  detail(of('str', 'project_repo_branch', 'Branch', { default: 'main', required: true })),
  of('str', 'timezone', 'Time zone', {
    default: 'Europe/Paris',
    required: true,
    check: timezone,
    systems: ['vpai', 'homelab'],
  }),
  of('str', 'locale', 'Locale', { default: 'fr_FR.UTF-8', required: true, check: locale }),
  of('enum', 'target_env', 'What a deploy is for when no target is given', {
    default: 'prod',
    required: true,
    choices: ['prod', 'preprod', 'workstation', 'vpn', 'app_prod'],
  }),
])

const domain = themed({ theme: 'Domain', step: 'domain', systems: ['vpai'] }, [
  of('host', 'domain_name', 'Domain', {
    required: true,
    check: domainName,
    help: 'A domain you own, such as example.org.',
  }),
  of('enum', 'domain_registrar', 'Where its DNS is kept', {
    default: 'ovh',
    required: true,
    choices: ['ovh', 'cloudflare', 'hetzner'],
    help: 'Certificates through DNS need ovh.',
  }),
  detail(
    of('str', 'dns_api_endpoint', 'Its API', {
      required: true,
      default: ({ get }) =>
        ({ cloudflare: 'api.cloudflare.com', hetzner: 'dns.hetzner.com' })[String(get('domain_registrar'))] ??
        'ovh-eu',
    }),
  ),
])

const subdomain = (name: string, title: string, value: string, help?: string) =>
  of('str', name, title, { default: value, required: true, check: dnsLabel, help })

/** Empty: the service gets no host name. */
const optionalSubdomain = (name: string, title: string, value: string) =>
  detail(of('str', name, title, { default: value, check: dnsLabel, help: 'Empty: not routed.' }))

const names = themed({ theme: 'Names below the domain', step: 'domain', systems: ['vpai'] }, [
  subdomain('admin_subdomain', 'Name of the administration', 'admin', 'OpenClaw answers at this name.'),
  detail(subdomain('grafana_subdomain', 'Name of Grafana', 'tala')),
  detail(subdomain('n8n_subdomain', 'Name of n8n', 'mayi')),
  detail(subdomain('litellm_subdomain', 'Name of LiteLLM', 'llm')),
  detail(subdomain('qdrant_subdomain', 'Name of Qdrant', 'qd')),
  optionalSubdomain('nocodb_subdomain', 'Name of NocoDB', 'hq'),
  optionalSubdomain('palais_subdomain', 'Name of Palais', 'palais'),
  optionalSubdomain('sure_subdomain', 'Name of Sure', 'nzimbu'),
  detail(subdomain('mc_subdomain', 'Name of Mission Control', 'mc', 'On the workstation.')),
  detail(subdomain('oc_subdomain', 'Name of OpenCode', 'oc', 'On the workstation.')),
  detail(subdomain('comfyui_subdomain', 'Name of ComfyUI', 'studio', 'On the workstation.')),
  detail(subdomain('remotion_subdomain', 'Name of Remotion', 're', 'On the workstation.')),
  detail(subdomain('opencut_subdomain', 'Name of OpenCut', 'cut', 'On the workstation.')),
  detail(subdomain('webhook_subdomain', 'Name webhooks come in at', 'hook', 'Public, on the VPN hub.')),
  detail(subdomain('headscale_subdomain', 'Name of Headscale', 'singa', 'Public, on the VPN hub.')),
  detail(subdomain('obsidian_subdomain', 'Name of the Obsidian store', 'biki')),
  detail(subdomain('subdomain_preprod', 'Name of the preprod copy', 'preprod')),
])

export const projectVariables = [...project, ...domain, ...names]
