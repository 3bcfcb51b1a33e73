import {
  absolutePath,
  all,
  atLeast,
  cidr,
  domainName,
  email,
  ipAddress,
  modelName,
  not,
  tailnet,
} from '../checks.ts'
import { alphanumeric, detail, hex, made, of, themed } from '../variable.ts'

const flag = (name: string, title: string, value: boolean) =>
  of('bool', name, title, { default: value, required: true })

export const homelabVariables = themed({ theme: 'Homelab', step: 'hosts', systems: ['homelab'] }, [
  of('ip', 'TAILSCALE_IP_ADDRESS', 'Address of the machine in the tailnet', {
    required: true,
    check: all(ipAddress, tailnet),
  }),
  of('list', 'TAILSCALE_ALLOWED_IPS', 'Addresses that may reach it', {
    required: true,
    check: tailnet,
    help: 'Each inside 100.64.0.0/10.',
  }),
  of('path', 'COLD_STORAGE_PATH', 'Where data is kept', {
    default: '/cold-storage',
    required: true,
    check: absolutePath,
    help: '30 GB at least, better 50.',
  }),
  of('host', 'base_domain', 'Domain', { default: 'yourdomain.local', required: true, check: domainName }),
  detail(
    of('cidr', 'docker_subnet', 'Range of its Docker network', {
      default: '172.18.0.0/16',
      required: true,
      check: cidr,
    }),
  ),
  of('email', 'npm_admin_email', 'E-mail of the proxy administrator', {
    required: true,
    check: all(email, not('admin@example.com')),
  }),
  made('npm_admin_password', 'Password of the proxy administrator', alphanumeric(32), {
    step: 'secrets',
    check: all(atLeast(8), not('changeme')),
  }),
  made('PI_HOLE_SECURE_WEBPASSWORD', 'Password of Pi-hole', alphanumeric(32), {
    step: 'secrets',
    check: atLeast(12),
  }),
  made('webui_secret_key', 'Session key of Open WebUI', hex(64), { step: 'secrets' }),
  of('list', 'ollama_models', 'Models to pull', {
    default: ['llama2:7b', 'mistral:7b'],
    check: modelName,
    help: 'They must fit the memory of the graphics card.',
  }),
  detail(
    of('list', 'pihole_upstreams', 'Name servers Pi-hole asks', {
      default: ['1.1.1.1', '8.8.8.8'],
      required: true,
      check: ipAddress,
    }),
  ),
  flag('ai_enabled', 'AI services', true),
  flag('langfuse_enabled', 'Langfuse', false),
  flag('backup_enabled', 'Backups', true),
  detail(of('list', 'backup_destinations', 'Where backups go', { default: ['local'], required: true })),
  of('str', 'backup_recipient', 'Public key backups are encrypted for', { help: 'age1... or a GPG key.' }),
  of('map', 'alert_receivers', 'Where alerts go', {
    secret: true,
    help: 'email=..., slack=https://..., pagerduty=key',
  }),
])
