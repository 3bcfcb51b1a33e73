import {
  absolutePath,
  cidrOrIp,
  hostName,
  ipAddress,
  loginName,
  publicIp,
  serverType,
  sshPublicKey,
  within,
} from '../checks.ts'
import { type Context, detail, key, of, type Spec, themed } from '../variable.ts'

const PORT = [1, 65535] as const
const MACHINE = [1, 1_000_000] as const

const prod = themed({ theme: 'Production server', step: 'hosts', systems: ['vpai'] }, [
  detail(of('str', 'prod_provider', 'Provider', { default: 'ovh', required: true })),
  of('host', 'prod_hostname', 'Host name', { default: 'vps-prod-01', required: true, check: hostName }),
  of('ip', 'prod_ip', 'Public address', { required: true, check: publicIp }),
  of('int', 'prod_ssh_port', 'SSH port', {
    default: 2222,
    required: true,
    range: PORT,
    check: text => (['80', '443'].includes(text) ? 'must not be a port of the web server' : undefined),
  }),
  of('str', 'prod_user', 'Login of the deploying user', {
    default: 'deploy',
    required: true,
    check: (text, context) =>
      text === 'root' ? 'must not be root: hardening closes root logins' : loginName(text, context),
  }),
  detail(of('str', 'prod_os', 'Operating system', { default: 'debian-13', required: true })),
  of('int', 'prod_ram_gb', 'Memory in GB', { default: 8, required: true, range: MACHINE }),
  detail(of('int', 'prod_cpu_cores', 'Processor cores', { default: 4, required: true, range: MACHINE })),
  detail(of('int', 'prod_disk_gb', 'Disk in GB', { default: 75, required: true, range: MACHINE })),
])

const rented = (prefix: string, type: string, image: string): Spec[] => [
  detail(
    of('str', `${prefix}_server_type`, 'Server type', { default: type, required: true, check: serverType }),
  ),
  detail(of('str', `${prefix}_location`, 'Location', { default: 'fsn1', required: true, check: serverType })),
  detail(of('str', `${prefix}_os_image`, 'Operating system image', { default: image, required: true })),
  of('ip', `${prefix}_ip`, 'Address', { check: ipAddress, help: 'Empty: known once it is provisioned.' }),
]

const preprod = themed({ theme: 'Preprod server', step: 'hosts', systems: ['vpai'] }, [
  detail(of('str', 'preprod_provider', 'Provider', { default: 'hetzner', required: true })),
  ...rented('preprod', 'cx23', 'debian-13'),
])

const appProd = themed({ theme: 'Application server', step: 'hosts', systems: ['vpai'] }, [
  detail(
    of('host', 'app_prod_hostname', 'Host name', { default: 'app-prod-01', required: true, check: hostName }),
  ),
  ...rented('app_prod', 'cx22', 'ubuntu-24.04'),
])

const workstation = themed({ theme: 'Workstation (Raspberry Pi)', step: 'hosts', systems: ['vpai'] }, [
  of('host', 'workstation_pi_hostname', 'Host name', {
    default: 'workstation-01',
    required: true,
    check: hostName,
  }),
  of('str', 'workstation_pi_user', 'Login', { check: loginName }),
  of('ip', 'workstation_pi_ip', 'Address at home', { default: '192.168.1.8', check: ipAddress }),
  of('ip', 'workstation_pi_tailscale_ip', 'Address in the VPN', {
    check: within('vpn_network_cidr'),
    help: 'Empty: learned when it joins.',
  }),
  detail(of('int', 'workstation_pi_ram_gb', 'Memory in GB', { default: 16, required: true, range: MACHINE })),
  detail(of('int', 'workstation_pi_disk_gb', 'Disk in GB', { default: 256, required: true, range: MACHINE })),
  key('workstation_pi_become_pass', 'Password of sudo there', { help: 'Empty when sudo asks for none.' }),
])

const hub = themed({ theme: 'VPN hub', step: 'hosts', systems: ['vpai'] }, [
  detail(of('str', 'vpn_provider', 'Provider', { default: 'ionos', required: true })),
  of('host', 'vpn_hostname', 'Host name', { default: 'vpn-hub-01', required: true, check: hostName }),
  of('ip', 'vpn_server_public_ip', 'Public address', { required: true, check: publicIp }),
  of('int', 'vpn_ssh_port', 'SSH port', { default: 22, required: true, range: PORT }),
  of('str', 'vpn_user', 'Login', { check: loginName, help: 'Empty: the same as in production.' }),
])

const access = themed({ theme: 'SSH access and hardening', step: 'access', systems: ['vpai'] }, [
  of('path', 'deploy_ssh_key_path', 'Private key to log in with', {
    default: '~/.ssh/vpai-deploy',
    required: true,
    check: absolutePath,
  }),
  of('list', 'ssh_authorized_keys', 'Public keys that may log in', {
    required: true,
    check: sshPublicKey,
    help: 'At least one, else nobody gets in after hardening.',
  }),
  detail(
    of('bool', 'hardening_ssh_force_open', 'Keep SSH open to the internet', {
      default: true,
      required: true,
      help: 'Until the VPN has proven itself.',
    }),
  ),
  of('list', 'hardening_trusted_ips', 'Addresses that are never banned', {
    default: hubAddress,
    check: cidrOrIp,
  }),
])

function hubAddress({ get }: Context): readonly string[] {
  const address = get('vpn_server_public_ip')
  return typeof address === 'string' && address !== ''
    ? [`${address}/${address.includes(':') ? 128 : 32}`]
    : []
}

export const hostVariables = [...prod, ...preprod, ...appProd, ...workstation, ...hub]
export const accessVariables = access
